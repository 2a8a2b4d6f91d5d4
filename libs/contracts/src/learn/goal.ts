import { z } from 'zod';

export const GOAL_LIGHTS = ['any', 'day', 'night'] as const;

/** What a project wants to find: it decides which samples are good ones. */
export const Goal = z.object({
  /** Of what is to be found; none: anything. */
  labels: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  /** Shorter side from which on an object shows what it is, pixels. */
  leastPixels: z.number().int().min(1).max(8192).default(32),
  /** The same as a part of the picture's shorter side, where that is more; null: pixels alone count. */
  leastShare: z.number().gt(0).max(1).nullable().default(null),
  /** Width by height of a whole one, and by which factor it may differ; null: any. */
  ratio: z.object({ value: z.number().min(0.01).max(100), tolerance: z.number().gt(1).max(100) }).nullable().default(null),
  /** By the brightness of the picture. */
  light: z.enum(GOAL_LIGHTS).default('any'),
});
export type Goal = z.infer<typeof Goal>;
