import type { EventView } from '@argus/contracts';

const MARGIN_MS = 30_000;
/** As long as a hold may be. An event that goes on for longer is held from its beginning. */
const LONGEST_MS = 31 * 86_400_000;

/** An event with half a minute before and after it; one that goes on: up to now. */
export function holdRange({ startedAt, endedAt }: Pick<EventView, 'startedAt' | 'endedAt'>, nowMs: number): { readonly from: string; readonly to: string } {
  const fromMs = Date.parse(startedAt) - MARGIN_MS;
  const toMs = (endedAt === null ? Math.max(nowMs, Date.parse(startedAt)) : Date.parse(endedAt)) + MARGIN_MS;
  return { from: new Date(fromMs).toISOString(), to: new Date(Math.min(toMs, fromMs + LONGEST_MS)).toISOString() };
}
