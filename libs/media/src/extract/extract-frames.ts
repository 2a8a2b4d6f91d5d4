import { availableParallelism } from 'node:os';
import type { SizePixels } from '@argus/contracts';
import type { VideoFrame } from '../video-frame.js';
import type { Extraction } from './extracted-frame.js';
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
