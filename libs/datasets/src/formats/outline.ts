import type { BoxPrecise } from '@argus/contracts';
import type { z } from 'zod';

type Box = z.infer<typeof BoxPrecise>;

/** What bounds points; `step` numbers each, of which the first two are x and y. null where there is none. */
export function pointsBounds(points: readonly number[], step = 2): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += step) {
    // Points that are not labelled have no place.
    if (step === 3 && points[i + 2] === 0) continue;
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return right < left ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** Gauss' formula; corners in either order. */
export function polygonArea(corners: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i + 1 < corners.length; i += 2) {
    const next = (i + 2) % corners.length;
    twice += corners[i]! * corners[next + 1]! - corners[next]! * corners[i + 1]!;
  }
  return Math.abs(twice) / 2;
}

export function isSameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

export function isCornerList(value: unknown): value is number[] {
  return Array.isArray(value) && value.length >= 6 && value.length % 2 === 0 && value.every((one) => typeof one === 'number' && Number.isFinite(one));
}
