import { SOUND_OVERHANG_MS } from './fragment-head.js';
import type { SegmentDescription } from './segment-description.js';

/** Segments begin at whole milliseconds, and clocks tremble a little from one to the next: less than this is no gap. */
const GAP_MS = 500;
/** Times are told in whole milliseconds: what ends within one of where a range begins has ended. */
const ROUNDING_MS = 1;
/** Starts are whole milliseconds: what begins this near to an end follows on. */
const NEAR_MS = 2;

/** What must be known of a segment for a plan. */
export type PlannableSegment = Pick<SegmentDescription, 'path' | 'startMs' | 'endMs' | 'headBytes' | 'headId' | 'hasAudio' | 'fragments'>;

/** Wall time of which there is no footage. The film goes on at once: what follows the gap begins `atMs` after the film's start. */
export interface FootageGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly atMs: number;
}

/** Fragments `first` to `last` of one segment. */
export interface FootagePiece<S extends PlannableSegment = SegmentDescription> {
  readonly segment: S;
  readonly first: number;
  readonly last: number;
  /** Where it begins in the film. */
  readonly atMs: number;
}

/** What a range of wall time gives, known without reading anything. */
export interface FootagePlan<S extends PlannableSegment = SegmentDescription> {
  readonly pieces: readonly FootagePiece<S>[];
  /** Of the film. */
  readonly bytes: number;
  /** Wall time that is really delivered: from the group of pictures at or before the wanted start, to the end of the one at the wanted end. */
  readonly startMs: number;
  readonly endMs: number;
  /** Length of the film. */
  readonly durationMs: number;
  readonly gaps: readonly FootageGap[];
  /** The pictures' size or codec changes here, which one film cannot: ask for a new range from this wall time on. null: all is delivered. */
  readonly nextMs: number | null;
}

/**
 * Chooses the fragments that hold [fromMs, toMs). `segments`: of one camera, in order of time. Gaps are closed up, because players stall
 * at holes in a film, some for good; the list of gaps leads from the film's time back to wall time. null: no footage of that time.
 */
export function planFootage<S extends PlannableSegment>(segments: readonly S[], fromMs: number, toMs: number): FootagePlan<S> | null {
  if (!(fromMs < toMs)) return null;
  const pieces: FootagePiece<S>[] = [];
  const gaps: FootageGap[] = [];
  let head: S | null = null;
  let bytes = 0;
  let startMs = 0;
  let endMs = 0;
  let durationMs = 0;
  for (const segment of segments) {
    const found = findFragments(segment, fromMs, toMs);
    if (found === null) continue;
    const { fromMs: pieceFromMs, toMs: pieceToMs, first, last } = found;
    if (head === null) {
      head = segment;
      bytes = segment.headBytes;
      startMs = pieceFromMs;
    } else if (segment.headId !== head.headId) {
      // Not before the end of what is delivered: asked again from there, the same segments do not come again.
      return { pieces, bytes, startMs, endMs, durationMs, gaps, nextMs: Math.ceil(Math.max(pieceFromMs, endMs)) };
    } else {
      durationMs += leadOf(segment, pieceFromMs - endMs);
      if (pieceFromMs - endMs > GAP_MS) gaps.push({ fromMs: endMs, toMs: pieceFromMs, atMs: durationMs });
    }
    pieces.push({ segment, first, last, atMs: durationMs });
    for (let index = first; index <= last; index += 1) bytes += segment.fragments[index]?.bytes ?? 0;
    durationMs += pieceToMs - pieceFromMs;
    endMs = Math.max(endMs, pieceToMs);
  }
  return head === null ? null : { pieces, bytes, startMs, endMs, durationMs, gaps, nextMs: null };
}

/** How much later than what was before a piece begins in a film: where it does not follow on, the sound before it is let end. */
export const leadOf = ({ hasAudio }: Pick<PlannableSegment, 'hasAudio'>, apartMs: number): number => (hasAudio && Math.abs(apartMs) > NEAR_MS ? SOUND_OVERHANG_MS : 0);

/** The fragments of a segment that overlap the range, and when they are; null: none. */
function findFragments({ startMs, endMs, fragments }: PlannableSegment, fromMs: number, toMs: number) {
  if (startMs >= toMs || endMs <= fromMs) return null;
  const first = fragments.findIndex((fragment) => startMs + fragment.startMs + fragment.durationMs >= fromMs + ROUNDING_MS);
  const last = fragments.findLastIndex((fragment) => startMs + fragment.startMs < toMs);
  const from = fragments[first];
  const to = fragments[last];
  if (from === undefined || to === undefined || last < first) return null;
  return { first, last, fromMs: startMs + from.startMs, toMs: startMs + to.startMs + to.durationMs };
}
