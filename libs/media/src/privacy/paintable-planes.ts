import { planeLayouts, type PlaneLayout } from '../plane-layouts.js';

/** How one plane is laid out, and what stands in it where a picture is covered. */
export interface PaintablePlane extends PlaneLayout {
  readonly value: number;
}

/** Dark, and lighter than the night: a mask is to be seen as one. */
const LUMA = 48;
const NO_COLOUR = 128;
/** By so many bits the values of ten-bit pictures are longer. */
const MORE_BITS = 2;

/** null: pictures of this pixel format are converted first. */
export const paintablePlanes = (format: number): readonly PaintablePlane[] | null =>
  planeLayouts(format)?.map((layout, index) => ({ ...layout, value: (index === 0 ? LUMA : NO_COLOUR) << (layout.sampleBytes === 1 ? 0 : MORE_BITS) })) ?? null;
