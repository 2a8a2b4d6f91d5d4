import { z } from 'zod';
import { ModelId, PipelineId } from '../ids.js';

/** Sends detections of some labels to one second-stage model. The route table is the guide's two-level flow, edited as data. */
export const Route = z.object({
  labels: z.array(z.string().min(1)).min(1).max(200).meta({ title: 'Labels', description: 'Detector labels that go to this model' }),
  model: ModelId.meta({ title: 'Second-stage model' }),
  /** Attribute name written on the object, e.g. `posture`. */
  attribute: z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}$/).meta({ title: 'Attribute' }),
  cropMargin: z.number().min(0).max(1).default(0.15).meta({ title: 'Crop margin', description: 'Share of the box added on every side; more surroundings, fewer pixels on the object' }),
  minWidth: z.number().min(1).default(16).meta({ title: 'Smallest width', description: 'Source pixels; smaller objects are not classified' }),
  minHeight: z.number().min(1).default(32).meta({ title: 'Smallest height', description: 'Source pixels' }),
  /** The vote is settled when the leader has this share of the weight … */
  settleShare: z.number().min(0.5).max(1).default(0.8),
  /** … after at least this many votes. */
  settleVotes: z.number().int().min(1).max(50).default(5),
  /** Votes at most per track before it is settled anyway. */
  maxVotes: z.number().int().min(1).max(200).default(15),
  /** A settled attribute is looked at again after this many seconds; null: never. Posture changes, a helmet colour does not. */
  refreshSeconds: z.number().min(0.2).max(3600).nullable().default(null),
});
export type Route = z.infer<typeof Route>;

export const MotionGateSettings = z.object({
  enabled: z.boolean().default(true),
  /** Share of changed luma pixels (of the low-resolution picture) from which a scene counts as moving. */
  threshold: z.number().min(0).max(1).default(0.0008),
  /** Still scenes are looked at once per this many seconds all the same. */
  stillIntervalSeconds: z.number().min(0.2).max(600).default(5),
  /** After motion ends, analysis goes on for this long. */
  holdSeconds: z.number().min(0).max(60).default(2),
});
export type MotionGateSettings = z.infer<typeof MotionGateSettings>;

export const PipelineSettings = z.object({
  name: z.string().trim().min(1).max(120),
  detector: ModelId,
  /** Lowest score of a detection that starts a track; null: the package's default. */
  minScore: z.number().min(0.01).max(1).nullable().default(null),
  analysisFps: z.number().min(0.1).max(60).default(5),
  gate: MotionGateSettings.prefault({}),
  routes: z.array(Route).max(16).default([]),
});
export type PipelineSettings = z.infer<typeof PipelineSettings>;

export const Pipeline = PipelineSettings.extend({
  id: PipelineId,
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Pipeline = z.infer<typeof Pipeline>;
