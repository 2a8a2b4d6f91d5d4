import type { Point } from './box.js';

export type CrossingDirection = 'left-to-right' | 'right-to-left';

/**
 * Distance to the infinite line through a and b, in the unit of the points. Seen from somebody who stands at a and looks at b on
 * a picture (y grows downwards): positive on the right-hand side, negative on the left. 0 when a and b are one point.
 */
export function signedDistanceToLine(point: Point, a: Point, b: Point): number {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return length > 0 ? ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)) / length : 0;
}

/**
 * How a step crosses the segment a-b, or null. A step that starts on the line does not cross it, one that ends on it neither:
 * of two steps that meet on the line exactly one would count, so callers with noisy points add hysteresis.
 */
export function crossingOf(from: Point, to: Point, a: Point, b: Point): CrossingDirection | null {
  const before = signedDistanceToLine(from, a, b);
  const after = signedDistanceToLine(to, a, b);
  if (before === 0 || after === 0 || before > 0 === after > 0) return null;
  const along = crossingPosition(from, to, a, b);
  if (along < 0 || along > 1) return null;
  return before < 0 ? 'left-to-right' : 'right-to-left';
}

/** Where a step meets the line through a and b: 0 at a, 1 at b, outside 0..1 beside the segment. NaN when they are parallel. */
export function crossingPosition(from: Point, to: Point, a: Point, b: Point): number {
  const step = { x: to.x - from.x, y: to.y - from.y };
  const line = { x: b.x - a.x, y: b.y - a.y };
  const across = step.x * line.y - step.y * line.x;
  if (across === 0) return NaN;
  return ((a.x - from.x) * step.y - (a.y - from.y) * step.x) / across;
}
