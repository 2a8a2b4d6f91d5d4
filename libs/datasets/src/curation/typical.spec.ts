import { describe, expect, it } from 'vitest';
import { manyCameras, near, unitRows } from '../../test/synthetic-scenes.js';
import { coverageOf } from './coverage.js';
import { chooseDiverse } from './diverse.js';
import { seededRandom } from './random.js';
import { distanceBetween, toInt8, type Vectors } from './vectors.js';

const camerasOf = (rows: Int32Array, cameras: ArrayLike<number>) => new Set(Array.from(rows, (row) => cameras[row]));

function leastDistance(vectors: Vectors, rows: Int32Array): number {
  const between = distanceBetween(vectors);
  let least = Infinity;
  for (const [at, row] of rows.entries()) for (const other of rows.subarray(0, at)) least = Math.min(least, between(row, other, least));
  return Math.sqrt(least);
}

describe('moving a diverse choice to what is typical', () => {
  it.each([1, 2, 3])('stands for most more closely and for none less, with as many cameras (seed %i)', { timeout: 30_000 }, (seed) => {
    const { vectors, cameras } = manyCameras(seed);
    for (const count of [40, 120]) for (const set of [vectors, toInt8(vectors)]) {
      const farthest = chooseDiverse(set, { count, groups: cameras });
      const typical = chooseDiverse(set, { count, groups: cameras, typical: true });
      expect(typical.rows.length).toBe(count);
      expect(new Set(typical.rows).size).toBe(count);
      expect(typical.radius).toBeLessThanOrEqual(farthest.radius);
      expect(typical.radius).toBeCloseTo(coverageOf(set, typical.rows).radius, 5);
      expect(coverageOf(set, typical.rows).mean).toBeLessThan(0.97 * coverageOf(set, farthest.rows).mean);
      expect(camerasOf(typical.rows, cameras).size).toBeGreaterThanOrEqual(Math.min(count, 60));
    }
  });

  it('takes the middle of a scene, not its edge', () => {
    const random = seededRandom(4);
    const centres = unitRows(6, 16, random);
    // The first of each scene is its middle.
    const rows = Array.from({ length: 6 }, (_, scene) => Array.from(centres.data.subarray(scene * 16, (scene + 1) * 16))).flatMap((centre) => [centre, ...Array.from({ length: 30 }, () => near(centre, 0.2, random))]);
    const { rows: chosen } = chooseDiverse({ data: Float32Array.from(rows.flat()), dims: 16 }, { count: 6, typical: true });
    expect(Array.from(chosen).toSorted((a, b) => a - b)).toEqual([0, 31, 62, 93, 124, 155]);
  });

  it('keeps to quotas, to the least distance and to what is given', () => {
    const { vectors, cameras } = manyCameras(7);
    const quota = chooseDiverse(vectors, { count: 100, groups: cameras, quota: 2, given: [0, 1], typical: true });
    expect(Math.max(...Array.from(camerasOf(quota.rows, cameras), (camera) => [0, 1, ...quota.rows].filter((row) => cameras[row] === camera).length))).toBe(2);
    expect([...quota.rows].filter((row) => row < 2)).toEqual([]);
    const apart = chooseDiverse(vectors, { count: 1000, minDistance: 0.4, typical: true });
    expect(leastDistance(vectors, apart.rows)).toBeGreaterThan(0.4);
  });

  it('weighs what else counts against how typical a picture is', () => {
    const { vectors, cameras, count } = manyCameras(2);
    const random = seededRandom(9);
    const trust = Float32Array.from({ length: count }, () => (random() < 0.5 ? 1 : 0.3));
    const { rows } = chooseDiverse(vectors, { count: 120, groups: cameras, objectives: { trust }, typical: true });
    expect(Array.from(rows).filter((row) => trust[row] === 1).length).toBeGreaterThanOrEqual(105);
  });

  it('counts what a picture of a thinned camera stands for', () => {
    const { vectors, cameras } = manyCameras(3);
    const thinned = chooseDiverse(vectors, { count: 120, groups: cameras, perGroup: 40, typical: true });
    expect(coverageOf(vectors, thinned.rows).radius).toBeLessThanOrEqual(thinned.radius + 1e-6);
    expect(coverageOf(vectors, thinned.rows).mean).toBeLessThan(coverageOf(vectors, chooseDiverse(vectors, { count: 120, groups: cameras, perGroup: 40 }).rows).mean);
  });

  it('has nothing to move where nothing is chosen', () => {
    expect(chooseDiverse({ data: new Float32Array(0), dims: 4 }, { count: 3, typical: true })).toMatchObject({ ended: 'exhausted', radius: 0 });
    expect(chooseDiverse({ data: new Float32Array(8).fill(0.5), dims: 4 }, { count: 3, typical: true })).toMatchObject({ ended: 'similar', rows: Int32Array.of(0) });
  });
});
