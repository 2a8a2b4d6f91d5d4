import type { PointNormalized, SizePixels } from '@argus/contracts';

/** Side of a block in pixels: the smallest that has whole samples of colour in every layout. */
export const BLOCK = 2;

/** Block columns from..to (without `to`) of one block row. */
export interface Run {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

type Point = readonly [x: number, y: number];

/**
 * The blocks of a picture that polygons touch, however little, as runs that do not overlap. A polygon that crosses itself covers all that it
 * goes around: with masks too much is right and too little is not.
 */
export function coveredBlocks(polygons: readonly (readonly PointNormalized[])[], { width, height }: SizePixels): Run[] {
  const [columns, rows] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
  const shapes = polygons.map((polygon) => polygon.map(({ x, y }): Point => [(x * width) / BLOCK, (y * height) / BLOCK]));
  return Array.from({ length: rows }, (_unused, row) => merged(shapes.flatMap((shape) => extents(shape, row)), columns).map(([from, to]) => ({ row, from, to }))).flat();
}

/**
 * Where a polygon lies between y = row and y = row + 1. Whatever point of it one takes: straight up or down to the row's middle there is either
 * an edge, whose own extent has it, or none, and then the middle is inside at the same x.
 */
function extents(shape: readonly Point[], row: number): [number, number][] {
  const found: [number, number][] = [];
  const middle = row + 0.5;
  const crossings: { readonly x: number; readonly turn: 1 | -1 }[] = [];
  shape.forEach((a, index) => {
    const b = shape[(index + 1) % shape.length] as Point;
    const inside = clip(a, b, row);
    if (inside !== null) found.push(inside);
    if (a[1] <= middle !== b[1] <= middle) crossings.push({ x: a[0] + ((middle - a[1]) / (b[1] - a[1])) * (b[0] - a[0]), turn: b[1] > a[1] ? 1 : -1 });
  });
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  crossings.forEach(({ x, turn }, index) => {
    winding += turn;
    const next = crossings[index + 1];
    if (winding !== 0 && next) found.push([x, next.x]);
  });
  return found;
}

/** How far an edge reaches, left to right, within a row; null: it is elsewhere. */
function clip([ax, ay]: Point, [bx, by]: Point, row: number): [number, number] | null {
  if (ay === by) return ay > row && ay < row + 1 ? [Math.min(ax, bx), Math.max(ax, bx)] : null;
  const [low, high] = [Math.max(row, Math.min(ay, by)), Math.min(row + 1, Math.max(ay, by))];
  if (low >= high) return null;
  const at = (y: number): number => ax + ((y - ay) / (by - ay)) * (bx - ax);
  return [Math.min(at(low), at(high)), Math.max(at(low), at(high))];
}

function merged(parts: readonly [number, number][], columns: number): [number, number][] {
  const whole = parts.map(([from, to]): [number, number] => [Math.max(0, Math.floor(from)), Math.min(columns, Math.ceil(to))]).sort((a, b) => a[0] - b[0]);
  const runs: [number, number][] = [];
  for (const [from, to] of whole) {
    const last = runs.at(-1);
    // An edge straight up and down between two blocks touches neither; what lies beside it is inside by itself.
    if (to <= from) continue;
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
  }
  return runs;
}
