import type { PictureArea, SizePixels } from '@argus/contracts';
import { clipPolygon, polygonArea } from './clip-polygon.js';
import { quadFlaw, turnedBox, type Quad, type QuadFlaw } from './homography.js';
import { LEAST_QUAD_SIDE, MOST_UPSCALE, quadSize, sidesOf, upscaleOf, type QuadSizeWish } from './quad-size.js';

/** Why nothing is made of an area: its quad; nearly all of it is beside the picture; it is tiny; or more pixels are wanted of it than there are. */
export type AreaFlaw = QuadFlaw | 'outside' | 'small' | 'upscaled';

const LEAST_INSIDE = 0.1;

export function quadOfArea(area: PictureArea, { width, height }: SizePixels): Quad {
  return area.kind === 'quad' ? area.corners : turnedBox(area.box ?? { x: 0, y: 0, width, height }, area.degrees);
}

export function areaFlaw(quad: Quad, picture: SizePixels, wish: QuadSizeWish): AreaFlaw | null {
  const flaw = quadFlaw(quad);
  if (flaw !== null) return flaw;
  const { width, height } = sidesOf(quad);
  if (Math.min(width, height) < LEAST_QUAD_SIDE) return 'small';
  const whole = turnedBox({ x: 0, y: 0, ...picture }, 0);
  if (polygonArea(clipPolygon(quad, whole)) < LEAST_INSIDE * polygonArea(quad)) return 'outside';
  const size = quadSize(quad, wish);
  // Half a pixel is rounding.
  return upscaleOf(quad, { width: size.width - 0.5, height: size.height - 0.5 }) > MOST_UPSCALE ? 'upscaled' : null;
}
