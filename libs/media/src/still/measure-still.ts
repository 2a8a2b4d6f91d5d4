import type { SampleQuality } from '@argus/contracts';
import { AV_PIX_FMT_GRAY8, AVCOL_RANGE_JPEG } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { nativeOf } from '../native-frame.js';
import { SizedScaler } from '../sized-scaler.js';
import type { VideoFrame } from '../video-frame.js';
import { HASH_SIDE, perceptualHash } from './perceptual-hash.js';

/** Sharpness is comparable between cameras only at one size. */
const WIDTH = 640;

/**
 * Measures how good a picture is, on its luma. A 640x360 luma takes about a millisecond here; keep one meter for the pictures of a file: its scalers are kept.
 * Not for two callers at once.
 */
export class StillMeter {
  readonly #sizes = new SizedScaler('area', AVCOL_RANGE_JPEG);
  readonly #hashes = new SizedScaler('area', AVCOL_RANGE_JPEG);

  measure(frame: VideoFrame): SampleQuality {
    return this.measureNative(nativeOf(frame));
  }

  measureNative(frame: Frame): SampleQuality {
    const width = Math.min(WIDTH, frame.width);
    const height = Math.max(1, Math.round((frame.height * width) / frame.width));
    const luma = this.#lumaOf(this.#sizes, frame, width, height);
    return { sharpness: laplacianVariance(luma, width, height), brightness: meanOf(luma) / 255, phash: perceptualHash(this.#lumaOf(this.#hashes, frame, HASH_SIDE, HASH_SIDE)) };
  }

  close(): void {
    this.#sizes.close();
    this.#hashes.close();
  }

  #lumaOf(scaler: SizedScaler, frame: Frame, width: number, height: number): Uint8Array {
    const { planes, strides } = scaler.scale(frame, width, height, AV_PIX_FMT_GRAY8);
    const [plane, stride] = [planes[0] as Buffer, strides[0] ?? width];
    if (stride === width) return plane.subarray(0, width * height);
    const luma = new Uint8Array(width * height);
    for (let row = 0; row < height; row += 1) luma.set(plane.subarray(row * stride, row * stride + width), row * width);
    return luma;
  }
}

/** Sharpness, brightness and hash of one picture. */
export function measureStill(frame: VideoFrame): SampleQuality {
  const meter = new StillMeter();
  try {
    return meter.measure(frame);
  } finally {
    meter.close();
  }
}

function meanOf(luma: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < luma.length; at += 1) sum += luma[at] as number;
  return sum / Math.max(1, luma.length);
}

/** Of the four-neighbour Laplacian inside of the edge; 0 for a picture too small to have an inside. */
function laplacianVariance(luma: Uint8Array, width: number, height: number): number {
  let [sum, squares] = [0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * width + 1, end = (y + 1) * width - 1; at < end; at += 1) {
      const value = (luma[at - 1] as number) + (luma[at + 1] as number) + (luma[at - width] as number) + (luma[at + width] as number) - 4 * (luma[at] as number);
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(0, width - 2) * Math.max(0, height - 2);
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2);
}
