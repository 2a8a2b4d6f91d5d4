import { storedPhash } from '@argus/database';
import type { TakenFrame } from './child/messages.js';
import type { TakenSample } from './taken-sample.js';
import type { NearDuplicates } from './near-duplicates.js';
import type { WorkerShards } from './worker-shards.js';

/** What a source knows of a picture besides the picture. */
export type FrameOrigin = Pick<TakenSample, 'name' | 'group' | 'video' | 'wallMs' | 'timeZone' | 'tzVersion' | 'isOriginal'>;

export interface KeptFrames {
  readonly samples: readonly TakenSample[];
  /** Left out, because they were nearly those before. */
  readonly near: number;
}

/** Puts pictures into the shards, without those that are nearly known, and makes them durable. `near` null: all are kept. */
export async function keepFrames(frames: readonly TakenFrame[], near: NearDuplicates | null, shards: WorkerShards, originOf: (frame: TakenFrame) => FrameOrigin): Promise<KeptFrames> {
  const kept = frames.filter(({ quality }) => near === null || !near.isNear(quality.phash));
  const samples: TakenSample[] = [];
  for (const frame of kept) {
    const { frameIndex, ptsUs, width, height, jpeg, quality } = frame;
    const { sha256 } = await shards.put(jpeg, 'jpg');
    const thumbnail = await shards.put(frame.thumbnail, 'jpg');
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
  // Before the rows that name them: a row never names what is not on the disk.
  if (samples.length > 0) await shards.commit();
  return { samples, near: frames.length - kept.length };
}
