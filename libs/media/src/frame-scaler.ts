import type { BoxPixels, Placement } from '@argus/contracts';
import { avImageCopy2, type Frame } from 'node-av/lib';
import { cutFrame } from './cut-frame.js';
import { MediaError } from './media-error.js';
import { requireNative } from './native-frame.js';
import { layoutOf, type PixelLayout } from './pixel-layout.js';
import { planScale, type PixelTarget } from './placement.js';
import { SizedScaler } from './sized-scaler.js';
import type { VideoFrame } from './video-frame.js';

/**
 * Scales frames, or cuts of them, straight into a model's input, uint8, in the target's layout. Colour matrix and range are
 * the frame's own. One scaler per target; not for two callers at once. Measured on 2 shared cores: 1280x720 to 416x234 takes
 * 0.65 ms, of which the copy out of native memory is 0.03 ms; that copy is what keeps vector stores that run past a row's end
 * inside native, padded memory.
 */
export class FrameScaler {
  readonly #target: PixelTarget;
  readonly #layout: PixelLayout;
  readonly #whole = new SizedScaler('bilinear');
  readonly #cuts = new SizedScaler('bilinear');

  constructor(target: PixelTarget) {
    this.#target = target;
    this.#layout = layoutOf(target);
  }

  /**
   * `into` has exactly width * height * 3 bytes; all of them are written. `crop` in source pixels may reach over the frame's
   * edge: what is not there becomes pad. Returns where the frame lies in the target.
   */
  scaleInto(frame: VideoFrame, crop: BoxPixels | null, into: Uint8Array): Placement {
    const { width, height } = this.#target;
    const bytes = width * height * 3;
    if (into.byteLength !== bytes) throw new MediaError(`expected a buffer of ${bytes} bytes for ${width}x${height}, got ${into.byteLength}`);
    const plan = planScale(this.#target, frame, crop);
    this.#layout.padAround(into, plan.target);
    if (plan.source === null) return plan.placement;

    const cut = crop !== null || plan.source.width !== frame.width || plan.source.height !== frame.height;
    const native = requireNative(frame);
    const source: Frame = cut ? cutFrame(native, plan.source) : native.native;
    const { format, strides } = this.#layout;
    try {
      const scaled = (cut ? this.#cuts : this.#whole).scale(source, plan.target.width, plan.target.height, format);
      avImageCopy2(this.#layout.planes(into, plan.target), [...strides], scaled.planes, scaled.strides, format, plan.target.width, plan.target.height);
    } finally {
      if (cut) source.free();
    }
    return plan.placement;
  }

  close(): void {
    this.#whole.close();
    this.#cuts.close();
  }
}
