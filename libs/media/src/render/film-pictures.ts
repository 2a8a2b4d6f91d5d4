import type { FootagePiece } from '@argus/footage';
import { openClip, type ClipReader } from '../clip-reader.js';
import { requireNative, type NativeFrame } from '../native-frame.js';
import type { FilmFootage } from './film-footage.js';

/** A decoded picture and when it was taken. The reader frees the frame. */
export interface FilmPicture {
  readonly frame: NativeFrame;
  readonly wallMs: number;
}

/** A picture that is due half a millisecond before a border counts as behind it: times of files are rounded. */
const ROUNDING_MS = 0.5;

/**
 * The pictures of a piece that were taken in [fromMs, toMs), in their order. A segment is short, so it is decoded from its beginning.
 * @param signal asked at those before the range too, which nobody sees
 */
export async function* picturesOf({ segment, first, last }: Pick<FootagePiece, 'segment' | 'first' | 'last'>, fromMs: number, toMs: number, footage: FilmFootage, signal?: AbortSignal): AsyncGenerator<FilmPicture, void, undefined> {
  const [from, to] = [segment.fragments[first], segment.fragments[last]];
  if (from === undefined || to === undefined) return;
  const begin = Math.max(fromMs, segment.startMs + from.startMs) - ROUNDING_MS;
  const end = Math.min(toMs, segment.startMs + to.startMs + to.durationMs) - ROUNDING_MS;
  const file = await footage.borrow(segment.path);
  let clip: ClipReader | null = null;
  try {
    clip = await openClip(file.path);
    for await (const frame of clip.frames()) {
      const wallMs = segment.startMs + frame.ptsUs / 1000;
      if (wallMs >= end || signal?.aborted === true) {
        frame.free();
        signal?.throwIfAborted();
        return;
      }
      if (wallMs < begin) frame.free();
      else yield { frame: requireNative(frame), wallMs };
    }
  } finally {
    await clip?.close();
    await file.giveBack();
  }
}
