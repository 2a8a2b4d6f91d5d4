import type { SampleQuality } from '@argus/contracts';
import type { DamagedStretch } from './damage-log.js';

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
