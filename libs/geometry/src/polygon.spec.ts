import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceToSegment, isEnclosed, isInsidePolygon, signedDistanceToPolygon } from './polygon.js';

const square = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }];
/** A U, open at the top. */
const notched = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 3 }, { x: 2, y: 3 }, { x: 2, y: 0 }, { x: 3, y: 0 }, { x: 3, y: 4 }, { x: 0, y: 4 }];
const coordinate = fc.double({ min: -2, max: 3, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });

describe('isInsidePolygon', () => {
  it('knows a square', () => {
    fc.assert(fc.property(point, (p) => {
      fc.pre(signedDistanceToPolygon(p, square) !== 0);
      expect(isInsidePolygon(p, square)).toBe(p.x > 0 && p.x < 1 && p.y > 0 && p.y < 1);
    }));
  });

  it('sees the notch of a concave polygon, in either order of corners', () => {
    for (const corners of [notched, notched.toReversed()]) {
      expect(isInsidePolygon({ x: 1.5, y: 1 }, corners)).toBe(false);
      expect(isInsidePolygon({ x: 0.5, y: 1 }, corners)).toBe(true);
      expect(isInsidePolygon({ x: 1.5, y: 3.5 }, corners)).toBe(true);
    }
  });

  it('finds nothing inside a polygon without corners', () => expect(isInsidePolygon({ x: 0, y: 0 }, [])).toBe(false));
});

describe('isEnclosed', () => {
  it('is the same where a polygon does not cross itself', () => {
    fc.assert(fc.property(point, fc.constantFrom(square, notched, notched.toReversed()), (p, corners) => isEnclosed(p, corners) === isInsidePolygon(p, corners)));
  });

  it('counts the middle of a star as inside', () => {
    const star = [0, 2, 4, 1, 3].map((corner) => ({ x: Math.sin((corner * 2 * Math.PI) / 5), y: -Math.cos((corner * 2 * Math.PI) / 5) }));
    expect([isEnclosed({ x: 0, y: 0 }, star), isInsidePolygon({ x: 0, y: 0 }, star), isEnclosed({ x: 0.9, y: 0.9 }, star)]).toEqual([true, false, false]);
  });
});

describe('signedDistanceToPolygon', () => {
  it('has the sign of inside and never changes faster than the point moves', () => {
    fc.assert(fc.property(point, point, (p, q) => {
      const [a, b] = [signedDistanceToPolygon(p, notched), signedDistanceToPolygon(q, notched)];
      if (a !== 0) expect(a > 0).toBe(isInsidePolygon(p, notched));
      expect(Math.abs(a - b)).toBeLessThanOrEqual(Math.hypot(p.x - q.x, p.y - q.y) + 1e-9);
    }));
  });

  it('leaves out edges that do not count', () => {
    expect(signedDistanceToPolygon({ x: 0.5, y: 0.1 }, square)).toBeCloseTo(0.1, 12);
    expect(signedDistanceToPolygon({ x: 0.5, y: 0.1 }, square, (a, b) => a.y !== 0 || b.y !== 0)).toBeCloseTo(0.5, 12);
  });
});

it('measures to the ends of a segment, not to its line', () => {
  expect(distanceToSegment({ x: 3, y: 4 }, { x: -1, y: 0 }, { x: 0, y: 0 })).toBe(5);
  expect(distanceToSegment({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(5);
});
