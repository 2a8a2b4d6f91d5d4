import { chooseDiverse } from './diverse.js';
import { distanceBetween, rowCount, type Vectors } from './vectors.js';

/** Vectors sorted into cells around centres (k-means), with what the triangle inequality needs. */
export interface SceneCells {
  readonly centres: Vectors;
  /** Cell of each row. */
  readonly cells: Int32Array;
}

const ROUNDS = 4;
/** Centres are found with so many rows: more make them no better. */
const SAMPLE = 20_000;

/** k-means by Lloyd, begun with the farthest points, so that nothing is left to chance. */
export function sceneCells(vectors: Vectors, count: number): SceneCells {
  const n = rowCount(vectors);
  const step = Math.max(1, Math.ceil(n / SAMPLE));
  const sample = Int32Array.from({ length: Math.ceil(n / step) }, (_, index) => index * step);
  let centres = rowsOf(vectors, chooseDiverse(vectors, { count, candidates: sample }).rows);
  for (let round = 0; round < ROUNDS; round += 1) centres = meansOf(vectors, sample, nearestCentres(vectors, sample, centres), centres);
  return { centres, cells: nearestCentres(vectors, Int32Array.from(new Int32Array(n).keys()), centres) };
}

const emptyLike = ({ data }: Vectors, length: number): Float32Array | Int8Array => (data instanceof Int8Array ? new Int8Array(length) : new Float32Array(length));

function rowsOf(vectors: Vectors, rows: Int32Array): Vectors {
  const { dims, data } = vectors;
  const picked = emptyLike(vectors, rows.length * dims);
  for (const [at, row] of rows.entries()) picked.set(data.subarray(row * dims, (row + 1) * dims), at * dims);
  return { data: picked, dims };
}

function nearestCentres(vectors: Vectors, rows: Int32Array, centres: Vectors): Int32Array {
  const between = distanceBetween(vectors, centres);
  return rows.map((row) => {
    let [best, least] = [0, Infinity];
    for (let centre = 0; centre < rowCount(centres); centre += 1) {
      const squared = between(row, centre, least);
      if (squared < least) [best, least] = [centre, squared];
    }
    return best;
  });
}

function meansOf(vectors: Vectors, rows: Int32Array, cells: Int32Array, before: Vectors): Vectors {
  const { dims, data } = vectors;
  const sums = new Float64Array(before.data.length);
  const counts = new Uint32Array(rowCount(before));
  for (const [index, row] of rows.entries()) {
    const cell = cells[index] as number;
    counts[cell] = (counts[cell] as number) + 1;
    for (let at = 0; at < dims; at += 1) sums[cell * dims + at] = (sums[cell * dims + at] as number) + (data[row * dims + at] as number);
  }
  const means = emptyLike(before, sums.length);
  for (let at = 0; at < sums.length; at += 1) {
    const count = counts[Math.floor(at / dims)] as number;
    const value = count === 0 ? (before.data[at] as number) : (sums[at] as number) / count;
    means[at] = means instanceof Int8Array ? Math.round(value) : value;
  }
  return { data: means, dims };
}
