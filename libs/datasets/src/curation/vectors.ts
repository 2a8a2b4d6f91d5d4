/**
 * Embeddings as a column: `dims` numbers a row, one row behind the other; which sample a row belongs to is the caller's. Rows are of length 1. Int8 holds
 * 127 times the value: a quarter of the memory (a million rows of 512: 512 MB), distances right to about 0.01.
 */
export interface Vectors {
  readonly data: Float32Array | Int8Array;
  readonly dims: number;
}

/** What 1.0 is in an Int8Array. */
const INT8_ONE = 127;
/** After so many numbers a sum that is already too large is given up. */
const BLOCK = 64;
/** Of Int8 rows: sums of squares stay within 31 bits. */
const LONGEST = 32_768;

export const rowCount = ({ data, dims }: Vectors): number => data.length / dims;

/** Throws RangeError where the array is not a whole number of rows. */
export function requireVectors({ data, dims }: Vectors): void {
  if (!Number.isInteger(dims) || dims < 1 || dims > LONGEST || data.length % dims !== 0) throw new RangeError(`expected rows of ${dims} numbers, got an array of ${data.length}`);
}

/** Rows of length 1 as Int8. */
export function toInt8({ data, dims }: Vectors): Vectors {
  if (data instanceof Int8Array) return { data, dims };
  return { data: Int8Array.from(data, (value) => Math.round(Math.min(1, Math.max(-1, value)) * INT8_ONE)), dims };
}

/** Squared distances between rows of `a` and of `b`, which hold the same type of numbers. A result above `most` only says that it is above. */
export type SquaredDistance = (a: number, b: number, most: number) => number;

/** One function for each type of array: a loop that sees two types is five times as slow. */
export function distanceBetween(a: Vectors, b: Vectors = a): SquaredDistance {
  if (a.dims !== b.dims) throw new RangeError(`expected vectors of the same length, got ${a.dims} and ${b.dims}`);
  if (a.data instanceof Int8Array && b.data instanceof Int8Array) return ofInt8(a.data, b.data, a.dims);
  if (a.data instanceof Float32Array && b.data instanceof Float32Array) return ofFloat(a.data, b.data, a.dims);
  throw new RangeError('expected vectors of the same type, got Float32 and Int8');
}

function ofInt8(a: Int8Array, b: Int8Array, dims: number): SquaredDistance {
  const scale = 1 / (INT8_ONE * INT8_ONE);
  return (i, j, most) => {
    const limit = most / scale;
    let atA = i * dims;
    let atB = j * dims;
    let sum = 0;
    const end = atA + dims;
    while (atA < end && sum <= limit) {
      const stop = Math.min(end, atA + BLOCK);
      // Four at a time: the additions do not wait for each other.
      for (; atA + 3 < stop; atA += 4, atB += 4) {
        const d0 = (a[atA] as number) - (b[atB] as number);
        const d1 = (a[atA + 1] as number) - (b[atB + 1] as number);
        const d2 = (a[atA + 2] as number) - (b[atB + 2] as number);
        const d3 = (a[atA + 3] as number) - (b[atB + 3] as number);
        sum = (sum + ((Math.imul(d0, d0) + Math.imul(d1, d1)) | 0) + ((Math.imul(d2, d2) + Math.imul(d3, d3)) | 0)) | 0;
      }
      for (; atA < stop; atA += 1, atB += 1) sum += ((a[atA] as number) - (b[atB] as number)) ** 2;
    }
    return sum * scale;
  };
}

function ofFloat(a: Float32Array, b: Float32Array, dims: number): SquaredDistance {
  return (i, j, most) => {
    let atA = i * dims;
    let atB = j * dims;
    let sum = 0;
    const end = atA + dims;
    while (atA < end && sum <= most) {
      const stop = Math.min(end, atA + BLOCK);
      for (; atA + 3 < stop; atA += 4, atB += 4) {
        const d0 = (a[atA] as number) - (b[atB] as number);
        const d1 = (a[atA + 1] as number) - (b[atB + 1] as number);
        const d2 = (a[atA + 2] as number) - (b[atB + 2] as number);
        const d3 = (a[atA + 3] as number) - (b[atB + 3] as number);
        sum += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
      }
      for (; atA < stop; atA += 1, atB += 1) sum += ((a[atA] as number) - (b[atB] as number)) ** 2;
    }
    return sum;
  };
}

/** Row whose distance to the mean of these rows is least: where to begin when nothing else says. */
export function mostCentral(vectors: Vectors, rows: Int32Array): number {
  const { data, dims } = vectors;
  const mean = new Float64Array(dims);
  for (const row of rows) for (let at = 0; at < dims; at += 1) mean[at] = (mean[at] as number) + (data[row * dims + at] as number) / rows.length;
  let [best, least] = [rows[0] ?? -1, Infinity];
  for (const row of rows) {
    let sum = 0;
    for (let at = 0; at < dims; at += 1) sum += ((data[row * dims + at] as number) - (mean[at] as number)) ** 2;
    if (sum < least) [best, least] = [row, sum];
  }
  return best;
}

/** Distance of two rows of length 1 whose cosine is this. */
export const distanceOfCosine = (cosine: number): number => Math.sqrt(Math.max(0, 2 - 2 * cosine));
