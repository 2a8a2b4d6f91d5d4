import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { nativeOf } from './native-frame.js';
import { SizedScaler } from './sized-scaler.js';
import type { VideoFrame } from './video-frame.js';

/** Width of the low-resolution picture: a person of 30x80 px in 768 is 8x20 there, and sensor noise is averaged away. */
const WIDTH = 192;
/** A pixel has changed when its luma moved by more than this, on the scale 0 to 255 (12 of video's 219 steps). */
const STEP = 14;

/**
 * How much of the picture changed since the last one, 0..1, measured on low-resolution luma. Scaled natively; the 20,000 pixels
 * that are left are compared here: 0.02 ms, where the native library's filters for it took 0.25 ms and 40 kB of garbage.
 * Give it one camera's frames in order.
 */
export class MotionMeter {
  readonly #scaler = new SizedScaler('area');
  #before: Uint8Array | null = null;
  #now: Uint8Array = new Uint8Array(0);
  #shape = '';

  /** Share of changed pixels since the frame before. The first frame, and the first of another size, is all new: 1. */
  changedShare(frame: VideoFrame): number {
    const shape = `${frame.width}x${frame.height}`;
    const height = Math.max(2, Math.round((WIDTH * frame.height) / frame.width / 2) * 2);
    const scaled = this.#scaler.scale(nativeOf(frame), WIDTH, height, AV_PIX_FMT_GRAY8);
    const pixels = scaled.planes[0];
    const stride = scaled.strides[0] ?? WIDTH;
    const isFirst = this.#before === null || shape !== this.#shape;
    if (isFirst) {
      this.#shape = shape;
      this.#before = new Uint8Array(WIDTH * height);
      this.#now = new Uint8Array(WIDTH * height);
    }
    for (let row = 0; row < height; row += 1) if (pixels) this.#now.set(pixels.subarray(row * stride, row * stride + WIDTH), row * WIDTH);
    const before = this.#before ?? this.#now;
    const changed = isFirst ? before.length : countChanged(before, this.#now);
    this.#before = this.#now;
    this.#now = before;
    return changed / before.length;
  }

  close(): void {
    this.#scaler.close();
    this.#before = null;
  }
}

function countChanged(before: Uint8Array, now: Uint8Array): number {
  let changed = 0;
  for (let index = 0; index < now.length; index += 1) {
    const step = (now[index] as number) - (before[index] as number);
    if (step > STEP || step < -STEP) changed += 1;
  }
  return changed;
}
