import { z } from 'zod';

/** A point in a picture as fractions of its width and height; (0,0) is the top-left corner. */
export const PointNormalized = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) });
export type PointNormalized = z.infer<typeof PointNormalized>;

/** A box as fractions of the picture: top-left corner, width, height. */
export const BoxNormalized = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().nonnegative(),
  height: z.number().nonnegative(),
});
export type BoxNormalized = z.infer<typeof BoxNormalized>;

/** A box in source pixels: top-left corner, width, height; continuous pixel edges, may be fractional. */
export interface BoxPixels {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width and height in pixels. */
export interface SizePixels {
  readonly width: number;
  readonly height: number;
}
