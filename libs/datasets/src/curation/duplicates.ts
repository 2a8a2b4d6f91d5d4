import { HammingIndex, hammingDistance, type HashColumn } from './perceptual-hashes.js';

/** In how many bits of a perceptual hash copies of a picture differ at most: encoded again, resized, somewhat lighter, a moment later. */
export const NEAR_BITS = 8;
/**
 * In how many bits a picture differs at most from one that shows the same moment of the same scene. Harvests leave out what is within these, for good: a picture that was never taken cannot be taken back, and its
 * footage may be gone. So they pay with repeats (recall 0.946 of made copies) for never losing a scene. Jobs on sets look within NEAR_BITS (0.994): what they take out can be had back.
 */
export const SAME_BITS = 4;

/** What is kept of rows that repeat each other. */
export interface Kept {
  /** For each row the one that stands for it: itself where it is kept. */
  readonly keepers: Int32Array;
  /** Rows that are kept, rising. */
  readonly kept: Int32Array;
}

/** Rows in the order in which they are considered: the best first. Equal ones stay in the order of rows. */
export function bestFirst(count: number, quality?: ArrayLike<number>): Int32Array {
  const rows = Int32Array.from(new Int32Array(count).keys());
  return quality ? rows.sort((a, b) => (quality[b] ?? 0) - (quality[a] ?? 0) || a - b) : rows;
}

export function keptOf(keepers: Int32Array): Kept {
  return { keepers, kept: keepers.filter((keeper, row) => keeper === row) };
}

/**
 * Rows with the same key: the digest of the encoded bytes, or of the decoded picture (which also finds copies that were packed anew). Rows without a key
 * (null) repeat nothing. Of each kind the best is kept.
 */
export function exactDuplicates(keys: readonly (string | null)[], quality?: ArrayLike<number>): Kept {
  const first = new Map<string, number>();
  const keepers = new Int32Array(keys.length);
  for (const row of bestFirst(keys.length, quality)) {
    const key = keys[row] ?? null;
    const keeper = key === null ? row : (first.get(key) ?? row);
    if (key !== null) first.set(key, keeper);
    keepers[row] = keeper;
  }
  return keptOf(keepers);
}

/**
 * Rows whose perceptual hashes differ in at most `radius` bits (default NEAR_BITS), wherever they are from. The best are kept first, and a row goes when a kept one is near:
 * so whatever goes is near its keeper, and no two that stay are near each other. (Chains would do neither.)
 */
export function nearDuplicates(hashes: HashColumn, options: { readonly radius?: number; readonly quality?: ArrayLike<number> } = {}): Kept {
  const index = new HammingIndex(hashes, options.radius ?? NEAR_BITS);
  const keepers = new Int32Array(hashes.length / 2);
  for (const row of bestFirst(keepers.length, options.quality)) {
    const keeper = index.findNear(row);
    keepers[row] = keeper < 0 ? row : keeper;
    if (keeper < 0) index.add(row);
  }
  return keptOf(keepers);
}

export interface InTimeOptions {
  readonly radius: number;
  /** With how many kept pictures of the same camera, before it in time, a picture is compared. Default 16. */
  readonly window?: number;
}

/** The same within each group (camera) in the order of time, for footage: a picture goes when it is near one of the last kept ones. Times may be any rising number. */
export function nearInTime(hashes: HashColumn, groups: ArrayLike<number>, times: ArrayLike<number>, { radius, window = 16 }: InTimeOptions): Kept {
  const keepers = new Int32Array(hashes.length / 2);
  const recent = new Map<number, number[]>();
  const order = Int32Array.from(keepers.keys()).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  for (const row of order) {
    const last = recent.get(groups[row] as number) ?? [];
    const keeper = last.findLast((other) => hammingDistance(hashes, row, other) <= radius);
    keepers[row] = keeper ?? row;
    if (keeper === undefined) recent.set(groups[row] as number, [...last, row].slice(-window));
  }
  return keptOf(keepers);
}
