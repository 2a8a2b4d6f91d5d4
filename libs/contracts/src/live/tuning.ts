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
});
export type TuningProfile = z.infer<typeof TuningProfile>;

/** The stored profile, and what in it has no effect on this machine as it is now. */
export const SavedTuning = TuningProfile.extend({ updatedAt: z.iso.datetime(), warnings: z.array(Warning) });
export type SavedTuning = z.infer<typeof SavedTuning>;
