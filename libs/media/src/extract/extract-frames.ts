import { availableParallelism } from 'node:os';
import type { SampleQuality, SizePixels } from '@argus/contracts';
import type { VideoFrame } from '../video-frame.js';
import type { DamagedStretch } from './damage-log.js';
import { FrameExtraction } from './frame-extraction.js';
import { pictureChoice, type FrameChoice } from './picture-choice.js';

export interface ExtractOptions {
  readonly path: string;
  readonly choice: FrameChoice;
  /** Pictures are made to fit into it, never larger; null: as they are. */
  readonly size?: SizePixels | null;
  /** Of the JPEG, 1 to 100; default 92. */
  readonly quality?: number;
  /** Pictures before this number are not given out, nor decoded without need; numbers are the same as from the beginning. */
  readonly fromFrameIndex?: number;
  /** Threads of the decoder; default all cores. */
  readonly threads?: number;
  /** Decode on a device of this machine, where one proves itself. */
  readonly hardware?: boolean;
  /** Sharpness, brightness and hash of each picture. */
  readonly measure?: boolean;
  /** SHA-256 of each decoded picture. */
  readonly digest?: boolean;
  /** Makes another picture of each, for privacy masks say; freed here. */
  readonly repaint?: (frame: VideoFrame) => VideoFrame;
  readonly signal?: AbortSignal;
}

/** A picture of a video file. */
export interface ExtractedFrame {
  /** In the order in which pictures are shown, from 0. null: a time was wanted far behind the one before, and the pictures between were not looked at. */
  readonly frameIndex: number | null;
  /** Media time, 0 for the first picture. */
  readonly ptsUs: number;
  /** Of the JPEG. */
  readonly width: number;
  readonly height: number;
  readonly jpeg: Uint8Array;
  readonly keyframe: boolean;
  /** Parts of it may be guessed: it, or what it refers to, could not be decoded as it was meant. */
  readonly damaged: boolean;
  readonly quality: SampleQuality | null;
  readonly rgbSha256: string | null;
}

/** What became of a file. */
export interface ExtractReport {
  /** Encoded pictures read, decoded, given out. */
  readonly read: number;
  readonly decoded: number;
  readonly given: number;
  /** Wanted, but no decoder could make a picture of them. */
  readonly missing: number;
  /** Errors, and where: pictures around them may be damaged or missing. */
  readonly errors: number;
  readonly stretches: readonly DamagedStretch[];
  /** What decoded, e.g. `h264 (software, 2 threads)`. */
  readonly decoder: string;
  /** Length in seconds as the file says. */
  readonly seconds: number | null;
  /** Media time up to which the file was looked at. */
  readonly atUs: number;
}

/** Iterate it once; `report` is right at any time. */
export interface Extraction extends AsyncIterable<ExtractedFrame> {
  readonly report: ExtractReport;
}

/**
 * Pictures of one video file as JPEGs, in the order in which they are shown. A file that is damaged in places gives what can be decoded. Iterating throws VideoFileError where there is no video,
 * and the signal's reason when it is aborted. Throws MediaError for options that make no sense.
 *
 * Works in the caller's thread, and lets others in every few pictures: for a process of its own.
 */
export function extractFrames(options: ExtractOptions): Extraction {
  const { path, size = null, quality = 92, fromFrameIndex = 0, threads = availableParallelism(), hardware = false, measure = false, digest = false, repaint = null, signal = null } = options;
  return new FrameExtraction({ path, choice: pictureChoice(options.choice), size, quality, fromFrameIndex, threads, hardware, measure, digest, repaint, signal });
}
