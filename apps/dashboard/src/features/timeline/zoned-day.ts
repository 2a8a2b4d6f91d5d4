import { type TimeView } from './time-view.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Local time at an instant, told as if it were UTC: only good for comparing and for rounding. */
export function localMs(ms: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(ms)) parts[type] = Number(value);
  return Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']) + (((ms % 1000) + 1000) % 1000);
}

/** The instant of a local time; of two (clocks set back) the first, and for none (set forward) the one just after the jump. */
export function instantOf(local: number, timeZone: string): number {
  const offsets = [local - DAY_MS, local + DAY_MS].map((around) => localMs(around, timeZone) - around);
  const [before = 0, after = 0] = offsets;
  const fits = [local - before, local - after].filter((ms) => localMs(ms, timeZone) === local);
  return fits.length > 0 ? Math.min(...fits) : local - Math.min(before, after);
}

/** `2026-11-28`. */
export const dayOf = (ms: number, timeZone: string): string => new Date(localMs(ms, timeZone)).toISOString().slice(0, 10);

export const shiftDay = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** From midnight to midnight, 23 to 25 hours. */
export function dayView(day: string, timeZone: string): TimeView {
  return { fromMs: instantOf(Date.parse(`${day}T00:00:00Z`), timeZone), toMs: instantOf(Date.parse(`${shiftDay(day, 1)}T00:00:00Z`), timeZone) };
}

/** The same time of day on another day. */
export function sameTimeOn(day: string, ms: number, timeZone: string): number {
  const local = localMs(ms, timeZone);
  return instantOf(Date.parse(`${day}T00:00:00Z`) + (((local % DAY_MS) + DAY_MS) % DAY_MS), timeZone);
}

export interface Tick {
  readonly ms: number;
  readonly major: boolean;
}

const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((seconds) => seconds * 1000);

/** Marks of a ruler on full local hours, minutes, seconds; majors at least `majorPx` apart. */
export function ticksOf(view: TimeView, timeZone: string, width: number, majorPx: number): Tick[] {
  const msPerPixel = (view.toMs - view.fromMs) / Math.max(1, width);
  const step = STEPS.find((ms) => ms / msPerPixel >= majorPx) ?? DAY_MS;
  const small = STEPS.findLast((ms) => ms < step && step % ms === 0 && ms / msPerPixel >= 7 && step / ms <= 12) ?? step;
  const ticks: Tick[] = [];
  // From one offset of the zone to the next the local clock runs evenly; half an hour is the shortest step of any of them.
  for (let ms = view.fromMs; ms < view.toMs; ) {
    const local = localMs(ms, timeZone);
    const wait = (small - (((local % small) + small) % small)) % small;
    const at = ms + wait;
    if (at >= view.toMs) break;
    const there = localMs(at, timeZone);
    if (there % small === 0) ticks.push({ ms: at, major: there % step === 0 });
    ms = at + (there % small === 0 ? Math.min(small, 30 * MINUTE_MS) : 30 * MINUTE_MS);
  }
  return ticks;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const options = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...options, timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    format = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
  formats.set(timeZone, format);
  return format;
}
