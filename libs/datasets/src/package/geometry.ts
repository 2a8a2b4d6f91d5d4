import type { Annotation, Sample } from '@argus/contracts';
import type { SampleSource } from '../sample-source.js';

/** COCO's uncompressed run lengths: column by column over the whole picture, outside first. */
export type MaskRuns = readonly number[];

/**
 * Pixels whose centre lies inside of a closed outline (even-odd), as a mask. What lies outside of the picture is cut off.
 * @param points x,y of each corner, in pixels of the picture
 */
export function maskOfPolygon(points: readonly number[], width: number, height: number): number[] {
  const crossings = crossingsByColumn(points, width);
  const runs: number[] = [];
  let written = 0;
  for (let column = 0; column < width; column += 1) {
    const ys = (crossings[column] ?? []).sort((a, b) => a - b);
    for (let at = 0; at + 1 < ys.length; at += 2) {
      const start = column * height + rowAt(ys[at] as number, height);
      const end = column * height + rowAt(ys[at + 1] as number, height);
      if (end <= start) continue;
      // Two runs of one kind that meet (over the edge of a column too) are one.
      if (start === written && runs.length > 0) runs[runs.length - 1] = (runs.at(-1) as number) + end - start;
      else runs.push(start - written, end - start);
      written = end;
    }
  }
  if (written < width * height) runs.push(width * height - written);
  return runs;
}

/** First row whose centre is at or below a height. */
const rowAt = (y: number, height: number): number => Math.min(height, Math.max(0, Math.ceil(y - 0.5)));

function crossingsByColumn(points: readonly number[], width: number): (number[] | undefined)[] {
  const columns: (number[] | undefined)[] = [];
  const corners = points.length >> 1;
  for (let at = 0; at < corners; at += 1) {
    const next = (at + 1) % corners;
    let [ax, ay, bx, by] = [points[2 * at] as number, points[2 * at + 1] as number, points[2 * next] as number, points[2 * next + 1] as number];
    if (ax > bx) [ax, ay, bx, by] = [bx, by, ax, ay];
    // Half open, so that a corner on a centre is counted by one of its two edges.
    const first = Math.max(0, Math.ceil(ax - 0.5));
    const end = Math.min(width, Math.ceil(bx - 0.5));
    for (let column = first; column < end; column += 1) (columns[column] ??= []).push(ay + ((column + 0.5 - ax) / (bx - ax)) * (by - ay));
  }
  return columns;
}

/** Pixels inside. */
export function maskArea(runs: MaskRuns): number {
  let area = 0;
  for (let at = 1; at < runs.length; at += 2) area += runs[at] as number;
  return area;
}

/** Intersection over union of two masks of one picture; 1 for two empty ones. */
export function maskIou(a: MaskRuns, b: MaskRuns): number {
  let common = 0;
  let [i, j, leftA, leftB] = [0, 0, a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const step = Math.min(leftA, leftB);
    if (i % 2 === 1 && j % 2 === 1) common += step;
    leftA -= step;
    leftB -= step;
    if (leftA === 0) leftA = a[(i += 1)] ?? 0;
    if (leftB === 0) leftB = b[(j += 1)] ?? 0;
  }
  const union = maskArea(a) + maskArea(b) - common;
  return union === 0 ? 1 : common / union;
}

/** A set whose outlines are masks: for what cannot read outlines. The set itself keeps them. */
export function rasterised(source: SampleSource): SampleSource {
  return {
    name: source.name,
    read: (sha256) => source.read(sha256),
    async *samples() {
      for await (const sample of source.samples()) yield rasterSample(sample);
    },
  };
}

function rasterSample(sample: Sample): Sample {
  const raster = (annotation: Annotation): Annotation =>
    annotation.kind === 'polygon' && annotation.points ? { ...annotation, kind: 'mask', points: null, runs: maskOfPolygon(annotation.points, sample.width, sample.height) } : annotation;
  return { ...sample, annotations: sample.annotations.map(raster) };
}

/** Numbers as they are, 8 bytes each, little end first. */
export function packPoints(points: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(points.length * 8));
  for (const [at, value] of points.entries()) view.setFloat64(at * 8, value, true);
  return new Uint8Array(view.buffer);
}

export function unpackPoints(packed: Uint8Array): number[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: packed.byteLength >> 3 }, (_, at) => view.getFloat64(at * 8, true));
}

/** Seven bits a byte, lowest first, the eighth says that there are more (LEB128). */
export function packRuns(runs: MaskRuns): Uint8Array {
  const bytes: number[] = [];
  for (const run of runs) {
    let rest = run;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

export function unpackRuns(packed: Uint8Array): number[] {
  const runs: number[] = [];
  let [run, scale] = [0, 1];
  for (const byte of packed) {
    run += (byte & 127) * scale;
    scale *= 128;
    if (byte > 127) continue;
    runs.push(run);
    [run, scale] = [0, 1];
  }
  return runs;
}
