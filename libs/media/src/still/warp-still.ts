import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { newFrame, toRgb } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { nativeOf } from '../native-frame.js';
import type { VideoFrame } from '../video-frame.js';
import { JpegEncoder } from './jpeg-encoder.js';

export interface Warp {
  /** Row by row: takes a place x, y, 1 in the new picture to wx', wy', w in the old one. Places are continuous, the middle of the first pixel is 0.5, 0.5. */
  readonly back: readonly number[];
  readonly width: number;
  readonly height: number;
  /** 1 to 100, default 95. */
  readonly quality?: number;
}

/** Where the old picture has no pixel: neither black nor white, as pictures are padded for detectors. */
const BESIDE = 114;
/** Where the new picture is smaller, so many places of a pixel are looked at along each side at most: else what is fine flickers into patterns. */
const MOST_PLACES = 8;

/**
 * A new JPEG of what a projective transform makes of a picture. Each pixel is read at the place that its middle comes from, by cubic convolution (Keys, a = -0.5) over 4 x 4 pixels: measured
 * against marks of known places the corners are right within 0.05 pixels. FFmpeg's filter `perspective` was not used: it keeps the size of the old picture and rounds places to 1/256.
 * Throws MediaError.
 */
export function warpStill(frame: VideoFrame, { back, width, height, quality = 95 }: Warp): Uint8Array {
  if (back.length !== 9 || !back.every(Number.isFinite)) throw new MediaError(`expected nine numbers that take a place to where it comes from, got ${back.join(', ')}`);
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) throw new MediaError(`expected a size in whole pixels, got ${width}x${height}`);
  const encoder = new JpegEncoder(quality);
  const from = toRgb(nativeOf(frame));
  const to = newFrame(width, height, AV_PIX_FMT_RGB24);
  try {
    resample(planeOf(from), planeOf(to), back);
    const prepared = encoder.prepare(to, (size) => size);
    try {
      return encoder.encode(prepared);
    } finally {
      prepared.free();
    }
  } finally {
    from.free();
    to.free();
    encoder.close();
  }
}

/** Three bytes a pixel. */
interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

function planeOf({ data, linesize, width, height }: Frame): Plane {
  const [pixels, stride] = [data?.[0], linesize[0]];
  if (!pixels || !stride) throw new MediaError(`no pixels of a ${width}x${height} picture`);
  return { data: pixels, stride, width, height };
}

function resample(from: Plane, to: Plane, back: readonly number[]): void {
  const [a, b, c, d, e, f, g, h, i] = back as [number, number, number, number, number, number, number, number, number];
  const places = placesAPixel(to, back);
  const sum = new Float64Array(3);
  for (let row = 0; row < to.height; row += 1) {
    for (let column = 0; column < to.width; column += 1) {
      sum.fill(0);
      for (let part = 0; part < places * places; part += 1) {
        const u = column + ((part % places) + 0.5) / places;
        const v = row + (Math.floor(part / places) + 0.5) / places;
        const w = g * u + h * v + i;
        addPixel(from, (a * u + b * v + c) / w, (d * u + e * v + f) / w, sum);
      }
      const at = row * to.stride + 3 * column;
      for (let channel = 0; channel < 3; channel += 1) to.data[at + channel] = Math.min(255, Math.max(0, Math.round((sum[channel] as number) / (places * places))));
    }
  }
}

const across = new Float64Array(4);
const down = new Float64Array(4);

function addPixel({ data, stride, width, height }: Plane, x: number, y: number, sum: Float64Array): void {
  if (!(x >= 0 && y >= 0 && x <= width && y <= height)) {
    for (let channel = 0; channel < 3; channel += 1) sum[channel] = (sum[channel] as number) + BESIDE;
    return;
  }
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  weigh(x - 0.5 - left, across);
  weigh(y - 0.5 - top, down);
  for (let row = 0; row < 4; row += 1) {
    const line = Math.min(height - 1, Math.max(0, top - 1 + row)) * stride;
    const weight = down[row] as number;
    for (let column = 0; column < 4; column += 1) {
      const at = line + 3 * Math.min(width - 1, Math.max(0, left - 1 + column));
      const share = weight * (across[column] as number);
      sum[0] = (sum[0] as number) + share * (data[at] as number);
      sum[1] = (sum[1] as number) + share * (data[at + 1] as number);
      sum[2] = (sum[2] as number) + share * (data[at + 2] as number);
    }
  }
}

/** Of the four pixels around a place, `t` behind the second of them. */
function weigh(t: number, into: Float64Array): void {
  const [t2, t3] = [t * t, t * t * t];
  into[0] = -0.5 * t + t2 - 0.5 * t3;
  into[1] = 1 - 2.5 * t2 + 1.5 * t3;
  into[2] = 0.5 * t + 2 * t2 - 1.5 * t3;
  into[3] = -0.5 * t2 + 0.5 * t3;
}

/** How many pixels of the old picture lie along one of the new one, where that is the most: at a corner. */
function placesAPixel({ width, height }: Plane, [a, b, c, d, e, f, g, h, i]: readonly number[]): number {
  const place = (u: number, v: number): [number, number] => {
    const w = (g as number) * u + (h as number) * v + (i as number);
    return [((a as number) * u + (b as number) * v + (c as number)) / w, ((d as number) * u + (e as number) * v + (f as number)) / w];
  };
  let most = 1;
  for (const u of [0, width - 1]) for (const v of [0, height - 1]) {
    const [x, y] = place(u, v);
    for (const [nextX, nextY] of [place(u + 1, v), place(u, v + 1)]) most = Math.max(most, Math.hypot(nextX - x, nextY - y));
  }
  // A little smaller is no reason for four times the work.
  return most < 1.3 ? 1 : Math.min(MOST_PLACES, Math.ceil(most));
}
