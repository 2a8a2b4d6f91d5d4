import type { EventView } from '@argus/contracts';

const BEFORE_MS = 5000;
const AFTER_MS = 10_000;
/** As long as a range of an export may be. */
const LONGEST_MS = 86_400_000;

/** An event with the seconds that explain it; one that goes on: up to now. */
export function exportRange({ startedAt, endedAt }: Pick<EventView, 'startedAt' | 'endedAt'>, nowMs: number): { readonly from: string; readonly to: string } {
  const fromMs = Date.parse(startedAt) - BEFORE_MS;
  const toMs = endedAt === null ? Math.max(nowMs, Date.parse(startedAt)) : Date.parse(endedAt) + AFTER_MS;
  return { from: new Date(fromMs).toISOString(), to: new Date(Math.min(toMs, fromMs + LONGEST_MS)).toISOString() };
}
