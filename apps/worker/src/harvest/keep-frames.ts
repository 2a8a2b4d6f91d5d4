import { storedPhash } from '@argus/database';
import type { TakenFrame } from './child/messages.js';
import type { TakenSample } from './taken-sample.js';
import type { NearDuplicates } from './near-duplicates.js';
import type { PictureShelf } from './picture-shelf.js';

/** What a source knows of a picture besides the picture. */
export type FrameOrigin = Pick<TakenSample, 'name' | 'group' | 'video' | 'wallMs' | 'timeZone' | 'tzVersion' | 'isOriginal'>;

export interface KeptFrames {
  readonly samples: readonly TakenSample[];
  /** Left out, because they were nearly those before. */
  readonly near: number;
}

/** Puts pictures away, without those that are nearly known; not durable yet. `near` null: all are kept. */
export async function keepFrames(frames: readonly TakenFrame[], near: NearDuplicates | null, shelf: Pick<PictureShelf, 'put'>, originOf: (frame: TakenFrame) => FrameOrigin): Promise<KeptFrames> {
  const kept = frames.filter(({ quality }) => near === null || !near.isNear(quality.phash));
  const samples: TakenSample[] = [];
  for (const frame of kept) {
    const { frameIndex, ptsUs, width, height, jpeg, quality } = frame;
    const { sha256 } = await shelf.put(jpeg, 'jpg');
    const thumbnail = await shelf.put(frame.thumbnail, 'jpg');
    samples.push({
      ...originOf(frame),
      sha256: Buffer.from(sha256, 'hex'),
      thumbnail: Buffer.from(thumbnail.sha256, 'hex'),
      mime: 'image/jpeg',
      bytes: jpeg.byteLength,
      width,
      height,
      frameIndex,
      ptsUs,
      sharpness: quality.sharpness,
      brightness: quality.brightness,
      phash: storedPhash(quality.phash),
    });
  }
  return { samples, near: frames.length - kept.length };
}
