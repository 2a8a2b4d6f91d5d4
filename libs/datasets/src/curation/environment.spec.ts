import { describe, expect, it } from 'vitest';
import { near, unitRows } from '../../test/synthetic-scenes.js';
import { backgroundRarity, environmentScore, sceneCoverage, scenesOf } from './environment.js';
import { seededRandom } from './random.js';
import type { Vectors } from './vectors.js';

/** So many pictures of one thing on `k` backgrounds. */
function onBackgrounds(k: number, pictures: number, seed: number): Vectors {
  const random = seededRandom(seed);
  const backgrounds = unitRows(k, 48, random);
  return { data: Float32Array.from(Array.from({ length: pictures }, (_, row) => near(backgrounds.data.subarray((row % k) * 48, (row % k) * 48 + 48), 0.08, random)).flat()), dims: 48 };
}

const ranks = (values: readonly number[]) => values.map((value) => values.filter((other) => other < value).length + (values.filter((other) => other === value).length - 1) / 2);
function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  const product = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, index) => sum + (value - mean) * ((q[index] as number) - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

describe('the environment score (T-ENV)', () => {
  it('rises with the number of backgrounds', () => {
    const ks = Array.from({ length: 20 }, (_, index) => index + 1);
    const scores = ks.map((k) => environmentScore(onBackgrounds(k, 120, k), 0.4));
    expect(spearman(ks, scores)).toBeGreaterThanOrEqual(0.95);
    for (let index = 1; index < scores.length; index += 1) expect(scores[index]).toBeGreaterThan(scores[index - 1] as number);
    expect(scores[9]).toBeGreaterThan(8);
  });

  it('is flat for one background, however many pictures', () => {
    const scores = [10, 40, 160, 640].map((pictures) => environmentScore(onBackgrounds(1, pictures, 3), 0.4));
    for (const score of scores) expect(score).toBeLessThan(1.1);
    expect(Math.max(...scores) - Math.min(...scores)).toBeLessThan(0.1);
  });

  it('holds what is rare dear', () => {
    const { data, dims } = onBackgrounds(2, 2, 9);
    const vectors = { data: Float32Array.from([...data.subarray(0, dims), ...data.subarray(0, dims), ...data.subarray(0, dims), ...data.subarray(dims)]), dims };
    const rarity = backgroundRarity(vectors, 0.4);
    expect(rarity[3]).toBeGreaterThan(0.9);
    expect(rarity[0]).toBeCloseTo(1 / 3, 1);
  });
});

describe('the meter of scenes', () => {
  it('counts scenes and says when the sources are exhausted (S95)', () => {
    const scenes = scenesOf(onBackgrounds(12, 600, 5), 0.4);
    expect(scenes.rows.length).toBe(12);
    expect(Array.from(scenes.sizes)).toEqual(Array.from({ length: 12 }, () => 50));
    const meter = sceneCoverage(scenes, Array.from({ length: 600 }, (_, row) => row % 3), { scenes: 100 });
    expect(meter).toMatchObject({ samples: 600, scenes: 12, chanceOfNew: 0, advice: 'widen-sources' });
    expect(meter.effectiveScenes).toBeCloseTo(12, 5);
    expect([...meter.byGroup.values()]).toEqual([4, 4, 4]);
    expect(sceneCoverage(scenes, undefined, { scenes: 10 }).advice).toBe('enough');
  });

  it('asks for more while every picture is new, and for anything while there is none', () => {
    expect(sceneCoverage(scenesOf(onBackgrounds(60, 60, 6), 0.4)).advice).toBe('collect-more');
    expect(sceneCoverage(scenesOf({ data: new Float32Array(0), dims: 8 }, 0.4))).toMatchObject({ scenes: 0, effectiveScenes: 0, advice: 'collect-more' });
  });
});
