import { z } from 'zod';
import { CameraId, ModelId, PipelineId } from '../ids.js';
import { Warning } from '../warning.js';

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

/**
 * What waits for the detector. freshest: one frame, the newest (a burst after a pause of the network may wait 300 ms); fifo: up to `depth` frames in order; every-frame: nothing is dropped
 * and the reader waits, for files only (a live camera does not wait: it is served as fifo).
 */
export const FLOW_POLICIES = ['freshest', 'fifo', 'every-frame'] as const;
export const FlowSettings = z.object({
  policy: z.enum(FLOW_POLICIES).default('freshest'),
  depth: z.number().int().min(1).max(32).default(4),
  /** A frame older than this, counted from the arrival of its packet, is not analysed, and a result older than this is not delivered. */
  stalenessMs: z.number().int().min(50).max(60_000).default(1000).meta({ title: 'Oldest result', description: 'Milliseconds from the arrival of a picture; later results are dropped and counted' }),
});
export type FlowSettings = z.infer<typeof FlowSettings>;

/** Large pictures, small objects: the detector sees overlapping tiles (and the whole picture) and the answers are merged. */
export const TilingSettings = z.object({
  columns: z.number().int().min(1).max(8).default(3),
  rows: z.number().int().min(1).max(8).default(2),
  /** Share of a tile that it has in common with its neighbour; at least the largest small object. */
  overlap: z.number().min(0).max(0.5).default(0.2),
  /** Also look at the whole picture, for objects larger than a tile. */
  wholePicture: z.boolean().default(true),
});
export type TilingSettings = z.infer<typeof TilingSettings>;

/** Another detector on trial. */
export const RolloutSettings = z.object({
  candidate: ModelId,
  /** Share of the analysed frames that the candidate sees as well; its answers are compared and go nowhere else. */
  shadowShare: z.number().min(0).max(1).default(0.1),
  /** Cameras that are served by the candidate already. */
  canaryCameraIds: z.array(CameraId).max(500).default([]),
});
export type RolloutSettings = z.infer<typeof RolloutSettings>;

export const PipelineSettings = z.object({
  name: z.string().trim().min(1).max(120),
  detector: ModelId,
  /** Lowest score of a detection that starts a track; null: the package's default. */
  minScore: z.number().min(0.01).max(1).nullable().default(null),
  analysisFps: z.number().min(0.1).max(60).default(5),
  gate: MotionGateSettings.prefault({}),
  routes: z.array(Route).max(16).default([]),
  flow: FlowSettings.prefault({}),
  tiling: TilingSettings.nullable().default(null),
  rollout: RolloutSettings.nullable().default(null),
});
export type PipelineSettings = z.infer<typeof PipelineSettings>;

export const Pipeline = PipelineSettings.extend({
  id: PipelineId,
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Pipeline = z.infer<typeof Pipeline>;

/** A pipeline as people see it: what it can be rolled back to, and what will not work or not be found any more. */
export const PipelineView = Pipeline.extend({ previousDetector: ModelId.nullable(), warnings: z.array(Warning) });
export type PipelineView = z.infer<typeof PipelineView>;
