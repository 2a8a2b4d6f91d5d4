import type { SizePixels } from '@argus/contracts';
import { NativeFrame } from '../native-frame.js';
import { JpegEncoder } from '../still/jpeg-encoder.js';
import { StillMeter } from '../still/measure-still.js';
import { rgbDigest } from '../still/rgb-digest.js';
import type { VideoFrame } from '../video-frame.js';
import type { ExtractedFrame } from './extracted-frame.js';
import { fitSize } from './fit-size.js';

export interface FrameWriterOptions {
  readonly size: SizePixels | null;
  readonly quality: number;
  readonly measure: boolean;
  readonly digest: boolean;
  readonly repaint: ((frame: VideoFrame) => VideoFrame) | null;
}

/** Makes of decoded pictures what is given out. */
export class FrameWriter {
  readonly #options: FrameWriterOptions;
  readonly #encoder: JpegEncoder;
  readonly #meter = new StillMeter();

  constructor(options: FrameWriterOptions) {
    this.#options = options;
    this.#encoder = new JpegEncoder(options.quality);
  }

  /** The frame stays the caller's. */
  write(frame: NativeFrame): Pick<ExtractedFrame, 'width' | 'height' | 'jpeg' | 'quality' | 'rgbSha256'> {
    const { repaint, size, measure, digest } = this.#options;
    const painted = repaint?.(frame) ?? frame;
    if (!(painted instanceof NativeFrame)) throw new TypeError('expected a frame of this library from repaint');
    try {
      const prepared = this.#encoder.prepare(painted.native, (upright) => fitSize(upright, size));
      try {
        const quality = measure ? this.#meter.measureNative(prepared) : null;
        return { width: prepared.width, height: prepared.height, jpeg: this.#encoder.encode(prepared), quality, rgbSha256: digest ? rgbDigest(painted) : null };
      } finally {
        prepared.free();
      }
    } finally {
      if (painted !== frame) painted.free();
    }
  }

  close(): void {
    this.#encoder.close();
    this.#meter.close();
  }
}
