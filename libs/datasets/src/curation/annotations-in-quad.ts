import type { Annotation, SizePixels } from '@argus/contracts';
import { boundsOf, clipPolygon, homographyFrom, homographyOf, isInQuad, mapPoint, polygonArea, turnedBox, type Homography, type Point, type Quad } from '@argus/geometry';
import type { MaskRuns } from '../package/geometry.js';
import { cornersOf, movedKeyPoints } from './moved-points.js';

export interface QuadLabelOptions {
  /** `outline`: a box becomes the outline of where it lies, instead of what bounds that. */
  readonly boxes: 'bounds' | 'outline';
  /** Of its area; of what is seen less is left out. What is to be ignored stays as far as it is seen. */
  readonly leastVisible: number;
}

export interface QuadLabels {
  readonly annotations: Annotation[];
  /** Of which something is seen, but too little. */
  readonly leftOut: number;
}

interface Mapping {
  readonly quad: Quad;
  /** From the old picture to the new one, and back. */
  readonly there: Homography;
  readonly back: Homography;
  readonly from: SizePixels;
  readonly to: SizePixels;
}

interface Mapped {
  readonly shape: Partial<Annotation>;
  /** 0..1 */
  readonly visible: number;
}

/**
 * Labels of a picture in one that is made of its quad, in pixels of the new one. Everything is cut off at the border of the quad before it is mapped: so nothing is seen twice that lies
 * behind the horizon. Nothing is rounded.
 * @throws RangeError for a quad that no rectangle can be made of
 */
export function annotationsInQuad(annotations: readonly Annotation[], quad: Quad, from: SizePixels, to: SizePixels, { boxes, leastVisible }: QuadLabelOptions): QuadLabels {
  const mapping = { quad, from, to, there: homographyOf(quad, to), back: homographyFrom(to, quad) };
  let leftOut = 0;
  const kept = annotations.flatMap((one) => {
    const mapped = one.runs ? mapMask(one.runs, mapping) : mapOutline(one, mapping, boxes);
    if (mapped === null) return [];
    if (one.kind !== 'ignore' && mapped.visible < leastVisible) {
      leftOut += 1;
      return [];
    }
    return [{ ...one, ...mapped.shape }];
  });
  return { annotations: kept, leftOut };
}

function mapOutline(one: Annotation, { quad, there, to }: Mapping, boxes: QuadLabelOptions['boxes']): Mapped | null {
  const outlines = outlinesOf(one);
  const seen = outlines.map((outline) => clipPolygon(outline, quad));
  const [area, whole] = [sumOf(seen), sumOf(outlines)];
  // What has no area, as a single key point, is there or is not.
  if (whole > 0 ? area === 0 : seen.every(({ length }) => length === 0)) return null;
  const visible = whole > 0 ? Math.min(1, area / whole) : 1;
  const parts = seen.filter((part) => (whole > 0 ? polygonArea(part) > 0 : part.length > 0)).map((corners) => corners.map((corner) => within(mapPoint(there, corner), to)));
  const box = boundsOf(parts.flat());
  if (one.kind === 'points') return { visible, shape: { box, points: one.points && movedKeyPoints(one.points, (point) => (isInQuad(point, quad) ? mapPoint(there, point) : null)) } };
  if (one.kind !== 'polygon' && (one.kind !== 'box' || boxes === 'bounds')) return { visible, shape: { box, points: null } };
  const flat = parts.map((part) => part.flatMap(({ x, y }) => [x, y]));
  const largest = parts.reduce((best, part, at) => (polygonArea(part) > polygonArea(parts[best] as Point[]) ? at : best), 0);
  return { visible, shape: { kind: 'polygon', box, points: flat[largest] as number[], ...(flat.length > 1 ? { attributes: { ...one.attributes, segmentation: flat } } : {}) } };
}

/** Of a polygon all of its parts; a format may have said some beside the largest. */
function outlinesOf({ kind, box, points, attributes: { segmentation } }: Annotation): Point[][] {
  if (kind !== 'polygon' || !points) return [[...turnedBox(box, 0)]];
  const parts = Array.isArray(segmentation) && segmentation.every(isOutline) ? segmentation : [];
  return (parts.some((part) => part.length === points.length && part.every((value, at) => value === points[at])) ? parts : [points]).map(cornersOf);
}

const isOutline = (part: unknown): part is number[] => Array.isArray(part) && part.length >= 6 && part.length % 2 === 0 && part.every((value) => typeof value === 'number');

const sumOf = (outlines: readonly (readonly Point[])[]): number => outlines.reduce((sum, outline) => sum + polygonArea(outline), 0);

/** A corner on the border lies on it, not a rounding error beside it. */
const within = ({ x, y }: Point, { width, height }: SizePixels): Point => ({ x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) });

/** Each pixel of the new picture is inside where the pixel of the old one is that its middle comes from. */
function mapMask(runs: MaskRuns, { quad, there, back, from, to }: Mapping): Mapped | null {
  const { pixels, bounds, area } = pixelsOf(runs, from);
  if (bounds === null) return null;
  const seen = clipPolygon(turnedBox(bounds, 0), quad);
  if (seen.length === 0) return null;
  const reach = boundsOf(seen.map((corner) => within(mapPoint(there, corner), to)));
  const [left, top, right, bottom] = [Math.floor(reach.x), Math.floor(reach.y), Math.min(to.width, Math.ceil(reach.x + reach.width)), Math.min(to.height, Math.ceil(reach.y + reach.height))];
  const mask = new Uint8Array(to.width * to.height);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let column = left; column < right; column += 1) {
    for (let row = top; row < bottom; row += 1) {
      const { x, y } = mapPoint(back, { x: column + 0.5, y: row + 0.5 });
      if (!(x >= 0 && y >= 0 && x < from.width && y < from.height) || pixels[Math.floor(x) * from.height + Math.floor(y)] === 0) continue;
      mask[column * to.height + row] = 1;
      [box.left, box.top, box.right, box.bottom] = [Math.min(box.left, column), Math.min(box.top, row), Math.max(box.right, column + 1), Math.max(box.bottom, row + 1)];
    }
  }
  if (box.left === Infinity) return null;
  return { visible: visiblePixels(pixels, bounds, quad, from) / area, shape: { box: { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }, points: null, runs: runsOf(mask) } };
}

function runsOf(pixels: Uint8Array): number[] {
  const runs: number[] = [];
  for (let at = 0, value = 0; at < pixels.length; value = 1 - value) {
    const next = pixels.indexOf(1 - value, at);
    const end = next === -1 ? pixels.length : next;
    runs.push(end - at);
    at = end;
  }
  return runs;
}

/** Pixels of a mask whose middle lies in the quad. */
function visiblePixels(pixels: Uint8Array, { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, quad: Quad, { height: rows }: SizePixels): number {
  let count = 0;
  for (let column = x; column < x + width; column += 1) for (let row = y; row < y + height; row += 1) if (pixels[column * rows + row] === 1 && isInQuad({ x: column + 0.5, y: row + 0.5 }, quad)) count += 1;
  return count;
}

/** A byte for each pixel, column by column; with the pixels that bound those inside. */
function pixelsOf(runs: MaskRuns, { width, height }: SizePixels) {
  const pixels = new Uint8Array(width * height);
  let [at, area, left, top, right, bottom] = [0, 0, Infinity, Infinity, -1, -1];
  for (const [index, run] of runs.entries()) {
    const end = Math.min(at + run, pixels.length);
    if (index % 2 === 1 && end > at) {
      pixels.fill(1, at, end);
      area += end - at;
      const [first, last] = [Math.floor(at / height), Math.floor((end - 1) / height)];
      [left, right] = [Math.min(left, first), Math.max(right, last)];
      [top, bottom] = first === last ? [Math.min(top, at % height), Math.max(bottom, (end - 1) % height)] : [0, height - 1];
    }
    at = end;
  }
  return { pixels, area, bounds: area === 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 } };
}
