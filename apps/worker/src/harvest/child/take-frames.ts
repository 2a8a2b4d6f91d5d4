import type { HarvestSize, PointNormalized } from '@argus/contracts';
import { extractFrames, PrivacyPainter, thumbnail, type FrameChoice, type PictureTimes } from '@argus/media';
import type { TakenFrame } from './messages.js';
import { nearestNumber } from './nearest-number.js';

/** The matrix shows many at once; on a sharp screen a cell is half as wide. */
export const THUMBNAIL_SIDE = 320;

export interface FrameWish {
  readonly path: string;
  readonly choice: FrameChoice;
  readonly size: HarvestSize;
  readonly jpegQuality: number;
  /** Covered in every picture; none: nothing. */
  readonly masks: readonly (readonly PointNormalized[])[];
  readonly threads: number;
}

/** Pictures of a segment as samples are made of them. @throws VideoFileError */
export async function takeFrames({ path, choice, size, jpegQuality, masks, threads }: FrameWish, times: PictureTimes, take: (frame: TakenFrame) => Promise<void>): Promise<void> {
  const places = new Map(times.ptsUs.map((ptsUs, index) => [ptsUs, index]));
  const painter = masks.length > 0 ? new PrivacyPainter(masks) : null;
  try {
    const frames = extractFrames({ path, choice, size: size.kind === 'fit' ? size : null, quality: jpegQuality, threads, measure: true, ...(painter ? { repaint: (frame) => painter.paint(frame) } : {}) });
    for await (const { frameIndex, ptsUs, width, height, jpeg, quality, damaged } of frames) {
      // What is guessed by the decoder teaches a model nothing.
      if (damaged || quality === null) continue;
      await take({ frameIndex: frameIndex ?? nearestNumber(places, ptsUs), ptsUs, width, height, jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), quality });
    }
  } finally {
    painter?.close();
  }
}
