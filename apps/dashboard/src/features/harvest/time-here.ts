import { dayOf, instantOf, localMs } from '../timeline/zoned-day.js';

/** What clocks in `here` show when those in `zone` show `at` (`02:30`), today; null: the same, or no time or zone yet. */
export function timeHere(at: string, zone: string, nowMs: number, here = new Intl.DateTimeFormat().resolvedOptions().timeZone): string | null {
  try {
    const there = Date.parse(`${dayOf(nowMs, zone)}T${at}:00Z`);
    if (Number.isNaN(there)) return null;
    const text = new Date(localMs(instantOf(there, zone), here)).toISOString().slice(11, 16);
    return text === at ? null : text;
  } catch (error) {
    // A zone that is only half written.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
