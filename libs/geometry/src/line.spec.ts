import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossingOf, crossingPosition, signedDistanceToLine } from './line.js';

const coordinate = fc.integer({ min: -50, max: 50 });
const point = fc.record({ x: coordinate, y: coordinate });

/** Somebody at the bottom of the picture looks up: a below, b above. */
const a = { x: 0.5, y: 1 };
const b = { x: 0.5, y: 0 };

describe('direction', () => {
  it('is what somebody standing at a and looking at b sees', () => {
    expect(signedDistanceToLine({ x: 0.7, y: 0.5 }, a, b)).toBeCloseTo(0.2, 12);
    expect(signedDistanceToLine({ x: 0.3, y: 0.5 }, a, b)).toBeCloseTo(-0.2, 12);
    expect(crossingOf({ x: 0.3, y: 0.5 }, { x: 0.7, y: 0.5 }, a, b)).toBe('left-to-right');
    expect(crossingOf({ x: 0.7, y: 0.5 }, { x: 0.3, y: 0.5 }, a, b)).toBe('right-to-left');
  });

  it('turns round with the step and with the line', () => {
    const other = { 'left-to-right': 'right-to-left', 'right-to-left': 'left-to-right' } as const;
    fc.assert(
      fc.property(point, point, point, point, (from, to, p, q) => {
        // Integers, so that "on the line" and "at its end" are exact, and left out.
        fc.pre([from, to].every((end) => signedDistanceToLine(end, p, q) !== 0) && [p, q].every((end) => signedDistanceToLine(end, from, to) !== 0));
        const crossing = crossingOf(from, to, p, q);
        expect(crossingOf(to, from, p, q)).toBe(crossing && other[crossing]);
        expect(crossingOf(from, to, q, p)).toBe(crossing && other[crossing]);
      }),
    );
  });
});

it('does not count a step beside the segment, along it, or one that only touches it', () => {
  expect(crossingOf({ x: 0.3, y: 1.5 }, { x: 0.7, y: 1.5 }, a, b)).toBeNull();
  expect(crossingOf({ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }, a, b)).toBeNull();
  expect(crossingOf({ x: 0.3, y: 0.5 }, { x: 0.5, y: 0.5 }, a, b)).toBeNull();
  expect(crossingPosition({ x: 0, y: 0.25 }, { x: 1, y: 0.25 }, a, b)).toBeCloseTo(0.75, 12);
  expect(crossingPosition({ x: 0, y: 0 }, { x: 0, y: 1 }, a, b)).toBeNaN();
});
