import { AV_PIX_FMT_YUV444P } from 'node-av/constants';
import { nativeOf } from '../native-frame.js';
import { SizedScaler } from '../sized-scaler.js';
import type { VideoFrame } from '../video-frame.js';
import { extractFrames } from './extract-frames.js';

/** Luma tells most; colours tell scenes of one brightness apart. */
const BINS = [32, 16, 16] as const;
/** Numbers of a picture. */
export const HISTOGRAM_BINS = BINS.reduce((sum, bins) => sum + bins, 0);
/** Few enough pixels that counting them costs less than decoding; grain and compression are averaged away. */
const [WIDTH, HEIGHT] = [64, 36];

/** Small histograms of all pictures of a film, in the order in which they are shown. */
export interface PictureHistograms {
  /** Numbers of a picture: its shares of pixels by brightness and by two colours. */
  readonly bins: number;
  readonly values: Float32Array;
  /** Number of each picture in the film, and its media time. */
  readonly frameIndex: readonly number[];
  readonly ptsUs: readonly number[];
}

/** Of one picture. */
export interface MeasuredPicture {
  readonly frameIndex: number;
  readonly ptsUs: number;
  /** Pixels of each bin; none is above 65,535. */
  readonly counts: Float32Array;
}

export interface HistogramOptions {
  readonly threads: number;
  /** Pictures from the beginning of the film that were measured before. */
  readonly known?: readonly MeasuredPicture[];
  /** Told of each that is measured now, in order. */
  readonly onPicture?: (picture: MeasuredPicture) => Promise<void>;
}

/** Decodes a whole film, or what is left of it. Throws VideoFileError. */
export async function pictureHistograms(path: string, { threads, known = [], onPicture }: HistogramOptions): Promise<PictureHistograms> {
  const counter = new HistogramCounter();
  const counted: Float32Array[] = [];
  const pictures = [...known];
  try {
    const fromFrameIndex = (known.at(-1)?.frameIndex ?? -1) + 1;
    // The JPEGs are so small that making them is not worth a way around it.
    const frames = extractFrames({ path, choice: { kind: 'frames', every: 1 }, size: { width: 16, height: 16 }, quality: 30, threads, fromFrameIndex, repaint: (frame) => (counted.push(counter.count(frame)), frame) });
    for await (const { frameIndex, ptsUs } of frames) {
      const picture = { frameIndex: frameIndex ?? pictures.length, ptsUs, counts: counted.shift() as Float32Array };
      pictures.push(picture);
      await onPicture?.(picture);
    }
  } finally {
    counter.close();
  }
  const values = new Float32Array(pictures.length * HISTOGRAM_BINS);
  for (const [place, { counts }] of pictures.entries()) values.set(counts, place * HISTOGRAM_BINS);
  return { bins: HISTOGRAM_BINS, values, frameIndex: pictures.map(({ frameIndex }) => frameIndex), ptsUs: pictures.map(({ ptsUs }) => ptsUs) };
}

class HistogramCounter {
  readonly #scaler = new SizedScaler('area');

  count(frame: VideoFrame): Float32Array {
    const { planes, strides } = this.#scaler.scale(nativeOf(frame), WIDTH, HEIGHT, AV_PIX_FMT_YUV444P);
    const counts = new Float32Array(HISTOGRAM_BINS);
    let first = 0;
    for (const [plane, bins] of BINS.entries()) {
      const [pixels, stride] = [planes[plane] as Buffer, strides[plane] as number];
      for (let row = 0; row < HEIGHT; row += 1) {
        for (let at = row * stride; at < row * stride + WIDTH; at += 1) {
          const bin = first + (((pixels[at] as number) * bins) >> 8);
          counts[bin] = (counts[bin] as number) + 1;
        }
      }
      first += bins;
    }
    return counts;
  }

  close(): void {
    this.#scaler.close();
  }
}
