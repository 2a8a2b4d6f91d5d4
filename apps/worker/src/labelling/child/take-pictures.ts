import { pictureTimes } from '@argus/media';
import { takeFrames } from '../../harvest/child/take-frames.js';
import type { TakenFrame } from '../../harvest/child/messages.js';
import type { TakeOrder } from './messages.js';
import { pictureAt } from './picture-at.js';

/** The pictures of a segment that were taken at these times, as a harvest makes them. Times at which it has none are left out. @throws VideoFileError */
export async function takePictures({ path, startMs, masks, atMs, jpegQuality }: TakeOrder, take: (atMs: number, frame: TakenFrame) => Promise<void>): Promise<void> {
  const times = await pictureTimes(path);
  const wanted = new Map<number, number>();
  for (const at of atMs) {
    const number = pictureAt(times.ptsUs, startMs, at);
    if (number !== null) wanted.set(number, at);
  }
  if (wanted.size === 0) return;
  const ptsUs = [...wanted.keys()].sort((a, b) => a - b).map((number) => times.ptsUs[number] as number);
  await takeFrames({ path, choice: { kind: 'times', ptsUs }, size: { kind: 'original' }, jpegQuality, masks, threads: 1 }, times, async (frame) => {
    const at = wanted.get(frame.frameIndex);
    if (at !== undefined) await take(at, frame);
  });
}
