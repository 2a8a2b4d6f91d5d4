import type { SizePixels } from '@argus/contracts';
import type { Point } from './box.js';

/** Corners of a picture that is to be made of a part of another: upper left, upper right, lower right, lower left of the new one, where they lie in the old one. */
export type Quad = readonly [Point, Point, Point, Point];

/** Row by row; takes x, y, 1 to wx', wy', w. Points and places are continuous: the middle of the first pixel is 0.5, 0.5. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** Why no rectangle can be made of a quad: corners that are no numbers, that lie on a line or on each other, the wrong way round, with one that points inwards, or with sides that cross. */
export type QuadFlaw = 'not-finite' | 'flat' | 'mirrored' | 'concave' | 'crossed';

/** Sine of the least angle at a corner, about a degree: what is flatter than that is spread out of next to nothing. */
const LEAST_SINE = 0.02;

/** null: it is convex and goes round clockwise, as a picture is seen. */
export function quadFlaw(quad: Quad): QuadFlaw | null {
  if (!quad.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return 'not-finite';
  const sines = quad.map((corner, at) => sineAt(quad[(at + 3) % 4] as Point, corner, quad[(at + 1) % 4] as Point));
  if (!sines.every((sine) => Math.abs(sine) >= LEAST_SINE)) return 'flat';
  const outwards = sines.filter((sine) => sine > 0).length;
  return outwards === 4 ? null : outwards === 0 ? 'mirrored' : outwards === 2 ? 'crossed' : 'concave';
}

/** NaN where two corners are one. */
function sineAt(before: Point, corner: Point, after: Point): number {
  const [ax, ay, bx, by] = [corner.x - before.x, corner.y - before.y, after.x - corner.x, after.y - corner.y];
  return (ax * by - ay * bx) / (Math.hypot(ax, ay) * Math.hypot(bx, by));
}

/** Takes a quad to the rectangle 0,0 to width,height, exactly. @throws RangeError naming the flaw of the quad */
export function homographyOf(quad: Quad, size: SizePixels): Homography {
  return inverseOf(homographyFrom(size, quad));
}

/** Takes the rectangle 0,0 to width,height to a quad: the way back of `homographyOf`. @throws RangeError naming the flaw of the quad */
export function homographyFrom({ width, height }: SizePixels, quad: Quad): Homography {
  const flaw = quadFlaw(quad);
  if (flaw !== null) throw new RangeError(`quad: expected four corners of a convex quad, clockwise from the upper left one, got ${quad.map(({ x, y }) => `${x},${y}`).join(' ')} (${flaw})`);
  if (!(width > 0 && height > 0)) throw new RangeError(`size: expected a width and height above 0, got ${width} x ${height}`);
  // Heckbert's solution for the unit square (Fundamentals of Texture Mapping, 1989, 2.2.3); no system of equations, so nothing is lost to one.
  const [a, b, c, d] = quad;
  const [sx, sy] = [a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y];
  const [dx1, dx2, dy1, dy2] = [b.x - c.x, d.x - c.x, b.y - c.y, d.y - c.y];
  const det = dx1 * dy2 - dx2 * dy1;
  const [g, h] = [(sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det];
  return [(b.x - a.x + g * b.x) / width, (d.x - a.x + h * d.x) / height, a.x, (b.y - a.y + g * b.y) / width, (d.y - a.y + h * d.y) / height, a.y, g / width, h / height, 1];
}

/** Scaled so that the last number is 1 where that is possible. */
export function inverseOf([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  const inverse = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
  const last = inverse[8] as number;
  return inverse.map((value) => value / (last === 0 ? 1 : last)) as unknown as Homography;
}

/** Where a point goes; not finite for one on the horizon. */
export function mapPoint([a, b, c, d, e, f, g, h, i]: Homography, { x, y }: Point): Point {
  const w = g * x + h * y + i;
  return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
}

/** A box turned about its middle, clockwise as a picture is seen. Without a turn it is the box itself: to cut out is the plainest way to transform. */
export function turnedBox({ x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, degrees: number): Quad {
  const corner = (cx: number, cy: number): Point => ({ x: cx, y: cy });
  return turned([corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height)], degrees);
}

/** Turned about the mean of its corners. */
export function turned(quad: Quad, degrees: number): Quad {
  // Quarters are exact.
  const quarter = degrees % 90 === 0;
  const [sin, cos] = [Math.sin, Math.cos].map((part) => (quarter ? Math.round(part((degrees * Math.PI) / 180)) : part((degrees * Math.PI) / 180))) as [number, number];
  const [mx, my] = [quad.reduce((sum, { x }) => sum + x, 0) / 4, quad.reduce((sum, { y }) => sum + y, 0) / 4];
  return quad.map(({ x, y }) => ({ x: mx + cos * (x - mx) - sin * (y - my), y: my + sin * (x - mx) + cos * (y - my) })) as unknown as Quad;
}
