import { AV_PIX_FMT_YUV444P } from 'node-av/constants';
import { nativeOf } from '../native-frame.js';
import { SizedScaler } from '../sized-scaler.js';
import type { VideoFrame } from '../video-frame.js';
import { extractFrames } from './extract-frames.js';

/** Luma tells most; colours tell scenes of one brightness apart. */
const BINS = [32, 16, 16] as const;
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

/** Decodes a whole film. Throws VideoFileError. */
export async function pictureHistograms(path: string, { threads }: { readonly threads: number }): Promise<PictureHistograms> {
  const counter = new HistogramCounter();
  const rows: Float32Array[] = [];
  const [frameIndex, ptsUs]: [number[], number[]] = [[], []];
  try {
    // The JPEGs are so small that making them is not worth a way around it.
    const frames = extractFrames({ path, choice: { kind: 'frames', every: 1 }, size: { width: 16, height: 16 }, quality: 30, threads, repaint: (frame) => (rows.push(counter.count(frame)), frame) });
    for await (const frame of frames) {
      frameIndex.push(frame.frameIndex ?? frameIndex.length);
      ptsUs.push(frame.ptsUs);
    }
  } finally {
    counter.close();
  }
  const values = new Float32Array(rows.length * counter.bins);
  for (const [place, row] of rows.entries()) values.set(row, place * counter.bins);
  return { bins: counter.bins, values, frameIndex, ptsUs };
}

class HistogramCounter {
  readonly bins = BINS.reduce((sum, bins) => sum + bins, 0);
  readonly #scaler = new SizedScaler('area');

  count(frame: VideoFrame): Float32Array {
    const { planes, strides } = this.#scaler.scale(nativeOf(frame), WIDTH, HEIGHT, AV_PIX_FMT_YUV444P);
    const counts = new Float32Array(this.bins);
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
