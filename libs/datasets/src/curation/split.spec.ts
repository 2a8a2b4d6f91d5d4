import { describe, expect, it } from 'vitest';
import { phashOf, pictureVariants } from '../../test/synthetic-pictures.js';
import { readHashes } from './perceptual-hashes.js';
import { seededRandom } from './random.js';
import { findLeaks, linkedGroups, splitByGroup, type SplitRow } from './split.js';

/** Cameras of different size; `rare` is seen by every fifth camera only. */
function manyRows(seed: number): SplitRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: 60 }, (_, camera) => Array.from({ length: 5 + Math.floor(60 * random()) }, (): SplitRow => ({ group: `camera ${camera}`, labels: camera % 5 === 0 ? ['person', 'rare'] : random() < 0.4 ? ['person'] : ['car'] }))).flat();
}

describe('splits', () => {
  it('keep groups whole and come near the shares, of each label too', () => {
    for (const seed of [1, 2, 3]) {
      const rows = manyRows(seed);
      const { splits, shares, problems } = splitByGroup(rows, { seed: `${seed}` });
      expect(problems).toEqual([]);
      const byGroup = new Map<string, Set<string>>();
      for (const [row, { group }] of rows.entries()) byGroup.set(group, (byGroup.get(group) ?? new Set()).add(splits[row] as string));
      expect([...byGroup.values()].every((set) => set.size === 1)).toBe(true);
      expect(Math.abs(shares.train - 0.8)).toBeLessThan(0.03);
      expect(Math.abs(shares.test - 0.1)).toBeLessThan(0.03);
      for (const label of ['person', 'car', 'rare']) {
        const of = rows.flatMap((row, index) => (row.labels.includes(label) ? [splits[index]] : []));
        expect(Math.abs(of.filter((split) => split === 'val').length / of.length - 0.1)).toBeLessThan(0.06);
        expect(Math.abs(of.filter((split) => split === 'test').length / of.length - 0.1)).toBeLessThan(0.06);
      }
    }
  });

  it('depend on groups and seed, not on the order of rows', () => {
    const rows = manyRows(4);
    const [forward, backward] = [splitByGroup(rows).splits, splitByGroup(rows.toReversed()).splits.toReversed()];
    expect(backward).toEqual(forward);
    expect(splitByGroup(rows, { seed: 'another' }).splits).not.toEqual(forward);
  });

  it('leave no split empty where there are groups enough, and say it where not', () => {
    const three = splitByGroup([...Array.from({ length: 100 }, () => ({ group: 'a', labels: [] })), { group: 'b', labels: [] }, { group: 'c', labels: [] }]);
    expect(new Set(three.splits)).toEqual(new Set(['train', 'val', 'test']));
    expect(splitByGroup([{ group: 'a', labels: [] }, { group: 'b', labels: [] }]).problems).toEqual(['too-few-groups']);
    expect(new Set(splitByGroup(manyRows(1), { shares: { train: 3, val: 1, test: 0 } }).splits)).toEqual(new Set(['train', 'val']));
    expect(splitByGroup([]).splits).toEqual([]);
    expect(() => splitByGroup([], { shares: { train: 0, val: 0, test: 0 } })).toThrow(/share above 0/);
  });
});

describe('leaks (T-LEAK)', () => {
  const { pictures, originals } = pictureVariants(300, 21);
  const hashes = readHashes(pictures.map(phashOf));
  // Cameras of six pictures; every tenth picture's copy lies in another camera's folder.
  const groups = originals.map((original, row) => `camera ${row % 2 === 1 && original % 10 === 0 ? (Math.floor(original / 6) + 7) % 50 : Math.floor(original / 6)}`);
  const rows = groups.map((group) => ({ group, labels: [] }));

  it('are found when pictures are shared out by chance, and are none when linked groups stay together', () => {
    const random = seededRandom(1);
    const byChance = rows.map(() => (['train', 'train', 'val', 'test'] as const)[Math.floor(random() * 4)] ?? 'train');
    const leaks = findLeaks(hashes, byChance);
    expect(leaks.length).toBeGreaterThan(100);
    for (const { row, other } of leaks) expect(originals[row]).toBe(originals[other]);

    const apart = splitByGroup(rows, { shares: { train: 0.6, val: 0.2, test: 0.2 } });
    const together = splitByGroup(rows, { shares: { train: 0.6, val: 0.2, test: 0.2 }, together: linkedGroups(hashes, groups) });
    expect(findLeaks(hashes, apart.splits).length).toBeGreaterThan(0);
    expect(findLeaks(hashes, together.splits)).toEqual([]);
    expect(new Set(together.splits).size).toBe(3);
  });

  it('are none of rows that are in no split', () => {
    expect(findLeaks(readHashes(['00000000000000ff', '00000000000000ff']), ['train', null])).toEqual([]);
  });
});
