import { z } from 'zod';
import { ModelId } from '../ids.js';

/** What the second stage says of one object, e.g. posture = upright. Voted over the track, not of one picture. */
export const Attribute = z.object({
  label: z.string(),
  /** Share of the quality-weighted votes, 0..1. */
  score: z.number().min(0).max(1),
  /** Runners-up, best first, the winner excluded. */
  candidates: z.array(z.object({ label: z.string(), score: z.number() })).default([]),
  model: z.object({ id: ModelId, version: z.string() }),
  /** True when the vote is final and the second stage no longer runs for it. */
  settled: z.boolean(),
});
export type Attribute = z.infer<typeof Attribute>;

/** Attributes by name, e.g. `{ posture: … }`. */
export const Attributes = z.record(z.string(), Attribute);
export type Attributes = z.infer<typeof Attributes>;
