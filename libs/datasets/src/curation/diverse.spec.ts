import { describe, expect, it } from 'vitest';
import { manyCameras, unitRows } from '../../test/synthetic-scenes.js';
import { coverageOf } from './coverage.js';
import { chooseDiverse } from './diverse.js';
import { DEFAULT_WEIGHTS, trustOf } from './objectives.js';
import { seededRandom } from './random.js';
import { distanceBetween, requireVectors, rowCount, toInt8, type Vectors } from './vectors.js';

const stride = (rows: number, count: number) => Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));

/** The smallest radius that `count` of the rows can have, by trying all. */
function optimalRadius(vectors: Vectors, count: number): number {
  const n = rowCount(vectors);
  const between = distanceBetween(vectors);
  const distances = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => Math.sqrt(between(i, j, Infinity))));
  let best = Infinity;
  const visit = (from: number, left: number, nearest: readonly number[]) => {
    if (left === 0) best = Math.min(best, Math.max(...nearest));
    else for (let row = from; row <= n - left; row += 1) visit(row + 1, left - 1, nearest.map((distance, index) => Math.min(distance, distances[index]?.[row] as number)));
  };
  visit(0, count, Array.from({ length: n }, () => Infinity));
  return best;
}

describe('choosing what differs', () => {
  it.each([1, 2, 3])('covers many cameras better than an even stride and than chance (seed %i)', { timeout: 30_000 }, (seed) => {
    const { vectors, cameras, count } = manyCameras(seed);
    const random = seededRandom(seed + 100);
    const ours = chooseDiverse(vectors, { count: 120, groups: cameras });
    expect(ours.rows.length).toBe(120);
    const [chosen, even, chance] = [ours.rows, stride(count, 120), Array.from({ length: 120 }, () => Math.floor(random() * count))].map((rows) => coverageOf(vectors, rows));
    expect(chosen?.radius).toBeCloseTo(ours.radius, 5);
    for (const other of [even, chance]) {
      expect(chosen?.radius).toBeLessThanOrEqual(0.5 * (other?.radius as number));
      expect(chosen?.p95).toBeLessThanOrEqual(0.7 * (other?.p95 as number));
    }
    expect(new Set(Array.from(ours.rows, (row) => cameras[row])).size).toBe(60);
    // The same with a quarter of the memory, and when every camera is thinned first.
    expect(coverageOf(vectors, chooseDiverse(toInt8(vectors), { count: 120, groups: cameras }).rows).radius).toBeLessThanOrEqual(1.1 * (chosen?.radius as number));
    const thinned = chooseDiverse(vectors, { count: 120, groups: cameras, perGroup: 40 });
    expect(coverageOf(vectors, thinned.rows).radius).toBeLessThanOrEqual(thinned.radius + 1e-6);
    expect(coverageOf(vectors, thinned.rows).radius).toBeLessThanOrEqual(0.5 * (even?.radius as number));
  });

  it('is within twice the best possible radius', () => {
    for (let trial = 0; trial < 60; trial += 1) {
      const random = seededRandom(trial);
      const vectors = unitRows(8 + (trial % 9), 4, random);
      const count = 2 + (trial % 3);
      expect(chooseDiverse(vectors, { count }).radius).toBeLessThanOrEqual(2 * optimalRadius(vectors, count) + 1e-6);
    }
  });

  it('takes every street once before a second picture of any (S06)', () => {
    const random = seededRandom(5);
    const streets = [...Array.from({ length: 10 }, (_, street) => Array.from({ length: 6 }, () => street)).flat(), ...Array.from({ length: 100 }, () => 10)];
    const centres = unitRows(11, 32, random);
    // The long street varies more than others: by distance alone it would be asked twice early.
    const data = Float32Array.from({ length: streets.length * 32 }, (_, at) => (centres.data[(streets[Math.floor(at / 32)] as number) * 32 + (at % 32)] as number) + (random() - 0.5) * (streets[Math.floor(at / 32)] === 10 ? 0.9 : 0.05));
    const { rows } = chooseDiverse({ data, dims: 32 }, { count: 14, groups: streets });
    const order = Array.from(rows, (row) => streets[row] as number);
    expect(new Set(order.slice(0, 11)).size).toBe(11);
    expect(order.length).toBe(14);
  });

  it('keeps to quotas, leaves out what is alike, and goes on from what is there', () => {
    const { vectors, cameras } = manyCameras(7);
    const quota = chooseDiverse(vectors, { count: 1000, groups: cameras, quota: 2 });
    expect([quota.rows.length, quota.ended]).toEqual([120, 'exhausted']);
    const apart = chooseDiverse(vectors, { count: 1000, minDistance: 0.6 });
    expect(apart.ended).toBe('similar');
    expect(Math.min(...apart.distances)).toBeGreaterThan(0.6);
    expect(apart.radius).toBeLessThanOrEqual(0.6);
    const more = chooseDiverse(vectors, { count: 1000, minDistance: 0.6, given: apart.rows });
    expect(more.rows.length).toBe(0);
    const seeded = chooseDiverse(vectors, { count: 60, groups: cameras, given: [0] });
    expect(new Set(Array.from(seeded.rows.subarray(0, 59), (row) => cameras[row])).has(cameras[0] as number)).toBe(false);
  });

  it('goes by the guide\'s order of preference, and by another when weights say so (S30)', () => {
    // Row 0 is in the set. 1: another environment, much work, blurred. 2: nearly the same as 0, easy. 3: the same distance as 2, sharp.
    const vectors: Vectors = { data: Float32Array.from([1, 0, 0, 0, 1, 0, 0.98, 0, 0.199, 0.98, 0, -0.199]), dims: 3 };
    const values = { background: [0, 1, 0.2, 0.2], ease: [0, 0.2, 1, 0.3], quality: [0, 0.2, 0.3, 1] };
    const order = (weights = {}) => Array.from(chooseDiverse(vectors, { count: 3, given: [0], candidates: [1, 2, 3], objectives: { ...values, weights } }).rows);
    expect(order()).toEqual([1, 2, 3]);
    expect(order({ quality: 4 })[0]).toBe(3);
    expect(order({ ease: 4 })[0]).toBe(2);
    expect(DEFAULT_WEIGHTS.background).toBeGreaterThan(DEFAULT_WEIGHTS.ease);
    expect(DEFAULT_WEIGHTS.ease).toBeGreaterThan(DEFAULT_WEIGHTS.quality);
  });

  it('prefers sources that are trusted (S98)', () => {
    const vectors = unitRows(40, 8, seededRandom(3));
    const trust = Array.from({ length: 40 }, (_, row) => trustOf({ trust: 0.9, ageYears: row % 2 === 0 ? 0 : 20 }));
    expect([trust[0], trust[1]]).toEqual([0.9, 0.225]);
    const even = Array.from(chooseDiverse(vectors, { count: 10, objectives: { trust } }).rows).filter((row) => row % 2 === 0).length;
    expect(even).toBeGreaterThanOrEqual(9);
  });

  it('ends with nothing where there is nothing, and refuses half a row', () => {
    expect(chooseDiverse({ data: new Float32Array(0), dims: 4 }, { count: 3 })).toMatchObject({ ended: 'exhausted', radius: 0 });
    expect(chooseDiverse({ data: new Float32Array(8).fill(0.5), dims: 4 }, { count: 3 })).toMatchObject({ ended: 'similar', rows: Int32Array.of(0) });
    expect(() => requireVectors({ data: new Float32Array(7), dims: 4 })).toThrow(/rows of 4 numbers/);
  });
});
