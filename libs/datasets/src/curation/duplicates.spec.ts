import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { phashOf, pictureVariants } from '../../test/synthetic-pictures.js';
import { near, unitRows } from '../../test/synthetic-scenes.js';
import { exactDuplicates, NEAR_BITS, nearDuplicates, nearInTime, SAME_BITS } from './duplicates.js';
import { HammingIndex, hammingDistance, readHashes } from './perceptual-hashes.js';
import { seededRandom } from './random.js';
import { semanticDuplicates } from './semantic-duplicates.js';
import { toInt8, type Vectors } from './vectors.js';

/** Pairs of a row and its keeper against what it was made from. */
function judge(keepers: Int32Array, originals: readonly number[]): { recall: number; precision: number } {
  const dropped = [...keepers.entries()].filter(([row, keeper]) => row !== keeper);
  const right = dropped.filter(([row, keeper]) => originals[row] === originals[keeper]).length;
  return { recall: right / (originals.length - new Set(originals).size), precision: dropped.length === 0 ? 1 : right / dropped.length };
}

describe('exact duplicates', () => {
  it('are found all, by file and by picture, and the best is kept', () => {
    const pictures = Array.from({ length: 300 }, (_, index) => Buffer.from(`picture ${index % 200}`));
    const keys = pictures.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    const { keepers, kept } = exactDuplicates(keys);
    expect(judge(keepers, pictures.map((_, index) => index % 200))).toEqual({ recall: 1, precision: 1 });
    expect(kept.length).toBe(200);
    expect(Array.from(exactDuplicates(['a', null, 'a', null, 'b'], [1, 1, 5, 1, 1]).keepers)).toEqual([2, 1, 2, 3, 4]);
  });
});

describe('hashes', () => {
  it('are read, compared and refused', () => {
    const column = readHashes(['ffffffffffffffff', '0000000000000000', '8000000000000001']);
    expect([hammingDistance(column, 0, 1), hammingDistance(column, 1, 2), hammingDistance(column, 0, 2)]).toEqual([64, 2, 62]);
    expect(() => readHashes(['ffffffffffffffff', 'zz'])).toThrow(/row 1, got 'zz'/);
    expect(() => new HammingIndex(column, 16)).toThrow(/0 to 15/);
  });

  it.each([0, 1, 2, 4, 7, 15])('within %i bits are found as by comparing all', (radius) => {
    const random = seededRandom(radius);
    const column = Uint32Array.from({ length: 800 }, () => random() * 2 ** 32);
    for (let row = 200; row < 400; row += 1) {
      column.set(column.subarray((row - 200) * 2, (row - 200) * 2 + 2), row * 2);
      for (let flip = 0; flip < row % 18; flip += 1) {
        const bit = Math.floor(random() * 64);
        column[row * 2 + (bit >> 5)] = ((column[row * 2 + (bit >> 5)] as number) ^ (1 << (bit & 31))) >>> 0;
      }
    }
    const index = new HammingIndex(column, radius);
    for (let row = 0; row < 400; row += 1) index.add(row);
    for (let row = 0; row < 400; row += 1) {
      const all = [...new Int32Array(400).keys()].filter((other) => hammingDistance(column, row, other) <= radius);
      expect([...index.allNear(row)].sort((a, b) => a - b)).toEqual(all);
      expect(all).toContain(index.findNear(row));
    }
  });
});

describe('near duplicates (T-DUP)', () => {
  const { pictures, originals } = pictureVariants(1000, 11);
  const hashes = readHashes(pictures.map(phashOf));

  it('of re-encoded, resized, brighter, darker and next pictures are found', () => {
    const judged = [4, 6, 8, 10].map((radius) => ({ radius, ...judge(nearDuplicates(hashes, { radius }).keepers, originals) }));
    console.info(judged.map(({ radius, recall, precision }) => `within ${radius} bits: recall ${recall.toFixed(4)}, precision ${precision.toFixed(4)}`).join('; '));
    const { recall, precision } = judge(nearDuplicates(hashes, { radius: NEAR_BITS }).keepers, originals);
    expect(recall).toBeGreaterThanOrEqual(0.98);
    expect(precision).toBeGreaterThanOrEqual(0.99);
  });

  it('within the bits of a harvest are never of two scenes, and most copies are among them', () => {
    const { recall, precision } = judge(nearDuplicates(hashes, { radius: SAME_BITS }).keepers, originals);
    expect(precision).toBe(1);
    expect(recall).toBeGreaterThanOrEqual(0.9);
  });

  it('keep the best, and no two that stay are near', () => {
    const quality = originals.map((_, row) => row % 7);
    const { keepers, kept } = nearDuplicates(hashes, { radius: NEAR_BITS, quality });
    for (const [row, keeper] of keepers.entries()) expect(quality[keeper]).toBeGreaterThanOrEqual(quality[row] as number);
    const index = new HammingIndex(hashes, NEAR_BITS);
    for (const row of kept) {
      expect(index.findNear(row)).toBe(-1);
      index.add(row);
    }
  });

  it('of a camera are found among those just before, never in another camera', () => {
    const column = readHashes(['00000000000000ff', '00000000000000ff', '00000000000000fe', 'ffffffffffffffff', '00000000000000ff']);
    expect(Array.from(nearInTime(column, [0, 1, 0, 0, 0], [5, 1, 2, 3, 4], { radius: 2 }).keepers)).toEqual([2, 1, 2, 3, 2]);
    expect(Array.from(nearInTime(column, [0, 1, 0, 0, 0], [5, 1, 2, 3, 4], { radius: 2, window: 1 }).keepers)).toEqual([4, 1, 2, 3, 4]);
  });
});

describe('semantic duplicates', () => {
  const random = seededRandom(4);
  const scenes = unitRows(300, 64, random);
  const originals = Array.from({ length: 3000 }, (_, row) => row % 300);
  const rows = originals.map((scene) => near(scenes.data.subarray(scene * 64, scene * 64 + 64), 0.15, random));
  const vectors: Vectors = { data: Float32Array.from(rows.flat()), dims: 64 };

  it('are found as by comparing all with all, whatever the cells', () => {
    const cosine = (a: number, b: number) => rows[a]?.reduce((sum, value, at) => sum + value * (rows[b]?.[at] as number), 0) as number;
    const kept: number[] = [];
    for (let row = 0; row < 3000; row += 1) if (!kept.some((other) => cosine(row, other) >= 0.97)) kept.push(row);
    for (const cells of [1, 20, 55]) expect(Array.from(semanticDuplicates(vectors, { epsilon: 0.03, cells }).kept)).toEqual(kept);
  });

  it('are those that were made so, and the hardest is kept', () => {
    const worth = originals.map(() => random());
    const { keepers } = semanticDuplicates(vectors, { epsilon: 0.06, worth });
    const { recall, precision } = judge(keepers, originals);
    expect(recall).toBeGreaterThanOrEqual(0.98);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    for (const [row, keeper] of keepers.entries()) expect(worth[keeper]).toBeGreaterThanOrEqual(worth[row] as number);
    expect(judge(semanticDuplicates(toInt8(vectors), { epsilon: 0.06 }).keepers, originals).recall).toBeGreaterThanOrEqual(0.98);
    expect(semanticDuplicates({ data: new Float32Array(0), dims: 4 }, { epsilon: 0.1 }).kept.length).toBe(0);
  });
});
