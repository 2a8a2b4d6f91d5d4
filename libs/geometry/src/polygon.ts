import type { Point } from './box.js';

/** Even-odd test against a closed polygon (the last corner joins the first). Points on an edge may count either way. */
export function isInsidePolygon(point: Point, corners: readonly Point[]): boolean {
  let inside = false;
  for (const [a, b] of edgesOf(corners)) {
    if (a.y > point.y === b.y > point.y) continue;
    if (point.x < a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

/** As `isInsidePolygon`, and true for all that a polygon which crosses itself goes around. */
export function isEnclosed(point: Point, corners: readonly Point[]): boolean {
  let winding = 0;
  for (const [a, b] of edgesOf(corners)) {
    if (a.y > point.y === b.y > point.y) continue;
    if (point.x < a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x)) winding += b.y > a.y ? 1 : -1;
  }
  return winding !== 0;
}

/** Distance of a point to a segment (not to its infinite line). */
export function distanceToSegment(point: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length > 0 ? Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length)) : 0;
  return Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy);
}

/**
 * Distance to the nearest edge, positive inside and negative outside, in the unit of the points. Infinite when every edge is left out.
 * @param counts leaves out edges that are no border to the caller, e.g. those along the rim of a picture.
 */
export function signedDistanceToPolygon(point: Point, corners: readonly Point[], counts: (a: Point, b: Point) => boolean = () => true): number {
  let nearest = Infinity;
  for (const [a, b] of edgesOf(corners)) if (counts(a, b)) nearest = Math.min(nearest, distanceToSegment(point, a, b));
  return isInsidePolygon(point, corners) ? nearest : -nearest;
}

function* edgesOf(corners: readonly Point[]): Generator<[Point, Point]> {
  let previous = corners.at(-1);
  for (const corner of corners) {
    if (previous) yield [previous, corner];
    previous = corner;
  }
}
