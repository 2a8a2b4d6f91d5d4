import { AV_PIX_FMT_BGR24, AV_PIX_FMT_GBRP, AV_PIX_FMT_RGB24, type AVPixelFormat } from 'node-av/constants';
import type { PixelTarget, Rect } from './placement.js';

/** Where scaled pixels go in a model's input: the native format to scale to, its planes in the buffer, and the pad around them. */
export interface PixelLayout {
  readonly format: AVPixelFormat;
  /** Bytes between two rows, one number a native plane. */
  readonly strides: readonly number[];
  /** The native planes from the top left pixel of `inside` on, in the order of `format`. */
  planes(into: Uint8Array, inside: Rect): Buffer[];
  /** Writes everything outside of `inside`. */
  padAround(into: Uint8Array, inside: Rect): void;
}

export function layoutOf(target: PixelTarget): PixelLayout {
  return target.layout === 'chw' ? planar(target) : interleaved(target);
}

function interleaved({ width, height, color, pad }: PixelTarget): PixelLayout {
  const stride = width * 3;
  const padRow = Uint8Array.from({ length: stride }, (_unused, index) => pad[(index % 3) as 0 | 1 | 2]);
  return {
    format: color === 'rgb' ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_BGR24,
    strides: [stride],
    planes: (into, { x, y }) => [from(into, y * stride + x * 3)],
    padAround: (into, inside) => padRows(into, 0, height, padRow, 3, inside),
  };
}

/** Natively the planes are green, blue, red; each is put where `color` wants it. */
function planar({ width, height, color, pad }: PixelTarget): PixelLayout {
  const size = width * height;
  const places = color === 'rgb' ? [1, 2, 0] : [1, 0, 2];
  const padRows3 = pad.map((value) => new Uint8Array(width).fill(value));
  return {
    format: AV_PIX_FMT_GBRP,
    strides: [width, width, width],
    planes: (into, { x, y }) => places.map((place) => from(into, place * size + y * width + x)),
    padAround: (into, inside) => padRows3.forEach((row, place) => padRows(into, place * size, height, row, 1, inside)),
  };
}

const from = (into: Uint8Array, offset: number): Buffer => Buffer.from(into.buffer, into.byteOffset + offset, into.byteLength - offset);

function padRows(into: Uint8Array, start: number, height: number, padRow: Uint8Array, bytes: number, inside: Rect): void {
  const left = inside.x * bytes;
  const right = (inside.x + inside.width) * bytes;
  for (let row = 0; row < height; row += 1) {
    const rowStart = start + row * padRow.length;
    if (row < inside.y || row >= inside.y + inside.height) {
      into.set(padRow, rowStart);
      continue;
    }
    if (left > 0) into.set(padRow.subarray(0, left), rowStart);
    if (right < padRow.length) into.set(padRow.subarray(right), rowStart + right);
  }
}
