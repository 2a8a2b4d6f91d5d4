import type { BoxNormalized } from '@argus/contracts';

/** A box with what is said about it. */
export interface PaintedBox {
  readonly box: BoxNormalized;
  readonly text: string;
  /** `0xrrggbb`; bright, because words on it are black. */
  readonly rgb: number;
}

/** What is painted into one picture: first what is hidden, then the boxes. */
export interface PicturePaint {
  readonly hidden: readonly BoxNormalized[];
  readonly boxes: readonly PaintedBox[];
}

/** A rectangle of pixels; all four are even, so that it covers whole samples of colour. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture in planes: brightness, and two of colour at half the size. Views of native memory. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: readonly Buffer[];
  readonly lines: readonly number[];
}

export type Color = readonly [y: number, u: number, v: number];

const FEWEST_BLOCKS = 8;
const SMALLEST_BLOCK = 8;
/** Samples of a block in each direction that its colour is the mean of. */
const SAMPLES = 4;

/** The pixels that a box covers, outwards to even edges; null: it is not in the picture. */
export function pixelsOf(box: BoxNormalized, { width, height }: Pick<Planes, 'width' | 'height'>): PixelRect | null {
  const down = (value: number, most: number) => Math.min(most & ~1, Math.max(0, Math.floor(value) & ~1));
  const up = (value: number, most: number) => Math.min(most & ~1, Math.max(0, (Math.ceil(value) + 1) & ~1));
  const [x, y] = [down(box.x * width, width), down(box.y * height, height)];
  const rect = { x, y, width: up((box.x + box.width) * width, width) - x, height: up((box.y + box.height) * height, height) - y };
  return rect.width >= 2 && rect.height >= 2 ? rect : null;
}

/** Fills whole rows at once: no pixel is touched by itself. */
export function fillRect(planes: Planes, rect: PixelRect, color: Color): void {
  const inner = clip(rect, planes);
  if (inner === null) return;
  for (let plane = 0; plane < 3; plane += 1) {
    const shift = plane === 0 ? 0 : 1;
    const line = planes.lines[plane] as number;
    const [from, width] = [inner.x >> shift, inner.width >> shift];
    for (let y = inner.y >> shift; y < (inner.y + inner.height) >> shift; y += 1) planes.data[plane]?.fill(color[plane] as number, y * line + from, y * line + from + width);
  }
}

/** A frame of `thick` pixels inside of the rectangle. */
export function strokeRect(planes: Planes, { x, y, width, height }: PixelRect, thick: number, color: Color): void {
  fillRect(planes, { x, y, width, height: thick }, color);
  fillRect(planes, { x, y: y + height - thick, width, height: thick }, color);
  fillRect(planes, { x, y, width: thick, height }, color);
  fillRect(planes, { x: x + width - thick, y, width: thick, height }, color);
}

/**
 * Makes squares of one colour out of a rectangle, about eight over its longer side: neither face nor plate can be read back from so few.
 * A square has the mean of 16 of its pixels; a row of squares is made once and copied.
 */
export function pixelate(planes: Planes, rect: PixelRect): void {
  const inner = clip(rect, planes);
  if (inner === null) return;
  const block = Math.max(SMALLEST_BLOCK, Math.ceil(Math.max(inner.width, inner.height) / FEWEST_BLOCKS / 2) * 2);
  for (let plane = 0; plane < 3; plane += 1) {
    const shift = plane === 0 ? 0 : 1;
    pixelatePlane(planes.data[plane] as Buffer, planes.lines[plane] as number, { x: inner.x >> shift, y: inner.y >> shift, width: inner.width >> shift, height: inner.height >> shift }, block >> shift);
  }
}

function pixelatePlane(data: Buffer, line: number, { x, y, width, height }: PixelRect, block: number): void {
  for (let top = y; top < y + height; top += block) {
    const rows = Math.min(block, y + height - top);
    const row = top * line;
    for (let left = x; left < x + width; left += block) {
      const columns = Math.min(block, x + width - left);
      data.fill(meanOf(data, line, { x: left, y: top, width: columns, height: rows }), row + left, row + left + columns);
    }
    for (let next = 1; next < rows; next += 1) data.copy(data, row + next * line + x, row + x, row + x + width);
  }
}

function meanOf(data: Buffer, line: number, { x, y, width, height }: PixelRect): number {
  let sum = 0;
  for (let row = 0; row < SAMPLES; row += 1) {
    const at = (y + Math.floor(((row + 0.5) * height) / SAMPLES)) * line + x;
    for (let column = 0; column < SAMPLES; column += 1) sum += data[at + Math.floor(((column + 0.5) * width) / SAMPLES)] as number;
  }
  return Math.round(sum / (SAMPLES * SAMPLES));
}

function clip({ x, y, width, height }: PixelRect, planes: Planes): PixelRect | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(planes.width & ~1, x + width), Math.min(planes.height & ~1, y + height)];
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}
