import type { SizePixels } from '@argus/contracts';
import { AV_PIX_FMT_GRAY8, AVCOL_RANGE_JPEG } from 'node-av/constants';
import { nativeOf } from '../native-frame.js';
import { SizedScaler } from '../sized-scaler.js';
import type { VideoFrame } from '../video-frame.js';
import { extractFrames } from './extract-frames.js';
import { fitSize } from './fit-size.js';

/** How bright a picture of a film is, pixel by pixel, made smaller. */
export interface LumaFrame {
  readonly frameIndex: number;
  /** 0 for the first picture. */
  readonly ptsUs: number;
  /** Of the film. */
  readonly size: SizePixels;
  /** Row by row without gaps, 0..255; the caller's. */
  readonly luma: { readonly width: number; readonly height: number; readonly luma: Uint8Array };
}

export interface LumaOptions {
  readonly path: string;
  /** Pictures are made to fit into it, never larger. */
  readonly within: SizePixels;
  /** Pictures before this number are not given out. */
  readonly fromFrameIndex: number;
  readonly threads: number;
  /** Makes another picture of each, for privacy masks say; freed here. */
  readonly repaint: ((frame: VideoFrame) => VideoFrame) | null;
}

/** All pictures of a film in the order in which they are shown. Throws VideoFileError. */
export async function* lumaPictures({ path, within, fromFrameIndex, threads, repaint }: LumaOptions): AsyncGenerator<LumaFrame, void, undefined> {
  const scaler = new SizedScaler('area', AVCOL_RANGE_JPEG);
  const made: Pick<LumaFrame, 'size' | 'luma'>[] = [];
  const look = (frame: VideoFrame): VideoFrame => {
    const shown = repaint?.(frame) ?? frame;
    made.push(lumaOf(scaler, shown, fitSize(shown, within)));
    return shown;
  };
  try {
    // As for histograms: JPEGs so small cost less than a way around them.
    for await (const { frameIndex, ptsUs } of extractFrames({ path, choice: { kind: 'frames', every: 1 }, fromFrameIndex, size: { width: 16, height: 16 }, quality: 30, threads, repaint: look })) {
      const picture = made.shift();
      if (picture !== undefined && frameIndex !== null) yield { frameIndex, ptsUs, ...picture };
    }
  } finally {
    scaler.close();
  }
}

function lumaOf(scaler: SizedScaler, frame: VideoFrame, { width, height }: SizePixels): Pick<LumaFrame, 'size' | 'luma'> {
  const { planes, strides } = scaler.scale(nativeOf(frame), width, height, AV_PIX_FMT_GRAY8);
  const [pixels, stride] = [planes[0] as Buffer, strides[0] as number];
  const luma = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) luma.set(pixels.subarray(row * stride, row * stride + width), row * width);
  return { size: { width: frame.width, height: frame.height }, luma: { width, height, luma } };
}
