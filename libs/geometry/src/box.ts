import type { BoxNormalized, BoxPixels, PointNormalized, SizePixels } from '@argus/contracts';

/** A point in any unit, as long as everything that it is compared with has the same. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Common area of two boxes; 0 when they only touch. */
export function intersectionArea(a: BoxPixels, b: BoxPixels): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1; 0 for boxes without area. */
export function boxIou(a: BoxPixels, b: BoxPixels): number {
  const common = intersectionArea(a, b);
  return common > 0 ? Math.min(1, common / (a.width * a.height + b.width * b.height - common)) : 0;
}

/** Share of `part` that lies inside `whole`, 0..1. Not symmetric: a person in front of a bus covers little of it. */
export function boxCoverage(part: BoxPixels, whole: BoxPixels): number {
  const common = intersectionArea(part, whole);
  return common > 0 ? Math.min(1, common / (part.width * part.height)) : 0;
}

/**
 * IoU of every row of `a` with every row of `b`. Columnar: four numbers a row, x, y, width, height.
 * Result: row-major, `a` rows by `b` columns.
 */
export function iouMatrix(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const rows = a.length >> 2;
  const columns = b.length >> 2;
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    const box = boxAt(a, i);
    for (let j = 0; j < columns; j += 1) result[i * columns + j] = boxIou(box, boxAt(b, j));
  }
  return result;
}

/** Row `index` of a columnar box array. */
export function boxAt(boxes: ArrayLike<number>, index: number): BoxPixels {
  const at = index * 4;
  return { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, width: boxes[at + 2] ?? 0, height: boxes[at + 3] ?? 0 };
}

/** The part of a box that lies in a picture of this size; may have no area. */
export function clipBox(box: BoxPixels, size: SizePixels): BoxPixels {
  const x = Math.min(Math.max(box.x, 0), size.width);
  const y = Math.min(Math.max(box.y, 0), size.height);
  const right = Math.min(Math.max(box.x + box.width, 0), size.width);
  const bottom = Math.min(Math.max(box.y + box.height, 0), size.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** A box grown by `margin` of its width and height on every side. */
export function growBox(box: BoxPixels, margin: number): BoxPixels {
  const dx = box.width * margin;
  const dy = box.height * margin;
  return { x: box.x - dx, y: box.y - dy, width: box.width + 2 * dx, height: box.height + 2 * dy };
}

export function normalizeBox(box: BoxPixels, size: SizePixels): BoxNormalized {
  return { x: box.x / size.width, y: box.y / size.height, width: box.width / size.width, height: box.height / size.height };
}

/** Where an object stands: the bottom centre of its box as fractions of the picture, kept inside it. */
export function anchorOf(box: BoxPixels, size: SizePixels): PointNormalized {
  return { x: unit((box.x + box.width / 2) / size.width), y: unit((box.y + box.height) / size.height) };
}

const unit = (value: number) => Math.min(1, Math.max(0, value));
