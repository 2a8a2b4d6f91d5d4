import type { HarvestSampling, HarvestSize, PointNormalized, SampleQuality } from '@argus/contracts';
import type { Interval, SegmentMarks } from '@argus/harvest';

/** One segment, and which of its pictures are wanted. */
export interface SegmentOrder {
  readonly request: number;
  readonly path: string;
  /** Wall time of its first picture. */
  readonly startMs: number;
  /** Of the calendar, as far as they touch the segment. */
  readonly intervals: readonly Interval[];
  readonly sampling: HarvestSampling;
  readonly marks: SegmentMarks;
  /** Of the segment before; see chooseFrames. */
  readonly lastSlot: number | null;
  /** Pictures at most; null: all that are chosen. */
  readonly most: number | null;
  /** Media time of the last picture that is done; null: none is. */
  readonly afterUs: number | null;
  readonly size: HarvestSize;
  readonly jpegQuality: number;
  /** Covered in every picture; none: nothing. */
  readonly masks: readonly (readonly PointNormalized[])[];
  /** False: only `lastSlot` is asked for. */
  readonly extracts: boolean;
  /** Threads of the decoder. */
  readonly threads: number;
}

export interface TakenFrame {
  readonly frameIndex: number;
  readonly ptsUs: number;
  readonly width: number;
  readonly height: number;
  readonly jpeg: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly quality: SampleQuality;
}

export type FromExtractor =
  | { readonly type: 'ready' }
  | { readonly type: 'frame'; readonly request: number; readonly frame: TakenFrame }
  | { readonly type: 'done'; readonly request: number; readonly lastSlot: number | null }
  | { readonly type: 'failed'; readonly request: number; readonly message: string };
