import { z } from 'zod';
import { ModelId } from '../ids.js';
import { Warning } from '../warning.js';
import { PRIORITIES } from './camera.js';
import { TimeOfDay } from './rule.js';

/** A compute device of the engine's machine: `cpu`, `cuda:0`, `webgpu:0`, … */
export const DeviceId = z.string().regex(/^[a-z]+(:\d{1,2})?$/, 'expected a device like cpu or cuda:0').brand<'DeviceId'>();
export type DeviceId = z.infer<typeof DeviceId>;

/** How one model runs on one device. */
export const ModelTuning = z.object({
  model: ModelId,
  device: DeviceId,
  /** Sessions side by side, each with so many threads. */
  replicas: z.number().int().min(1).max(64),
  threads: z.number().int().min(1).max(64).default(1),
  /** Pictures in one run at most, and how long a run may wait to be filled. */
  batch: z.number().int().min(1).max(64).default(1),
  waitMs: z.number().min(0).max(1000).default(0),
});
export type ModelTuning = z.infer<typeof ModelTuning>;

/** What `argus tune` found: the best of what it measured for one version of a model on one device. */
export const MeasuredTuning = ModelTuning.extend({
  version: z.string().min(1).max(60),
  /** 95th percentile of queue and run together that had to be kept, milliseconds. */
  targetMs: z.number().positive(),
  /** Highest rate of arrivals at which it was kept, and the percentile at that rate. */
  picturesPerSecond: z.number().positive(),
  latencyMsP95: z.number().positive(),
  /** Rate over that of what the engine chooses by itself; null: its own choice does not keep the target at any rate. */
  overDefault: z.number().positive().nullable(),
  at: z.iso.datetime(),
});
export type MeasuredTuning = z.infer<typeof MeasuredTuning>;

/** Analysed pictures per second at most, by class; null: as the pipelines say. */
export const TargetFps = z.object(Object.fromEntries(PRIORITIES.map((priority) => [priority, z.number().min(0.1).max(60).nullable().default(null)])) as Record<(typeof PRIORITIES)[number], z.ZodDefault<z.ZodNullable<z.ZodNumber>>>);
export type TargetFps = z.infer<typeof TargetFps>;

/** The machine's own profile: what an operator pins, and what `argus tune` found. Everything not named is chosen by the engine. */
export const TuningProfile = z.object({
  models: z.array(ModelTuning).max(64).default([]),
  /** Devices that the engine leaves to training. */
  reserved: z.array(DeviceId).max(16).default([]),
  targetFps: TargetFps.prefault({}),
  /** Other rates at certain hours; the first entry that fits counts. Over midnight when `to` is before `from`. */
  hours: z.array(z.object({ from: TimeOfDay, to: TimeOfDay, targetFps: TargetFps })).max(24).default([]),
  timeZone: z.string().min(1).max(60).default('UTC'),
  /** A record beside the pins: it says what was measured, also where the engine's own choice is the best. One for each model and device. */
  measured: z.array(MeasuredTuning).max(64).optional(),
});
export type TuningProfile = z.infer<typeof TuningProfile>;

/** The stored profile, and what in it has no effect on this machine as it is now. */
export const SavedTuning = TuningProfile.extend({ updatedAt: z.iso.datetime(), warnings: z.array(Warning) });
export type SavedTuning = z.infer<typeof SavedTuning>;
