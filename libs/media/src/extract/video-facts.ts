import type { FormatContext, Stream } from 'node-av/lib';
import { openVideoFile } from './open-video-file.js';

/** What a video file says of itself, before anything in it is decoded. */
export interface VideoFacts {
  /** Of stored pixels: not yet turned upright. */
  readonly width: number;
  readonly height: number;
  /** 0: it does not say. */
  readonly seconds: number;
  /** As the container counts them, or by length and rate. */
  readonly pictures: number;
  /** When it was taken, in milliseconds since 1970; null: it does not say, or something that cannot be. */
  readonly takenAtMs: number | null;
}

/** Containers that nobody told the time say 1904 or 1970; nothing was recorded digitally before. */
const EARLIEST_MS = Date.UTC(1990, 0);
const DAY_MS = 86_400_000;
const USUAL_RATE = 25;

/** Throws VideoFileError where there is no video. */
export async function videoFacts(path: string): Promise<VideoFacts> {
  const { context, stream, seconds } = await openVideoFile(path);
  try {
    const { width, height } = stream.codecpar;
    const length = seconds ?? 0;
    return { width, height, seconds: length, pictures: picturesOf(stream, length), takenAtMs: takenAt(context, stream) };
  } finally {
    await context.closeInput();
  }
}

function picturesOf({ nbFrames, avgFrameRate: { num, den } }: Stream, seconds: number): number {
  if (nbFrames > 0n) return Number(nbFrames);
  return Math.ceil(seconds * (num > 0 && den > 0 ? num / den : USUAL_RATE));
}

/** Phones of one maker write the time with its zone beside the one that all write. */
function takenAt(context: FormatContext, stream: Stream): number | null {
  for (const text of [context.metadata?.get('com.apple.quicktime.creationdate'), context.metadata?.get('creation_time'), stream.metadata?.get('creation_time')]) {
    const ms = text ? Date.parse(text) : Number.NaN;
    if (ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS) return ms;
  }
  return null;
}
