import type { Point } from './box.js';
import type { Quad } from './homography.js';

/** The part of a polygon that lies in a convex quad which goes round clockwise as a picture is seen. Of a concave polygon parts may be joined along the border; its area is right. Empty: nothing. */
export function clipPolygon(corners: readonly Point[], quad: Quad): Point[] {
  let left: readonly Point[] = corners;
  for (const [at, a] of quad.entries()) {
    const b = quad[(at + 1) % 4] as Point;
    const inside = ({ x, y }: Point) => (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    const kept: Point[] = [];
    for (const [index, corner] of left.entries()) {
      const before = left.at(index - 1) as Point;
      const [d0, d1] = [inside(before), inside(corner)];
      if (d0 < 0 !== d1 < 0) kept.push(between(before, corner, d0 / (d0 - d1)));
      if (d1 >= 0) kept.push(corner);
    }
    left = kept;
  }
  return [...left];
}

/** Of a convex quad that goes round clockwise as a picture is seen; its border counts. */
export function isInQuad({ x, y }: Point, quad: Quad): boolean {
  for (let at = 0; at < 4; at += 1) {
    const [a, b] = [quad[at] as Point, quad[(at + 1) % 4] as Point];
    if ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) < 0) return false;
  }
  return true;
}

const between = (a: Point, b: Point, share: number): Point => ({ x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) });

/** Of a polygon that does not cross itself, whichever way round it goes. */
export function polygonArea(corners: readonly Point[]): number {
  let twice = 0;
  for (const [index, { x, y }] of corners.entries()) {
    const before = corners.at(index - 1) as Point;
    twice += before.x * y - x * before.y;
  }
  return Math.abs(twice) / 2;
}

/** What bounds some points; there is at least one. */
export function boundsOf(points: readonly Point[]): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}
