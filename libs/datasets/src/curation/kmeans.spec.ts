import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normal } from '../../test/synthetic-scenes.js';
import { logHistogram, labelHistogram, ratioHistogram, sizeHistogram } from './histograms.js';
import { exactKMeans, ratioClasses, sizeClasses } from './kmeans.js';
import { seededRandom } from './random.js';

/** The least sum of squares, by trying all ways to cut the sorted values. */
function leastSse(values: readonly number[], k: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const cost = (part: readonly number[]) => {
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return part.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  const visit = (from: number, left: number): number => {
    if (left === 1) return cost(sorted.slice(from));
    let best = Infinity;
    for (let end = from + 1; end <= sorted.length - left + 1; end += 1) best = Math.min(best, cost(sorted.slice(from, end)) + visit(end, left - 1));
    return best;
  };
  return visit(0, k);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const iou = (a: Size, b: Size) => {
  const common = Math.min(a.width, b.width) * Math.min(a.height, b.height);
  return common / (a.width * a.height + b.width * b.height - common);
};

/** As everybody does it: random boxes for centres, means, until nothing changes; the sum of 1 - IoU. */
function plainKMeans(boxes: readonly Size[], k: number, random: () => number): number {
  let centres = Array.from({ length: k }, () => boxes[Math.floor(random() * boxes.length)] as Size);
  let best = Infinity;
  for (let round = 0; round < 100; round += 1) {
    const owners = boxes.map((box) => centres.map((centre) => iou(box, centre)).reduce((most, value, index, all) => (value > (all[most] as number) ? index : most), 0));
    const inertia = boxes.reduce((sum, box, index) => sum + 1 - iou(box, centres[owners[index] as number] as Size), 0);
    if (inertia >= best) break;
    best = inertia;
    centres = centres.map((centre, index) => {
      const own = boxes.filter((_, at) => owners[at] === index);
      return own.length === 0 ? centre : { width: own.reduce((sum, { width }) => sum + width, 0) / own.length, height: own.reduce((sum, { height }) => sum + height, 0) / own.length };
    });
  }
  return best;
}

describe('classes of numbers (T-KM)', () => {
  it('are the best there are', () => {
    for (let trial = 0; trial < 40; trial += 1) {
      const random = seededRandom(trial);
      const values = Array.from({ length: 5 + (trial % 10) }, () => Math.log(0.1 + 5 * random()) + (trial % 3) * 1e4);
      for (const k of [1, 2, 3, 4]) {
        const found = exactKMeans(values, k);
        expect(Math.abs(found.sse - leastSse(values, k))).toBeLessThanOrEqual(1e-9);
        expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(Array.from(found.centres)).toEqual(Array.from(found.centres).toSorted((a, b) => a - b));
      }
    }
  });

  it('are ranges: every value is in the class of its nearest centre, also of many', () => {
    const random = seededRandom(8);
    const values = Float64Array.from({ length: 20_000 }, () => Math.round(30 * normal(random)) / 30);
    const { centres, classes } = exactKMeans(values, 9);
    for (const [index, value] of values.entries()) {
      const distances = Array.from(centres, (centre) => Math.abs(centre - value));
      expect(distances[classes[index] as number]).toBeCloseTo(Math.min(...distances), 9);
    }
  });

  it('are as few as there are different values, and none of none', () => {
    expect(exactKMeans([2, 2, 5], 9)).toEqual({ centres: Float64Array.of(2, 5), counts: Uint32Array.of(2, 1), classes: Uint16Array.of(0, 0, 1), sse: 0 });
    expect(exactKMeans([], 3).centres.length).toBe(0);
    expect(() => ratioClasses([{ width: 3, height: 0 }], 1)).toThrow(RangeError);
  });

  it('tell six tall boxes, a square one and two wide ones apart, at the geometric means of their ratios', () => {
    // The form of the guide's example; its nine boxes themselves are not known.
    const groups = [[[100, 300], [90, 270], [105, 310], [110, 325], [120, 358], [130, 384]], [[201, 200]], [[250, 125], [250, 120]]];
    const { ratios, counts } = ratioClasses(groups.flat().map(([width, height]) => ({ width: width as number, height: height as number })), 3);
    for (const [index, group] of groups.entries()) expect(ratios[index]).toBeCloseTo(group.reduce((product, [width, height]) => product * ((width as number) / (height as number)) ** (1 / group.length), 1), 9);
    expect(Array.from(counts)).toEqual([6, 1, 2]);
  });
});

describe('classes of sizes (T-KM)', () => {
  const random = seededRandom(2);
  const boxes = Array.from({ length: 600 }, (_, index) => {
    const [width, height] = [[20, 60], [60, 60], [120, 50], [200, 220], [40, 130]][index % 5] as [number, number];
    return { width: width * Math.exp(0.35 * normal(random)), height: height * Math.exp(0.35 * normal(random)) };
  });

  it.each([3, 5, 9])('are as good as the best of 200 plain runs (k = %i)', { timeout: 60_000 }, (k) => {
    const plain = seededRandom(77);
    const reference = Math.min(...Array.from({ length: 200 }, () => plainKMeans(boxes, k, plain)));
    const found = sizeClasses(boxes, k);
    expect(found.inertia).toBeLessThanOrEqual(1.001 * reference);
    expect(found.inertia).toBeCloseTo(boxes.reduce((sum, box, index) => sum + 1 - iou(box, found.sizes[found.classes[index] as number] as Size), 0), 6);
    expect(found.sizes.map(({ width, height }) => width * height)).toEqual(found.sizes.map(({ width, height }) => width * height).toSorted((a, b) => a - b));
  });

  /** Frozen: test/scipy-kmeans.py makes it. SciPy has no k-means by 1 - IoU, so its best centres of three ways to write a size are measured by that. */
  const scipy = JSON.parse(readFileSync(new URL('../../test/scipy-kmeans.json', import.meta.url), 'utf8')) as { boxes: [number, number][]; found: { k: number; ratioSse: number; sizeInertia: Record<string, number> }[] };

  it.each(scipy.found)('are as good as the best of 200 runs of SciPy, and ratios too (k = $k)', ({ k, ratioSse, sizeInertia }) => {
    const frozen = scipy.boxes.map(([width, height]) => ({ width, height }));
    const { inertia } = sizeClasses(frozen, k);
    for (const other of Object.values(sizeInertia)) expect(inertia).toBeLessThanOrEqual(1.001 * other);
    expect(ratioClasses(frozen, k).sse).toBeLessThanOrEqual(ratioSse + 1e-9);
  });

  it('are the same for the same seed, and refuse boxes without area', () => {
    expect(sizeClasses(boxes, 5, 4)).toEqual(sizeClasses(boxes, 5, 4));
    expect(sizeClasses(boxes.slice(0, 2), 9).sizes.length).toBeLessThanOrEqual(2);
    expect(sizeClasses([], 3)).toMatchObject({ sizes: [], inertia: 0 });
    expect(() => sizeClasses([{ width: 0, height: 3 }], 1)).toThrow(/above 0/);
  });
});

describe('histograms', () => {
  const box = (label: string, width: number, height: number) => ({ label, width, height });

  it('count labels by boxes and pictures', () => {
    expect(labelHistogram([[box('a', 1, 1), box('a', 1, 1), box('b', 1, 1)], [box('a', 1, 1)], []])).toEqual([{ label: 'a', boxes: 3, pictures: 2 }, { label: 'b', boxes: 1, pictures: 1 }]);
  });

  it('keep every box with an area, squares in the middle', () => {
    const { counts, edges } = ratioHistogram([box('a', 5, 5), box('a', 9, 9), box('a', 1, 100), box('a', 100, 1), box('a', 0, 4)]);
    expect([counts[9], counts[0], counts.at(-1), counts.reduce((sum, count) => sum + count, 0)]).toEqual([2, 1, 1, 4]);
    expect([edges[9], edges[10]].map((edge) => Math.log2(edge as number))).toEqual([expect.closeTo(-1 / 6), expect.closeTo(1 / 6)]);
    expect(Array.from(sizeHistogram([box('a', 4, 4), box('a', 2, 2), box('a', 64, 64)]).counts).reduce((bins: number[][], count, bin) => (count > 0 ? [...bins, [bin, count]] : bins), [])).toEqual([[0, 2], [16, 1]]);
    expect(Array.from(logHistogram([1, 2, 4, 8], { from: 1, to: 16, bins: 4 }).counts)).toEqual([1, 1, 1, 1]);
  });
});
