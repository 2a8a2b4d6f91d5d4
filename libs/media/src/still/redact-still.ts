import type { BoxPixels } from '@argus/contracts';
import type { Frame } from 'node-av/lib';
import { nativeOf } from '../native-frame.js';
import type { VideoFrame } from '../video-frame.js';
import { JpegEncoder } from './jpeg-encoder.js';

export interface Redaction {
  /** In source pixels; what reaches over the edge is cut off. */
  readonly boxes: readonly BoxPixels[];
  /** `blur` is what a mosaic of the same squares gives when it is drawn smoothly: it holds no more than that. */
  readonly how: 'mosaic' | 'blur' | 'fill';
  /** 1 to 100, default 95. */
  readonly quality?: number;
}

/** One plane of a picture, and by how many bits it is smaller. */
interface Plane {
  readonly data: Buffer;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly shift: 0 | 1;
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** So few squares over the longer side of what is covered: neither face nor plate can be read back from them. */
const MOST_SQUARES = 6;
const SMALLEST_SQUARE = 8;
/** Dark grey, as privacy masks have it. */
const FILL = [48, 128, 128] as const;

/**
 * A new JPEG of the picture in which nothing is left of what the boxes cover: it is painted before it is coded, and nothing of the old file
 * (thumbnails, notes) goes along. Throws MediaError.
 */
export function redactStill(frame: VideoFrame, { boxes, how, quality = 95 }: Redaction): Uint8Array {
  const encoder = new JpegEncoder(quality);
  try {
    const prepared = encoder.prepare(nativeOf(frame), (size) => size);
    try {
      const planes = planesOf(prepared);
      for (const box of boxes) paint(planes, box, prepared, how);
      return encoder.encode(prepared);
    } finally {
      prepared.free();
    }
  } finally {
    encoder.close();
  }
}

function planesOf({ data, linesize, width, height }: Frame): Plane[] {
  return [0, 1, 2].map((index) => {
    const shift = index === 0 ? 0 : 1;
    return { data: data?.[index] as Buffer, stride: linesize[index] as number, width: -(-width >> shift), height: -(-height >> shift), shift };
  });
}

/** Outwards to even pixels, so that whole samples of colour are covered; the last column and row of an odd picture, too. */
function paint(planes: readonly Plane[], { x, y, width, height }: BoxPixels, size: { readonly width: number; readonly height: number }, how: Redaction['how']): void {
  const down = (value: number, most: number) => Math.min(most, Math.max(0, Math.floor(value / 2) * 2));
  const up = (value: number, most: number) => Math.min(most, Math.max(0, Math.ceil(value / 2) * 2));
  const rect = { left: down(x, size.width), top: down(y, size.height), right: up(x + width, size.width), bottom: up(y + height, size.height) };
  if (rect.right <= rect.left || rect.bottom <= rect.top) return;
  const square = Math.max(SMALLEST_SQUARE, Math.ceil(Math.max(rect.right - rect.left, rect.bottom - rect.top) / MOST_SQUARES / 2) * 2);
  for (const [index, plane] of planes.entries()) {
    const inPlane = { left: rect.left >> plane.shift, top: rect.top >> plane.shift, right: -(-rect.right >> plane.shift), bottom: -(-rect.bottom >> plane.shift) };
    if (how === 'fill') fill(plane, inPlane, FILL[index] as number);
    else paintSquares(plane, inPlane, square >> plane.shift, how === 'blur');
  }
}

function fill({ data, stride }: Plane, { left, top, right, bottom }: Rect, value: number): void {
  for (let row = top; row < bottom; row += 1) data.fill(value, row * stride + left, row * stride + right);
}

/** Means of squares are all that is read; then every pixel is written from them. */
function paintSquares(plane: Plane, rect: Rect, square: number, smooth: boolean): void {
  const [columns, rows] = [Math.ceil((rect.right - rect.left) / square), Math.ceil((rect.bottom - rect.top) / square)];
  const means = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [left, top] = [rect.left + column * square, rect.top + row * square];
      means[row * columns + column] = meanOf(plane, { left, top, right: Math.min(rect.right, left + square), bottom: Math.min(rect.bottom, top + square) });
    }
  }
  for (let y = rect.top; y < rect.bottom; y += 1) {
    for (let x = rect.left; x < rect.right; x += 1) {
      const [column, row] = [(x - rect.left) / square, (y - rect.top) / square];
      plane.data[y * plane.stride + x] = Math.round(smooth ? between(means, columns, rows, column - 0.5, row - 0.5) : (means[Math.floor(row) * columns + Math.floor(column)] as number));
    }
  }
}

/** Bilinear between the middles of squares. */
function between(means: Float64Array, columns: number, rows: number, x: number, y: number): number {
  const [left, top] = [Math.min(Math.max(x, 0), columns - 1), Math.min(Math.max(y, 0), rows - 1)];
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [Math.min(x0 + 1, columns - 1), Math.min(y0 + 1, rows - 1)];
  const [dx, dy] = [left - x0, top - y0];
  const at = (column: number, row: number) => means[row * columns + column] as number;
  return (at(x0, y0) * (1 - dx) + at(x1, y0) * dx) * (1 - dy) + (at(x0, y1) * (1 - dx) + at(x1, y1) * dx) * dy;
}

function meanOf({ data, stride }: Plane, { left, top, right, bottom }: Rect): number {
  let sum = 0;
  for (let row = top; row < bottom; row += 1) for (let at = row * stride + left; at < row * stride + right; at += 1) sum += data[at] as number;
  return sum / ((right - left) * (bottom - top));
}
