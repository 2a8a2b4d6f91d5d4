import type { HarvestSampling, HarvestSize } from '@argus/contracts';
import type { VideoFacts } from '@argus/media';
import type { VideoPlace } from '../harvest-store.js';
import type { TakenFrame } from './messages.js';

/** A video file, and which of its pictures are wanted. */
export interface VideoOrder {
  readonly path: string;
  readonly sampling: HarvestSampling;
  /** Pictures at most, of the whole file; null: all that are chosen. */
  readonly most: number | null;
  readonly size: HarvestSize;
  readonly jpegQuality: number;
  /** Threads of the decoder. */
  readonly threads: number;
  /** Where a pass through the whole film keeps what it has measured; null: nowhere. */
  readonly scanPath: string | null;
  /** What is before it is done; null: nothing. */
  readonly place: VideoPlace | null;
}

export type ToVideoChild =
  | { readonly type: 'facts'; readonly request: number; readonly path: string }
  /** Replaces what is open. */
  | { readonly type: 'open'; readonly request: number; readonly order: VideoOrder }
  /** The next stretch of what is open. */
  | { readonly type: 'next'; readonly request: number };

export type FromVideoChild =
  /** It is at work, and has nothing to give yet. */
  | { readonly type: 'alive' }
  | { readonly type: 'facts'; readonly request: number; readonly facts: VideoFacts }
  | { readonly type: 'frame'; readonly request: number; readonly frame: TakenFrame }
  /** A stretch is over; `place` null: with it the file. */
  | { readonly type: 'stretch'; readonly request: number; readonly place: VideoPlace | null }
  | { readonly type: 'failed'; readonly request: number; readonly message: string };
