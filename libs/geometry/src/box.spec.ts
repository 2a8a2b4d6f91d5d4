import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorOf, boxAt, boxCoverage, boxIou, clipBox, growBox, intersectionArea, iouMatrix, normalizeBox } from './box.js';

const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const side = fc.double({ min: 0, max: 1000, noNaN: true });
const box = fc.record({ x: number, y: number, width: side, height: side });

describe('boxIou', () => {
  it.each([
    [{ x: 0, y: 0, width: 10, height: 10 }, { x: 5, y: 0, width: 10, height: 10 }, 1 / 3],
    [{ x: 0, y: 0, width: 10, height: 10 }, { x: 10, y: 0, width: 10, height: 10 }, 0],
    [{ x: 0, y: 0, width: 0, height: 10 }, { x: 0, y: 0, width: 0, height: 10 }, 0],
  ])('%o and %o', (a, b, expected) => expect(boxIou(a, b)).toBeCloseTo(expected, 12));

  it('is symmetric, within 0..1, and 1 only for the box itself', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const iou = boxIou(a, b);
        expect(iou).toBe(boxIou(b, a));
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1);
        if (a.width > 1e-3 && a.height > 1e-3) expect(boxIou(a, a)).toBeGreaterThan(1 - 1e-6);
      }),
    );
  });

  it('agrees with its columnar form', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 5 }), fc.array(box, { maxLength: 5 }), (a, b) => {
        const columns = (boxes: typeof a) => Float64Array.from(boxes.flatMap(({ x, y, width, height }) => [x, y, width, height]));
        expect([...iouMatrix(columns(a), columns(b))]).toEqual(a.flatMap((left) => b.map((right) => boxIou(left, right))));
      }),
    );
  });
});

it('covers: the share of the part, not of both', () => {
  const person = { x: 10, y: 10, width: 2, height: 5 };
  const bus = { x: 0, y: 0, width: 100, height: 50 };
  expect(boxCoverage(person, bus)).toBe(1);
  expect(boxCoverage(bus, person)).toBeCloseTo(10 / 5000, 12);
  expect(intersectionArea(person, bus)).toBe(10);
});

it('clips, grows, normalises, and finds where an object stands', () => {
  const size = { width: 200, height: 100 };
  expect(clipBox({ x: -10, y: 50, width: 30, height: 100 }, size)).toEqual({ x: 0, y: 50, width: 20, height: 50 });
  expect(clipBox({ x: 300, y: 0, width: 10, height: 10 }, size)).toMatchObject({ width: 0 });
  expect(growBox({ x: 10, y: 10, width: 10, height: 20 }, 0.5)).toEqual({ x: 5, y: 0, width: 20, height: 40 });
  expect(normalizeBox({ x: 20, y: 10, width: 40, height: 50 }, size)).toEqual({ x: 0.1, y: 0.1, width: 0.2, height: 0.5 });
  expect(anchorOf({ x: 20, y: 10, width: 40, height: 50 }, size)).toEqual({ x: 0.2, y: 0.6 });
  expect(anchorOf({ x: 190, y: 90, width: 40, height: 50 }, size)).toEqual({ x: 1, y: 1 });
  expect(boxAt([1, 2, 3, 4, 5, 6, 7, 8], 1)).toEqual({ x: 5, y: 6, width: 7, height: 8 });
});
