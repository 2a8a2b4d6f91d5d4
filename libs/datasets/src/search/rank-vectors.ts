import { closeSync, openSync, readSync } from 'node:fs';
import { BestRows, type ScoredRow } from './best-rows.js';
import { openDotKernel, STEP, type DotKernel } from './dot-kernel.js';
import { DIGEST_BYTES, strideOf } from './vector-rows.js';

export interface RankOrder {
  /** A file of rows, see `packRows`; only the first `rows` count. */
  readonly path: string;
  readonly dims: number;
  readonly rows: number;
  readonly query: Float32Array;
  /** So many of the best. */
  readonly count: number;
  /** Only what comes behind it in the order. */
  readonly after: ScoredRow | null;
  /** Digests (32 bytes each) that alone count; null: all. */
  readonly among: Uint8Array | null;
}

export interface RankedVector extends ScoredRow {
  readonly sha256: string;
}

/** Read and compared at once: it stays in the cache of a core's neighbours, and the process stays small however large the file is. */
const BLOCK_BYTES = 2 ** 20;
/** What 1.0 of the query's largest number is: four sums of 2048 / 4 products with 127 stay below 2^31. */
const QUERY_ONE = 8191;
export const MOST_DIMS = 2048;

let kernel: DotKernel | null = null;

/**
 * The vectors of a file that are most like another, best first. Each is looked at: a million of 512 numbers, from the system's cache, take 0.04 s. Blocks the thread
 * that it is called on.
 */
export function rankVectors({ path, dims, rows, query, count, after, among }: RankOrder): RankedVector[] {
  if (query.length !== dims || dims > MOST_DIMS) throw new RangeError(`expected a vector of ${dims} numbers, ${MOST_DIMS} at most, got ${query.length}`);
  const stride = strideOf(dims);
  const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / stride));
  const room = { query: perBlock * stride, out: perBlock * stride + 2 * MOST_DIMS };
  const { memory, dots } = (kernel ??= openDotKernel(BLOCK_BYTES + strideOf(MOST_DIMS) + 2 * MOST_DIMS + 4 * (BLOCK_BYTES / STEP)));
  const block = Buffer.from(memory.buffer, 0, perBlock * stride);
  const scores = new Float32Array(memory.buffer, room.out, perBlock);
  const step = putQuery(new Int16Array(memory.buffer, room.query, MOST_DIMS), query);
  const allowed = among === null ? null : new DigestSet(among);
  const best = new BestRows(Math.min(count, rows), after);
  const file = openSync(path, 'r');
  try {
    for (let first = 0; first < rows; first += perBlock) {
      const here = readRows(file, block, first * stride, Math.min(perBlock, rows - first) * stride) / stride;
      dots(0, here, stride, room.query, stride - strideOf(0), room.out);
      for (let at = 0; at < here; at += 1) {
        const score = (scores[at] as number) * step;
        if (score >= best.least && (allowed === null || allowed.has(block, at * stride))) best.offer(first + at, score);
      }
      if (here < Math.min(perBlock, rows - first)) break;
    }
    return withDigests(file, stride, best.sorted());
  } finally {
    closeSync(file);
  }
}

/** Answers what a step of it is. */
function putQuery(place: Int16Array, query: Float32Array): number {
  const largest = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  place.fill(0);
  if (largest === 0 || !Number.isFinite(largest)) return 0;
  for (const [at, value] of query.entries()) place[at] = Math.round((value / largest) * QUERY_ONE);
  return largest / QUERY_ONE;
}

/** Whole rows only: what is just being written may end within one. */
function readRows(file: number, into: Uint8Array, position: number, length: number): number {
  let got = 0;
  while (got < length) {
    const some = readSync(file, into, got, length - got, position + got);
    if (some === 0) break;
    got += some;
  }
  return got === length ? got : 0;
}

function withDigests(file: number, stride: number, best: readonly ScoredRow[]): RankedVector[] {
  const digest = Buffer.alloc(DIGEST_BYTES);
  return best.map(({ row, score }) => {
    readSync(file, digest, 0, DIGEST_BYTES, row * stride);
    return { sha256: digest.toString('hex'), row, score };
  });
}

/** Where each lies, by its first six bytes; those that share them with another (hardly ever any) are looked through. */
class DigestSet {
  readonly #digests: Buffer;
  readonly #places = new Map<number, number>();
  readonly #others: number[] = [];

  constructor(digests: Uint8Array) {
    this.#digests = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    for (let at = 0; at + DIGEST_BYTES <= this.#digests.length; at += DIGEST_BYTES) {
      const key = this.#digests.readUIntBE(at, 6);
      if (this.#places.has(key)) this.#others.push(at);
      else this.#places.set(key, at);
    }
  }

  has(block: Buffer, at: number): boolean {
    const place = this.#places.get(block.readUIntBE(at, 6));
    if (place === undefined) return false;
    const is = (other: number): boolean => this.#digests.compare(block, at, at + DIGEST_BYTES, other, other + DIGEST_BYTES) === 0;
    return is(place) || this.#others.some(is);
  }
}
