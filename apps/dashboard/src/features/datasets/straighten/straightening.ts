import type { DatasetJobOptions, SizePixels } from '@argus/contracts';
import { quadSize, sidesOf, turned, turnedBox, type Point, type Quad, type QuadSizeWish } from '@argus/geometry';

/** What is to become of a picture while somebody works on it. */
export interface Straightening {
  readonly quad: Quad;
  /** How far it was turned. */
  readonly degrees: number;
  readonly form: Form;
  /** As it was typed; null: as it comes. */
  readonly width: number | null;
  readonly height: number | null;
  readonly outlines: boolean;
  /** The same of other chosen pictures, too. */
  readonly withOthers: boolean;
}

/** Width by height of new pictures; a standing person is three times as high as wide. */
export const FORMS = { free: null, person: 1 / 3, square: 1, portrait: 3 / 4, landscape: 4 / 3, wide: 16 / 9 } as const;
export type Form = keyof typeof FORMS;

/** What lies around stays in the picture at first: an inset as broad as a hand finds to the corners. */
const INSET = 0.15;
export const MOST_DEGREES = 90;
/** A corner may lie beside the picture, as far as half of it. */
const BESIDE = 0.5;
/** Of right angles and sides that are parallel, so that what a person drew by hand counts. */
const NEARLY = 0.01;

export function beginStraightening({ width, height }: SizePixels): Straightening {
  const box = { x: width * INSET, y: height * INSET, width: width * (1 - 2 * INSET), height: height * (1 - 2 * INSET) };
  return { quad: turnedBox(box, 0), degrees: 0, form: 'free', width: null, height: null, outlines: false, withOthers: false };
}

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export function moveCorner(one: Straightening, at: number, dx: number, dy: number, { width, height }: SizePixels): Straightening {
  const { x, y } = one.quad[at] as Point;
  const corner = { x: within(x + dx, -BESIDE * width, (1 + BESIDE) * width), y: within(y + dy, -BESIDE * height, (1 + BESIDE) * height) };
  return { ...one, quad: one.quad.map((old, index) => (index === at ? corner : old)) as unknown as Quad };
}

/** All of it, as far as its middle stays in the picture. */
export function moveArea(one: Straightening, dx: number, dy: number, { width, height }: SizePixels): Straightening {
  const { x, y } = middleOf(one.quad);
  const [mx, my] = [within(x + dx, 0, width) - x, within(y + dy, 0, height) - y];
  return { ...one, quad: one.quad.map((corner) => ({ x: corner.x + mx, y: corner.y + my })) as unknown as Quad };
}

export function turnTo(one: Straightening, degrees: number): Straightening {
  const to = within(degrees, -MOST_DEGREES, MOST_DEGREES);
  return { ...one, degrees: to, quad: turned(one.quad, to - one.degrees) };
}

/** A rectangle takes the form itself, so that nothing is stretched; of a free quad it is what the new picture is stretched to. */
export function takeForm(one: Straightening, form: Form, picture: SizePixels): Straightening {
  const ratio = FORMS[form];
  const taken = { ...one, form, width: null, height: null };
  if (ratio === null || !isRectangle(one.quad)) return taken;
  const [a, b, , d] = one.quad;
  const { width, height } = sidesOf(one.quad);
  const middle = middleOf(one.quad);
  const across = Math.sqrt(width * height * ratio);
  const [u, v] = [{ x: (b.x - a.x) / width / 2, y: (b.y - a.y) / width / 2 }, { x: (d.x - a.x) / height / 2, y: (d.y - a.y) / height / 2 }];
  const reaches = ([[-1, -1], [1, -1], [1, 1], [-1, 1]] as const).map(([s, t]) => ({ x: s * across * u.x + (t * across * v.x) / ratio, y: s * across * u.y + (t * across * v.y) / ratio }));
  // Smaller, if need be, so that it stays in the picture.
  const room = (from: number, by: number, size: number) => (by > 0 ? (size - from) / by : by < 0 ? -from / by : Infinity);
  const scale = within(Math.min(...reaches.flatMap(({ x, y }) => [room(middle.x, x, picture.width), room(middle.y, y, picture.height)])), 0.1, 1);
  return { ...taken, quad: reaches.map(({ x, y }) => ({ x: middle.x + scale * x, y: middle.y + scale * y })) as unknown as Quad };
}

const middleOf = (quad: Quad): Point => ({ x: quad.reduce((sum, { x }) => sum + x, 0) / 4, y: quad.reduce((sum, { y }) => sum + y, 0) / 4 });

function isRectangle([a, b, c, d]: Quad): boolean {
  const [w, h] = [Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(d.x - a.x, d.y - a.y)];
  const isParallel = Math.hypot(a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y) <= NEARLY * Math.min(w, h);
  return isParallel && Math.abs((b.x - a.x) * (d.x - a.x) + (b.y - a.y) * (d.y - a.y)) <= NEARLY * w * h;
}

/** A side that was not typed follows the other. */
export function sizeWish({ quad, form, width, height }: Straightening): QuadSizeWish {
  const ratio = FORMS[form];
  if (width === null && height === null) return { size: null, ratio };
  const natural = quadSize(quad, { size: null, ratio });
  const side = (value: number) => Math.max(1, Math.round(value));
  return { size: { width: side(width ?? ((height as number) * natural.width) / natural.height), height: side(height ?? ((width as number) * natural.height) / natural.width) }, ratio: null };
}

export const jobOf = (one: Straightening, sha256s: readonly string[]): Extract<DatasetJobOptions, { kind: 'transform' }> => ({
  kind: 'transform', parts: sha256s.map((sha256) => ({ sha256, area: { kind: 'quad', corners: [...one.quad] } })), ...sizeWish(one), boxes: one.outlines ? 'outline' : 'bounds', leastVisible: LEAST_VISIBLE, target: { kind: 'same' },
});

/** Labels of which less is seen do not come along. */
export const LEAST_VISIBLE = 0.25;
