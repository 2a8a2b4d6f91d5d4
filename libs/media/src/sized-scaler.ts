import type { AVColorRange, AVPixelFormat } from 'node-av/constants';
import { SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from './cut-frame.js';
import { MediaError } from './media-error.js';

/** Pixels in native memory, seen from here: each plane's bytes and the distance of its rows. */
export interface ScaledPicture {
  readonly planes: Buffer[];
  readonly strides: number[];
}

interface Output extends ScaledPicture {
  readonly frame: Frame;
}

/**
 * A native scaler with its output kept: cameras send one size, so the output is made once. So are the views of it: each new one
 * counts for the garbage collector as if its pixels were new (measured: a full collection every 60 pictures).
 */
export class SizedScaler {
  readonly #context = new SoftwareScaleContext();
  #output: Output | null = null;

  /**
   * @param method bilinear: for models; area: the mean of what a pixel covers.
   * @param range of the output; undefined: as the native library chooses.
   */
  constructor(
    method: 'bilinear' | 'area',
    private readonly range?: AVColorRange,
  ) {
    this.#context.allocContext();
    this.#context.setOption('sws_flags', method);
  }

  /** Valid until the next call. Throws MediaError. */
  scale(source: Frame, width: number, height: number, format: AVPixelFormat): ScaledPicture {
    const output = this.#outputOf(width, height, format);
    const result = this.#context.scaleFrameSync(output.frame, source);
    if (result < 0) throw new MediaError(`could not scale ${source.width}x${source.height} to ${width}x${height} (native error ${result})`);
    return output;
  }

  close(): void {
    this.#output?.frame.free();
    this.#output = null;
    this.#context.freeContext();
  }

  #outputOf(width: number, height: number, format: AVPixelFormat): Output {
    const kept = this.#output?.frame;
    if (this.#output !== null && kept?.width === width && kept.height === height && kept.format === format) return this.#output;
    kept?.free();
    const frame = newFrame(width, height, format);
    if (this.range !== undefined) frame.colorRange = this.range;
    this.#output = { frame, planes: frame.data ?? [], strides: frame.linesize };
    return this.#output;
  }
}
