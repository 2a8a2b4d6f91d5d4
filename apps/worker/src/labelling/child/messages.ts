import type { FOLLOW_ENDS, FollowBoxes, FollowedPicture, PointNormalized } from '@argus/contracts';
import type { TakenFrame } from '../../harvest/child/messages.js';

/** A segment, and what is covered in its pictures. */
interface SegmentAtHand {
  readonly path: string;
  /** Wall time of its first picture. */
  readonly startMs: number;
  readonly masks: readonly (readonly PointNormalized[])[];
}

/** Boxes are followed through one segment after the other; `begins` forgets those of before. */
export interface FollowOrder extends SegmentAtHand {
  readonly task: 'follow';
  readonly begins: boolean;
  readonly wish: FollowBoxes;
}

/** The pictures that were taken nearest to these wall times. */
export interface TakeOrder extends SegmentAtHand {
  readonly task: 'take';
  readonly atMs: readonly number[];
  readonly jpegQuality: number;
}

export type LabellingOrder = (FollowOrder | TakeOrder) & { readonly request: number };
export type FollowEnd = (typeof FOLLOW_ENDS)[number];
export type PictureOfSegment = Omit<FollowedPicture, 'segmentId'>;

export type FromLabeller =
  | { readonly type: 'ready' }
  | { readonly type: 'picture'; readonly request: number; readonly picture: PictureOfSegment }
  /** `atMs`: as it was asked for. */
  | { readonly type: 'frame'; readonly request: number; readonly atMs: number; readonly frame: TakenFrame }
  /** null: go on with the next segment. */
  | { readonly type: 'done'; readonly request: number; readonly end: FollowEnd | null }
  | { readonly type: 'failed'; readonly request: number; readonly message: string };
