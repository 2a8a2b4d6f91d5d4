import type { AVPixelFormat } from 'node-av/constants';
import { SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from './cut-frame.js';
import { MediaError } from './media-error.js';

/** A native scaler with its output kept: cameras send one size, so the output is made once. */
export class SizedScaler {
  readonly #context = new SoftwareScaleContext();
  #output: Frame | null = null;

  /** @param method bilinear: for models; area: the mean of what a pixel covers. */
  constructor(method: 'bilinear' | 'area') {
    this.#context.allocContext();
    this.#context.setOption('sws_flags', method);
  }

  /** Valid until the next call. Throws MediaError. */
  scale(source: Frame, width: number, height: number, format: AVPixelFormat): Frame {
    const output = this.#outputOf(width, height, format);
    const result = this.#context.scaleFrameSync(output, source);
    if (result < 0) throw new MediaError(`could not scale ${source.width}x${source.height} to ${width}x${height} (native error ${result})`);
    return output;
  }

  close(): void {
    this.#output?.free();
    this.#output = null;
    this.#context.freeContext();
  }

  #outputOf(width: number, height: number, format: AVPixelFormat): Frame {
    const kept = this.#output;
    if (kept !== null && kept.width === width && kept.height === height && kept.format === format) return kept;
    kept?.free();
    this.#output = newFrame(width, height, format);
    return this.#output;
  }
}
