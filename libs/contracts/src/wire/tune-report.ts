import { z } from 'zod';
import { ModelId } from '../ids.js';
import { DeviceId, ModelTuning } from '../live/tuning.js';

/** How sessions of a model are arranged on a device. */
export const TuneConfiguration = ModelTuning.omit({ model: true, device: true });
export type TuneConfiguration = z.infer<typeof TuneConfiguration>;

/** The highest rate of arrivals at which a configuration kept the target, and its 95th percentile there; null: at none. */
export const TuneFigures = TuneConfiguration.extend({ picturesPerSecond: z.number().positive().nullable(), latencyMsP95: z.number().positive().nullable() });
export type TuneFigures = z.infer<typeof TuneFigures>;

/**
 * better: `best` beat the engine's own choice in the median of paired rounds by more than the margin; defaults-are-best: nothing did;
 * target-missed: no configuration keeps the target at any rate; unfinished: time was over, or it was stopped, before enough rounds.
 */
export const TUNE_VERDICTS = ['better', 'defaults-are-best', 'target-missed', 'unfinished'] as const;

export const TuneResult = z.object({
  model: ModelId,
  version: z.string(),
  device: DeviceId,
  verdict: z.enum(TUNE_VERDICTS),
  defaults: TuneFigures,
  best: TuneFigures,
  /** Rate of `best` over that of `defaults`, median of the rounds; null where the defaults have no rate. */
  overDefault: z.number().positive().nullable(),
  /** Paired rounds behind it. */
  rounds: z.number().int().nonnegative(),
  /** Lowest 95th percentile of all that was measured; null: nothing was. */
  lowestLatencyMsP95: z.number().positive().nullable(),
  at: z.iso.datetime(),
});
export type TuneResult = z.infer<typeof TuneResult>;

/** What `argus tune` writes. */
export const TuneReport = z.object({
  version: z.literal(1),
  at: z.iso.datetime(),
  cores: z.number().int().positive(),
  /** Share of all cores that others used before it began, 0..1: with much of it the figures are those of what was left. */
  busyBefore: z.number(),
  targetMs: z.number().positive(),
  seconds: z.number(),
  /** Stopped by hand. */
  stopped: z.boolean(),
  results: z.array(TuneResult),
  /** What could not be measured at all, and why. */
  problems: z.array(z.object({ model: ModelId, device: DeviceId, message: z.string() })),
});
export type TuneReport = z.infer<typeof TuneReport>;
