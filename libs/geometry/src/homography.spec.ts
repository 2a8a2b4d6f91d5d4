import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homographyFrom, homographyOf, inverseOf, mapPoint, quadFlaw, turned, turnedBox, type Quad } from './homography.js';

const quadOf = (...corners: readonly (readonly [number, number])[]): Quad => corners.map(([x, y]) => ({ x, y })) as unknown as Quad;
const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);
const shift = fc.integer({ min: -30, max: 30 });
/** As people draw them: a turned box of which each corner is moved by at most a third of the shorter side. */
const fine = fc
  .record({ x: fc.integer({ min: -500, max: 2500 }), y: fc.integer({ min: -500, max: 2500 }), width: fc.integer({ min: 8, max: 3000 }), height: fc.integer({ min: 8, max: 3000 }), degrees: fc.integer({ min: -180, max: 180 }), shifts: fc.array(shift, { minLength: 8, maxLength: 8 }) })
  .map(({ degrees, shifts, ...box }) => turnedBox(box, degrees).map(({ x, y }, at) => ({ x: x + ((shifts[2 * at] as number) * Math.min(box.width, box.height)) / 100, y: y + ((shifts[2 * at + 1] as number) * Math.min(box.width, box.height)) / 100 })) as unknown as Quad)
  .filter((quad) => quadFlaw(quad) === null);
const side = fc.integer({ min: 8, max: 4000 });
const size = fc.record({ width: side, height: side });
const cornersOf = ({ width, height }: { width: number; height: number }): Quad => quadOf([0, 0], [width, 0], [width, height], [0, height]);

/** Three quads to rectangles: where points go, by the system of eight equations that OpenCV's getPerspectiveTransform solves, done with LAPACK (NumPy 2.4). */
const REFERENCE = [
  { quad: quadOf([141, 131], [480, 159], [493, 630], [64, 601]), size: { width: 300, height: 400 }, last: [-8.233189518341163e-5, 5.896418577021935e-4], points: [[300, 300, 149.14563319199192, 153.2499683401454], [250.5, 411.25, 117.08081014524726, 251.4467461737961]] },
  { quad: quadOf([10, 20], [110, 20], [110, 220], [10, 220]), size: { width: 100, height: 200 }, last: [0, 0], points: [[300, 300, 290, 280], [250.5, 411.25, 240.5, 391.25]] },
  { quad: quadOf([512.5, 80.25], [900, 300], [700, 780.75], [220, 500]), size: { width: 640, height: 480 }, last: [-2.0141352812825728e-4, 4.045292597522783e-4], points: [[300, 300, -62.27522427283103, 304.3911165400707], [250.5, 411.25, -31.259655419962243, 407.89095504269443]] },
] as const;

describe('a homography', () => {
  it.each(REFERENCE)('is the reference (%#)', ({ quad, size: into, last, points }) => {
    const matrix = homographyOf(quad, into);
    expect(Math.abs(matrix[6] - last[0])).toBeLessThan(1e-15);
    expect(Math.abs(matrix[7] - last[1])).toBeLessThan(1e-15);
    for (const [x, y, u, v] of points) expect(distance(mapPoint(matrix, { x, y }), { x: u, y: v })).toBeLessThan(1e-10);
  });

  it('takes the corners of a quad to those of the rectangle, and back', () => {
    fc.assert(fc.property(fine, size, (quad, into) => {
      const [there, back] = [homographyOf(quad, into), homographyFrom(into, quad)];
      for (const [at, end] of cornersOf(into).entries()) {
        expect(distance(mapPoint(there, quad[at] as Quad[0]), end)).toBeLessThan(1e-6);
        expect(distance(mapPoint(back, end), quad[at] as Quad[0])).toBeLessThan(1e-6);
      }
    }), { numRuns: 500 });
  });

  it('keeps what is straight straight, and what is inside inside', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(fine, size, share, share, share, (quad, into, u, v, along) => {
      const [there, back] = [homographyOf(quad, into), homographyFrom(into, quad)];
      const [p, q] = [{ x: u * into.width, y: 0 }, { x: v * into.width, y: into.height }];
      const between = (a: { x: number; y: number }, b: { x: number; y: number }, part: number) => ({ x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) });
      const seen = mapPoint(there, between(mapPoint(back, p), mapPoint(back, q), along));
      const area = (q.x - p.x) * (seen.y - p.y) - (q.y - p.y) * (seen.x - p.x);
      expect(Math.abs(area) / distance(p, q)).toBeLessThan(1e-5);
      expect(seen.y).toBeGreaterThan(-1e-5);
      expect(seen.y).toBeLessThan(into.height + 1e-5);
    }), { numRuns: 500 });
  });

  it('of a turned box is a turn', () => {
    fc.assert(fc.property(fc.integer({ min: -180, max: 180 }), side, side, (degrees, width, height) => {
      const matrix = homographyOf(turnedBox({ x: 100, y: 50, width, height }, degrees), { width, height });
      const [a, b] = [mapPoint(matrix, { x: 3, y: 4 }), mapPoint(matrix, { x: 6, y: 8 })];
      expect(distance(a, b)).toBeCloseTo(5, 8);
      // What was turned clockwise is turned back.
      expect(Math.atan2(b.y - a.y, b.x - a.x)).toBeCloseTo(Math.atan2(Math.sin(Math.atan2(4, 3) - (degrees * Math.PI) / 180), Math.cos(Math.atan2(4, 3) - (degrees * Math.PI) / 180)), 8);
    }));
    expect(turnedBox({ x: 10, y: 20, width: 100, height: 50 }, 0)).toEqual(quadOf([10, 20], [110, 20], [110, 70], [10, 70]));
    expect(turnedBox({ x: 10, y: 20, width: 100, height: 50 }, 90)).toEqual(quadOf([85, -5], [85, 95], [35, 95], [35, -5]));
    expect(turned(turned(REFERENCE[0].quad, 30), -30).map(({ x, y }) => [Math.round(x * 1e9) / 1e9, Math.round(y * 1e9) / 1e9])).toEqual(REFERENCE[0].quad.map(({ x, y }) => [x, y]));
  });

  it('undone twice is itself', () => {
    const matrix = homographyOf(REFERENCE[2].quad, REFERENCE[2].size);
    for (const [at, value] of inverseOf(inverseOf(matrix)).entries()) expect(value).toBeCloseTo((matrix[at] as number) / matrix[8], 12);
  });
});

describe('a quad', () => {
  it.each([
    ['mirrored', quadOf([110, 20], [10, 20], [10, 220], [110, 220])],
    ['mirrored', quadOf([10, 20], [10, 220], [110, 220], [110, 20])],
    ['concave', quadOf([0, 0], [100, 0], [30, 30], [0, 100])],
    ['crossed', quadOf([0, 0], [100, 0], [0, 100], [100, 100])],
    ['flat', quadOf([0, 0], [50, 0], [100, 0], [0, 100])],
    ['flat', quadOf([0, 0], [0, 0], [100, 100], [0, 100])],
    ['flat', quadOf([5, 5], [5, 5], [5, 5], [5, 5])],
    ['flat', quadOf([0, 0], [100, 0], [100, 0.5], [0, 0.5]).map((one, at) => (at === 3 ? { x: 0, y: 0 } : one)) as unknown as Quad],
    ['not-finite', quadOf([0, 0], [Number.NaN, 0], [100, 100], [0, 100])],
    ['not-finite', quadOf([0, 0], [Infinity, 0], [100, 100], [0, 100])],
  ] as const)('that is %s is refused, and said to be', (flaw, quad) => {
    expect(quadFlaw(quad)).toBe(flaw);
    expect(() => homographyOf(quad, { width: 10, height: 10 })).toThrow(`(${flaw})`);
  });

  it('that begins at another corner turns the picture by a quarter', () => {
    const [a, b, c, d] = REFERENCE[0].quad;
    expect([quadFlaw([a, b, c, d]), quadFlaw([b, c, d, a]), quadFlaw([c, d, a, b]), quadFlaw([d, a, b, c])]).toEqual([null, null, null, null]);
    expect(quadFlaw([d, c, b, a])).toBe('mirrored');
  });

  it('needs a rectangle to go to', () => expect(() => homographyOf(REFERENCE[0].quad, { width: 0, height: 5 })).toThrow('size: expected a width and height above 0, got 0 x 5'));
});
