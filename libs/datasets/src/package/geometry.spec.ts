import { isInsidePolygon, signedDistanceToPolygon } from '@argus/geometry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskArea, maskIou, maskOfPolygon, packPoints, packRuns, rasterised, unpackPoints, unpackRuns } from './geometry.js';
import { madeSample, sourceOf } from './made-samples.js';

const pixelsOf = (runs: readonly number[]): boolean[] => runs.flatMap((run, at) => Array.from({ length: run }, () => at % 2 === 1));
const circle = (x: number, y: number, radius: number, corners = 720): number[] =>
  Array.from({ length: corners }, (_, at) => [x + radius * Math.cos((2 * Math.PI * at) / corners), y + radius * Math.sin((2 * Math.PI * at) / corners)]).flat();

describe('the mask of an outline', () => {
  it('has the pixels whose centres are inside, for any outline, and is a mask in one spelling', () => {
    const coordinate = fc.integer({ min: -80, max: 400 }).map((value) => value / 8 + 0.01);
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 }), (corners) => {
        const [width, height] = [37, 29];
        const runs = maskOfPolygon(corners.flat(), width, height);
        const outline = corners.map(([x, y]) => ({ x, y }));
        const pixels = pixelsOf(runs);
        expect(pixels).toHaveLength(width * height);
        expect(runs.slice(1).every((run) => run > 0)).toBe(true);
        for (let x = 0; x < width; x += 1) {
          for (let y = 0; y < height; y += 1) {
            const centre = { x: x + 0.5, y: y + 0.5 };
            const inside = isInsidePolygon(centre, outline);
            // On an edge to the last bits either is right.
            if (pixels[x * height + y] !== inside) expect(Math.abs(signedDistanceToPolygon(centre, outline))).toBeLessThan(1e-9);
          }
        }
      }),
    );
  });

  it('covers a large outline as well as pixels can: 0.999 of intersection over union with the outline itself', () => {
    const [size, fine] = [1200, 4];
    const outline = circle(600.3, 599.6, 550);
    const coarse = maskOfPolygon(outline, size, size);
    // The outline itself, sixteen times as fine; each pixel of the mask is sixteen of it.
    const exact = maskOfPolygon(outline.map((value) => value * fine), size * fine, size * fine);
    const scaled: number[] = [];
    const pixels = pixelsOf(coarse);
    let [run, inside] = [0, false];
    for (let x = 0; x < size * fine; x += 1) {
      for (let y = 0; y < size; y += 1) {
        if (pixels[Math.floor(x / fine) * size + y] !== inside) {
          scaled.push(run);
          [run, inside] = [0, !inside];
        }
        run += fine;
      }
    }
    scaled.push(run);
    expect(maskIou(scaled, exact)).toBeGreaterThanOrEqual(0.999);
    expect(maskArea(coarse) / (Math.PI * 550 ** 2)).toBeCloseTo(1, 3);
  });

  it('knows empty, whole and half masks', () => {
    expect(maskOfPolygon([0, 0, 4, 0, 4, 3, 0, 3], 4, 3)).toEqual([0, 12]);
    expect(maskOfPolygon([0, 0, 0.2, 0, 0.2, 0.2], 4, 3)).toEqual([12]);
    expect(maskOfPolygon([2, -9, 99, -9, 99, 99, 2, 99], 4, 3)).toEqual([6, 6]);
    expect(maskIou([6, 6], [0, 6, 6])).toBe(0);
    expect(maskIou([6, 6], [9, 3])).toBe(0.5);
    expect(maskIou([12], [12])).toBe(1);
  });

  it('is kept to the last bit, as outlines are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), (points) => {
        expect(unpackPoints(packPoints(points))).toEqual(points);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31 - 1)), (runs) => {
        expect(unpackRuns(packRuns(runs))).toEqual(runs);
      }),
    );
    expect(unpackRuns(packRuns([2 ** 45, 0, 127, 128]))).toEqual([2 ** 45, 0, 127, 128]);
  });

  it('takes the place of outlines only where it is asked for', async () => {
    const made = madeSample(10);
    const kinds = made.sample.annotations.map(({ kind }) => kind);
    expect(kinds).toContain('polygon');
    for await (const { annotations } of rasterised(sourceOf([made])).samples()) {
      expect(annotations.map(({ kind }) => kind)).toEqual(kinds.map((kind) => (kind === 'polygon' ? 'mask' : kind)));
      expect(annotations.every(({ kind, runs, points }) => (kind === 'mask') === (runs !== null) && !(kind === 'mask' && points))).toBe(true);
    }
  });
});
