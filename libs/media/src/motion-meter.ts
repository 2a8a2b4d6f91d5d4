import { AV_BUFFERSRC_FLAG_KEEP_REF } from 'node-av/constants';
import { Filter, FilterGraph, FilterInOut, Frame, type FilterContext } from 'node-av/lib';
import { MediaError } from './media-error.js';
import { nativeOf } from './native-frame.js';
import type { VideoFrame } from './video-frame.js';

/** Width of the low-resolution picture: a person of 30x80 px in 768 is 8x20 there, and sensor noise is averaged away. */
const WIDTH = 192;
/** A pixel has changed when its luma moved by more than this (of 255). */
const STEP = 12;
const MEAN = 'lavfi.signalstats.YAVG';

/**
 * How much of the picture changed since the last one, 0..1, measured on low-resolution luma inside the native library.
 * Give it one camera's frames in order.
 */
export class MotionMeter {
  #graph: MeterGraph | null = null;

  /** Share of changed pixels since the frame before. The first frame, and the first of another size, is all new: 1. */
  changedShare(frame: VideoFrame): number {
    const native = nativeOf(frame);
    if (this.#graph !== null && !this.#graph.fits(native)) this.close();
    this.#graph ??= new MeterGraph(native);
    return this.#graph.measure(native) ?? 1;
  }

  close(): void {
    this.#graph?.close();
    this.#graph = null;
  }
}

/** scale down, difference to the frame before, threshold to 0 or 255, mean. */
class MeterGraph {
  readonly #graph = new FilterGraph();
  readonly #input: FilterContext;
  readonly #output: FilterContext;
  readonly #result = new Frame();
  readonly #shape: string;

  constructor(frame: Frame) {
    this.#shape = shapeOf(frame);
    const height = Math.max(2, Math.round((WIDTH * frame.height) / frame.width / 2) * 2);
    this.#graph.alloc();
    this.#graph.nbThreads = 1;
    this.#input = this.#add('buffer', 'in', this.#shape);
    this.#output = this.#add('buffersink', 'out', null);
    const chain = `[in]scale=${WIDTH}:${height}:flags=area,format=yuv420p,tblend=all_mode=difference,lutyuv=y=255*gt(val\\,${STEP}),signalstats[out]`;
    const outputs = FilterInOut.createList([{ name: 'in', filterCtx: this.#input, padIdx: 0 }]);
    const inputs = FilterInOut.createList([{ name: 'out', filterCtx: this.#output, padIdx: 0 }]);
    const result = Math.min(this.#graph.parsePtr(chain, inputs, outputs), this.#graph.configSync());
    if (result < 0) throw new MediaError(`could not build the motion filters for ${this.#shape} (native error ${result})`);
    this.#result.alloc();
  }

  fits(frame: Frame): boolean {
    return shapeOf(frame) === this.#shape;
  }

  /** null: the first frame, nothing to compare with. */
  measure(frame: Frame): number | null {
    const sent = this.#input.buffersrcAddFrameSync(frame, AV_BUFFERSRC_FLAG_KEEP_REF);
    if (sent < 0) throw new MediaError(`the motion filters refused a frame (native error ${sent})`);
    let share: number | null = null;
    while (this.#output.buffersinkGetFrameSync(this.#result) >= 0) {
      share = Number(this.#result.getMetadata().get(MEAN)) / 255;
      this.#result.unref();
    }
    return share;
  }

  close(): void {
    this.#result.free();
    this.#graph.free();
  }

  #add(filter: string, name: string, options: string | null): FilterContext {
    const found = Filter.getByName(filter);
    const made = found === null ? null : this.#graph.createFilter(found, name, options);
    if (made === null) throw new MediaError(`could not make the filter ${filter} (${options ?? 'no options'})`);
    return made;
  }
}

const shapeOf = (frame: Frame): string =>
  `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=1/1000000:pixel_aspect=1/1:colorspace=${frame.colorSpace}:range=${frame.colorRange}`;
