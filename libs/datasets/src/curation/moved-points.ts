import type { Point } from '@argus/geometry';

/** x, y of each corner of an outline, where `move` takes it. */
export function movedCorners(corners: readonly number[], move: (corner: Point) => Point): number[] {
  return cornersOf(corners).flatMap((corner) => {
    const { x, y } = move(corner);
    return [x, y];
  });
}

/** x, y, v of each key point, where `move` takes it; null: it is not there. What is not labelled has no place: 0, 0, 0 as COCO has it. */
export function movedKeyPoints(points: readonly number[], move: (point: Point) => Point | null): number[] {
  const moved: number[] = [];
  for (let at = 0; at + 2 < points.length; at += 3) {
    const [x, y, flag] = points.slice(at, at + 3) as [number, number, number];
    const place = flag === 0 ? null : move({ x, y });
    moved.push(place?.x ?? 0, place?.y ?? 0, place ? flag : 0);
  }
  return moved;
}

export const cornersOf = (flat: readonly number[]): Point[] => Array.from({ length: flat.length >> 1 }, (_unused, at) => ({ x: flat[2 * at] as number, y: flat[2 * at + 1] as number }));
