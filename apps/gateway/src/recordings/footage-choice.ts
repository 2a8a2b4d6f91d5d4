import type { FootagePart } from '@argus/storage';
import type { FootageRow } from './segment-repository.js';

/** What of a segment lies in a range. */
export interface ChosenPart extends FootagePart {
  readonly codecString: string;
  /** When its first picture was taken; a key frame. */
  readonly startMs: number;
}

/** From the key frame at or before `fromMs` to the last group of pictures that begins before `toMs`. Rows come in the order of time. */
export function chooseFootage(rows: readonly FootageRow[], fromMs: number, toMs: number): ChosenPart[] {
  const parts = rows.map((row) => partOf(row, fromMs, toMs));
  // Where one segment ends a little after the next begins, `from` at that beginning means the next: else who asks on would get the old one again.
  const first = rows.findLastIndex((row, index) => row.start_at.getTime() <= fromMs && parts[index] !== null);
  return parts.slice(Math.max(first, 0)).filter((part) => part !== null);
}

function partOf(row: FootageRow, fromMs: number, toMs: number): ChosenPart | null {
  const rowMs = row.start_at.getTime();
  const fragments = row.fragments.filter(({ startMs, durationMs }) => rowMs + startMs < toMs && rowMs + startMs + durationMs > fromMs);
  const [first] = fragments;
  return first ? { path: row.path, headBytes: row.head_bytes, fragments, codecString: row.codec_string, startMs: rowMs + first.startMs } : null;
}
