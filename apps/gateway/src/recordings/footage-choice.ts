import type { FootagePart } from '@argus/storage';
import type { FootageRow } from './segment-repository.js';

/** What of some segments lies in a range. */
export interface FootageChoice {
  readonly parts: readonly FootagePart[];
  /** The first picture; a key frame. */
  readonly startMs: number;
}

/** From the key frame at or before `fromMs` to the last group of pictures that begins before `toMs`; null: nothing. Rows come in the order of time. */
export function chooseFootage(rows: readonly FootageRow[], fromMs: number, toMs: number): FootageChoice | null {
  const fragmentsOf = (row: FootageRow) => row.fragments.filter(({ startMs, durationMs }) => startOf(row) + startMs < toMs && startOf(row) + startMs + durationMs > fromMs);
  // Where one segment ends a little after the next begins, `from` at that beginning means the next: else who asks on would get the old one again.
  const first = rows.findLastIndex((row) => startOf(row) <= fromMs && fragmentsOf(row).length > 0);
  const chosen = rows.slice(Math.max(first, 0)).map((row) => ({ row, fragments: fragmentsOf(row) })).filter(({ fragments }) => fragments.length > 0);
  const [begin] = chosen;
  if (!begin) return null;
  const parts = chosen.map(({ row, fragments }) => ({ path: row.path, headBytes: row.head_bytes, fragments }));
  return { parts, startMs: startOf(begin.row) + (begin.fragments[0]?.startMs ?? 0) };
}

const startOf = (row: FootageRow): number => row.start_at.getTime();
