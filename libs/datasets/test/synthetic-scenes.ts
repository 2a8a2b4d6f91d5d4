import { seededRandom } from '../src/curation/random.js';
import type { Vectors } from '../src/curation/vectors.js';

/** Normal numbers by Box and Muller. */
export const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const unit = (row: readonly number[]): number[] => {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
};

/** Rows of length 1 in random directions. */
export function unitRows(count: number, dims: number, random: () => number): Vectors {
  return { data: Float32Array.from(Array.from({ length: count }, () => unit(Array.from({ length: dims }, () => normal(random)))).flat()), dims };
}

/** A row of length 1 near another one. */
export const near = (row: ArrayLike<number>, spread: number, random: () => number): number[] => unit(Array.from(row, (value) => value + (spread * normal(random)) / Math.sqrt(row.length)));

/** Sixty cameras, of which some have a thousand times as many pictures as others, and each of which sees a few kinds of light. */
export function manyCameras(seed: number): { readonly vectors: Vectors; readonly cameras: Int32Array; readonly count: number } {
  const random = seededRandom(seed);
  const dims = 32;
  const rows: number[][] = [];
  const cameras: number[] = [];
  const bases = unitRows(60, dims, random);
  for (let camera = 0; camera < 60; camera += 1) {
    const pictures = Math.max(2, Math.round(1800 / (camera + 1)));
    const lights = Array.from({ length: 2 }, () => near(bases.data.subarray(camera * dims, (camera + 1) * dims), 0.25, random));
    for (let picture = 0; picture < pictures; picture += 1) {
      rows.push(near(lights[Math.floor(random() * lights.length)] as number[], 0.2, random));
      cameras.push(camera);
    }
  }
  return { vectors: { data: Float32Array.from(rows.flat()), dims }, cameras: Int32Array.from(cameras), count: rows.length };
}
