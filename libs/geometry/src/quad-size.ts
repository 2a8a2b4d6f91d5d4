import type { SizePixels } from '@argus/contracts';
import type { Quad } from './homography.js';

/** More pixels than there are in the old picture are made up: up to this many in the place of one, along a side, where somebody wants it; never by itself. */
export const MOST_UPSCALE = 2;
export const LEAST_QUAD_SIDE = 8;
export const MOST_QUAD_SIDE = 8192;
const MOST_PIXELS = 40_000_000;

export interface QuadSizeWish {
  /** Exactly this; null: by the lengths of the sides. */
  readonly size: SizePixels | null;
  /** Width by height, with as many pixels as the sides give; null: as it comes. */
  readonly ratio: number | null;
}

/** Lengths of the longer of each two sides: nothing that is near is made smaller. */
export function sidesOf([a, b, c, d]: Quad): SizePixels {
  const length = (p: { readonly x: number; readonly y: number }, q: { readonly x: number; readonly y: number }) => Math.hypot(p.x - q.x, p.y - q.y);
  return { width: Math.max(length(a, b), length(d, c)), height: Math.max(length(a, d), length(b, c)) };
}

/** How large the picture of a quad becomes, in whole pixels: at most `MOST_QUAD_SIDE` by itself. */
export function quadSize(quad: Quad, { size, ratio }: QuadSizeWish): SizePixels {
  if (size !== null) return size;
  const sides = sidesOf(quad);
  const across = ratio === null ? sides.width : Math.sqrt(sides.width * sides.height * ratio);
  const wanted = { width: across, height: ratio === null ? sides.height : across / ratio };
  const scale = Math.min(1, MOST_QUAD_SIDE / Math.max(wanted.width, wanted.height), Math.sqrt(MOST_PIXELS / (wanted.width * wanted.height)), MOST_UPSCALE / upscaleOf(quad, wanted));
  // Lengths of sides are roots: 500.00000000000006 pixels are 500.
  return { width: Math.max(1, Math.round(wanted.width * scale)), height: Math.max(1, Math.round(wanted.height * scale)) };
}

/** How many pixels of a picture of this size come from one of the old one, along the side where that is the most. */
export function upscaleOf(quad: Quad, size: SizePixels): number {
  const sides = sidesOf(quad);
  return Math.max(size.width / sides.width, size.height / sides.height);
}
