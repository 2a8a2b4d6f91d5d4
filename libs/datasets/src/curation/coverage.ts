import { NearestChosen } from './nearest-chosen.js';
import { rowCount, type Vectors } from './vectors.js';

export interface Coverage {
  /** Farthest that any row is from what is chosen. */
  readonly radius: number;
  readonly p95: number;
  readonly mean: number;
}

/** How well some rows stand for all of them. Look at the radius and p95: the mean hides what is missing. */
export function coverageOf(vectors: Vectors, chosen: Iterable<number>): Coverage {
  const nearest = new NearestChosen(vectors, Int32Array.from(new Int32Array(rowCount(vectors)).keys()));
  for (const row of chosen) nearest.choose(row);
  const sorted = nearest.distances.toSorted();
  return { radius: sorted.at(-1) ?? 0, p95: sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0, mean: sorted.reduce((sum, distance) => sum + distance, 0) / Math.max(1, sorted.length) };
}
