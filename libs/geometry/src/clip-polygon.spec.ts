import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, clipPolygon, isInQuad, polygonArea } from './clip-polygon.js';
import { homographyFrom, homographyOf, mapPoint, quadFlaw, turnedBox, type Quad } from './homography.js';
import { isInsidePolygon, signedDistanceToPolygon } from './polygon.js';

const window = turnedBox({ x: 0, y: 0, width: 100, height: 50 }, 0);
const coordinate = fc.integer({ min: -800, max: 1800 }).map((tenth) => tenth / 10 + 0.03);
const corner = fc.record({ x: coordinate, y: coordinate });

describe('clipping', () => {
  it('of a box is the common part', () => {
    const part = clipPolygon(turnedBox({ x: 80, y: 40, width: 40, height: 40 }, 0), window);
    expect([polygonArea(part), boundsOf(part)]).toEqual([200, { x: 80, y: 40, width: 20, height: 10 }]);
    expect(clipPolygon(turnedBox({ x: 200, y: 0, width: 5, height: 5 }, 0), window)).toEqual([]);
    expect(polygonArea(clipPolygon(window, turnedBox({ x: -10, y: -10, width: 500, height: 500 }, 0)))).toBe(5000);
  });

  it('leaves all that is in both, and nothing else', () => {
    const quads = fc.tuple(corner, corner, corner, corner).map((quad) => quad as Quad).filter((quad) => quadFlaw(quad) === null);
    fc.assert(fc.property(quads, quads, corner, (quad, other, point) => {
      const distances = [signedDistanceToPolygon(point, quad), signedDistanceToPolygon(point, other)];
      fc.pre(distances.every((distance) => Math.abs(distance) > 1e-6));
      expect(isInsidePolygon(point, clipPolygon(other, quad))).toBe(distances.every((distance) => distance > 0));
      expect(isInQuad(point, quad)).toBe((distances[0] as number) > 0);
    }));
  });

  it('before it is mapped keeps it in the rectangle, whatever lies behind the horizon', () => {
    // Its upper sides meet at y = -100: what is above that is behind the camera.
    const quad: Quad = [{ x: 40, y: 0 }, { x: 60, y: 0 }, { x: 70, y: 50 }, { x: 30, y: 50 }];
    const size = { width: 200, height: 100 };
    const part = clipPolygon([{ x: 50, y: -400 }, { x: 65, y: 25 }, { x: 35, y: 25 }], quad).map((point) => mapPoint(homographyOf(quad, size), point));
    const { x, y, width, height } = boundsOf(part);
    expect([x >= -1e-9, y >= -1e-9, x + width <= 200 + 1e-9, y + height <= 100 + 1e-9]).toEqual([true, true, true, true]);
    const low = mapPoint(homographyFrom(size, quad), { x: 100, y: y + height });
    expect(low.y).toBeCloseTo(25, 9);
  });

  it('of a concave polygon has the right area', () => {
    const notched = [{ x: 10, y: -20 }, { x: 20, y: -20 }, { x: 20, y: 30 }, { x: 30, y: 30 }, { x: 30, y: -20 }, { x: 40, y: -20 }, { x: 40, y: 40 }, { x: 10, y: 40 }];
    expect(polygonArea(clipPolygon(notched, window))).toBeCloseTo(30 * 40 - 10 * 30, 9);
  });
});
