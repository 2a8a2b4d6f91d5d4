import type { DatasetMatrix } from '@argus/contracts';
import { instantOf, localMs } from '../../timeline/zoned-day.js';

export type MatrixStep = DatasetMatrix['step'];
type Cell = DatasetMatrix['cells'][number];

/** A step in which there are pictures; steps without any are left out, and `gap` says that some were before this one. */
export interface MatrixColumn {
  /** null: pictures without a time. */
  readonly at: string | null;
  readonly end: string | null;
  readonly gap: boolean;
}

export interface MatrixTable {
  readonly columns: readonly MatrixColumn[];
  /** By group, then by column. */
  readonly rows: readonly { readonly name: string; readonly samples: number; readonly cells: ReadonlyMap<number, Cell> }[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where a step ends in a zone: a day may have 23 or 25 hours. */
export function endOfStep(at: string, step: MatrixStep, timeZone: string): string {
  const ms = Date.parse(at);
  if (step === 'hour') return new Date(ms + HOUR_MS).toISOString();
  return new Date(instantOf(localMs(ms, timeZone) + (step === 'day' ? DAY_MS : 7 * DAY_MS), timeZone)).toISOString();
}

/** Cells in their places. */
export function tableOf({ step, groups, cells }: DatasetMatrix, timeZone: string): MatrixTable {
  const times = [...new Set(cells.map(({ at }) => at))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
  let before: string | null = null;
  const columns = times.map((at): MatrixColumn => {
    const gap = at !== null && before !== null && before < at;
    const end = at === null ? null : endOfStep(at, step, timeZone);
    before = end;
    return { at, end, gap };
  });
  const place = new Map(times.map((at, column) => [at, column]));
  const rows = groups.map(({ name, samples }) => ({ name, samples, cells: new Map<number, Cell>() }));
  for (const cell of cells) rows[cell.group]?.cells.set(place.get(cell.at) ?? 0, cell);
  return { columns, rows };
}

/** More columns than this are walked rather than seen. */
const MANY_COLUMNS = 60;
const FEW_DAYS = 2;

/** A step that suits how long the pictures reach, told by their days. */
export function stepFor({ cells }: Pick<DatasetMatrix, 'cells'>): MatrixStep {
  const days = new Set(cells.flatMap(({ at }) => (at === null ? [] : [at]))).size;
  return days <= FEW_DAYS ? 'hour' : days > MANY_COLUMNS ? 'week' : 'day';
}

/** Places [from, to) of equal size that show in a window, with some more on both sides. */
export function shownSpan(count: number, size: number, offset: number, extent: number, more = 1): readonly [from: number, to: number] {
  return [Math.max(0, Math.floor(offset / size) - more), Math.min(count, Math.ceil((offset + extent) / size) + more)];
}
