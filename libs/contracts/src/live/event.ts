import { z } from 'zod';
import { BoxNormalized } from '../geometry.js';
import { CameraId, EventId, ModelId, RuleId, TrackId } from '../ids.js';
import { Attributes } from './attribute.js';
import { PathPoint } from './track.js';

export const EVENT_STATES = ['provisional', 'confirmed', 'ended'] as const;
export const EventState = z.enum(EVENT_STATES);
export type EventState = z.infer<typeof EventState>;

export const EVENT_KINDS = ['zone', 'line', 'dwell', 'count', 'attribute'] as const;

export const ModelVersion = z.object({ id: ModelId, version: z.string() });
export type ModelVersion = z.infer<typeof ModelVersion>;

/**
 * Something that a rule saw. Life: provisional -> confirmed -> ended, each a new revision of the same id.
 * An event that ends before it is confirmed is confirmed first: consumers of `confirmed` miss nothing.
 */
export const Event = z.object({
  id: EventId,
  /** Starts at 1, grows by one per change; a lower revision never replaces a higher one. */
  revision: z.number().int().positive(),
  state: EventState,
  kind: z.enum(EVENT_KINDS),
  cameraId: CameraId,
  cameraName: z.string(),
  ruleId: RuleId,
  ruleName: z.string(),
  /** null for counts: they are about many objects. */
  trackId: TrackId.nullable(),
  label: z.string().nullable(),
  score: z.number().min(0).max(1),
  /** Objects counted, for counts; else null. */
  count: z.number().int().nullable(),
  /** e.g. `enter`, `left-to-right`, `over`. */
  detail: z.string().nullable(),
  zone: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** When it was confirmed, and how: second stage in, its deadline passed, or none was needed. */
  confirmedAt: z.iso.datetime().nullable(),
  confirmation: z.enum(['classified', 'deadline', 'not-required']).nullable(),
  endedAt: z.iso.datetime().nullable(),
  endReason: z.enum(['left', 'condition-over', 'rule-changed', 'camera-lost', 'engine-restarted']).nullable(),
  /** Media time of the trigger, microseconds: names the exact frame in a recording or in the live stream. */
  ptsUs: z.number().int(),
  /** The object at the best picture so far. */
  box: BoxNormalized.nullable(),
  attributes: Attributes,
  path: z.array(PathPoint).max(512),
  models: z.object({ detector: ModelVersion, classifiers: z.array(ModelVersion) }),
  /** Blob keys; null until the picture is stored. */
  snapshotKey: z.string().nullable(),
  thumbnailKey: z.string().nullable(),
});
export type Event = z.infer<typeof Event>;

/** An event as the API shows it: with what people did to it. */
export const EventView = Event.extend({
  acknowledgedAt: z.iso.datetime().nullable(),
  acknowledgedBy: z.string().nullable(),
});
export type EventView = z.infer<typeof EventView>;
