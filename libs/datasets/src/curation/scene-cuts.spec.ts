import { describe, expect, it } from 'vitest';
import { normal } from '../../test/synthetic-scenes.js';
import { seededRandom } from './random.js';
import { findSceneCuts } from './scene-cuts.js';

const BINS = 32;

/** A film of scenes: each has its own histogram, moves and flickers; half a dozen flashes; every fifth change is a fade of twelve pictures. */
function film(seed: number): { histograms: Float32Array; cuts: { index: number; isFade: boolean }[] } {
  const random = seededRandom(seed);
  const rows: number[][] = [];
  const cuts: { index: number; isFade: boolean }[] = [];
  const scene = () => {
    const lights = Array.from({ length: 3 }, () => ({ at: BINS * random(), width: 1.5 + 4 * random(), weight: 0.3 + random() }));
    return (shift: number) => Array.from({ length: BINS }, (_, bin) => lights.reduce((sum, { at, width, weight }) => sum + weight * Math.exp(-(((bin - at - shift) / width) ** 2)), 0.02));
  };
  const unit = (row: readonly number[]) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  };
  const noisy = (row: readonly number[]) => unit(row).map((value) => Math.max(0, value * (1 + 0.08 * normal(random))));
  let last: ((shift: number) => number[]) | null = null;
  for (let index = 0; index < 60; index += 1) {
    const now = scene();
    const [length, drift] = [30 + Math.floor(90 * random()), 0.015 * normal(random)];
    const isFade = last !== null && index % 5 === 0;
    if (isFade) for (let step = 1; step <= 12; step += 1) {
      const [a, b] = [unit(last?.(0) ?? []), unit(now(0))];
      if (step === 6) cuts.push({ index: rows.length, isFade: true });
      rows.push(noisy(a.map((value, bin) => value * (1 - step / 13) + ((b[bin] as number) * step) / 13)));
    }
    else if (last) cuts.push({ index: rows.length, isFade: false });
    const flash = index % 9 === 4 ? 15 : -1;
    for (let picture = 0; picture < length; picture += 1) rows.push(noisy(picture >= flash && picture < flash + 2 && flash > 0 ? Array.from({ length: BINS }, (_, bin) => (bin > 28 ? 1 : 0.02)) : now(drift * picture)));
    const end = drift * length;
    last = (shift) => now(end + shift);
  }
  return { histograms: Float32Array.from(rows.flat()), cuts };
}

describe('scene cuts (S97)', () => {
  it('are found, and flashes and motion are not taken for them', () => {
    let [right, found, all] = [0, 0, 0];
    for (const seed of [1, 2, 3]) {
      const { histograms, cuts } = film(seed);
      const ours = findSceneCuts(histograms, BINS);
      [found, all] = [found + ours.length, all + cuts.length];
      right += cuts.filter(({ index, isFade }) => ours.some((cut) => Math.abs(cut.index - index) <= (isFade ? 8 : 1))).length;
    }
    const f1 = (2 * right) / (found + all);
    console.info(`${all} cuts, ${found} found, ${right} of them right: F1 ${f1.toFixed(3)}`);
    expect(f1).toBeGreaterThanOrEqual(0.9);
  });

  it('are told from fades, and none are in a film that does not change or is not there', () => {
    const still = Float32Array.from({ length: 40 * 4 }, (_, at) => (at % 4 === 1 ? 1 : 0));
    expect(findSceneCuts(still, 4)).toEqual([]);
    expect(findSceneCuts(new Float32Array(0), 4)).toEqual([]);
    const cut = still.slice();
    for (let at = 20 * 4; at < cut.length; at += 1) cut[at] = at % 4 === 3 ? 7 : 0;
    expect(findSceneCuts(cut, 4)).toEqual([{ index: 20, kind: 'cut', difference: 1 }]);
    expect(() => findSceneCuts(new Float32Array(7), 4)).toThrow(/4 bins/);
  });
});
