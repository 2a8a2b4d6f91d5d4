import { basename, join } from 'node:path';
import type { StreamCodec } from '@argus/contracts';
import { FootageFileError } from './footage-file-error.js';

/** One group of pictures in a segment: it begins with a key frame, and its bytes (moof and mdat) make sense behind any equal head. */
export interface FragmentDescription {
  readonly offset: number;
  readonly bytes: number;
  /** Since the segment's start, with microseconds as fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly packets: number;
}

/** A file of footage: about ten seconds of one connection to a camera. */
export interface SegmentDescription {
  readonly id: string;
  readonly path: string;
  /** Wall time. */
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
  readonly headBytes: number;
  /** A digest of what a decoder is set up with: fragments of segments with the same one can follow each other in one film. */
  readonly headId: string;
  readonly codec: StreamCodec;
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
  readonly hasAudio: boolean;
  /** As the writer was told; null when the description was read from the file, which does not hold it. */
  readonly connection: string | null;
  readonly fragments: readonly FragmentDescription[];
}

/** After a segment's file name while it is written: what still has it when nobody writes was left by a crash. */
export const OPEN_SUFFIX = '.part';
const NAME = /^(\d{1,15})-([0-9A-Za-z-]{1,64})\.mp4(\.part)?$/;

export interface SegmentName {
  readonly startMs: number;
  readonly id: string;
  readonly open: boolean;
}

/** Where a closed segment lies; while it is open, `OPEN_SUFFIX` follows. */
export const pathOf = (folder: string, startMs: number, id: string): string => join(folder, `${startMs}-${id}.mp4`);

/** Throws FootageFileError when the file is not named like a segment. */
export function parseName(path: string): SegmentName {
  const match = NAME.exec(basename(path));
  if (match === null) throw new FootageFileError(`expected a segment named START_MS-ID.mp4 or .mp4.part, got ${path}`, { path });
  return { startMs: Number(match[1]), id: match[2] ?? '', open: match[3] !== undefined };
}
