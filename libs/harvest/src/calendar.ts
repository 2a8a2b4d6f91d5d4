import type { HarvestCalendar, TimeWindow } from '@argus/contracts';
import { CalendarError } from './errors.js';
import { clipIntervals, mergeIntervals, type Interval } from './interval.js';
import { evenStretches, offsetsOf } from './zone-offsets.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Footage is not older, and nobody plans further. */
const [FIRST_DATE, LAST_DATE] = ['1900-01-01', '2199-12-31'];
const WHOLE_DAY: readonly TimeWindow[] = [{ from: '00:00', to: '24:00' }];

export interface CalendarContext {
  /** The camera's own zone: what a calendar without one means. */
  readonly zone: string;
  /** What `last` counts back from. */
  readonly nowMs: number;
  /** Where there can be footage at all: nothing outside of it is looked at. Three centuries of windows take ten seconds to reckon, so whoever knows it says so. `all` begins with 1970 and ends now. */
  readonly within?: Interval;
}

/**
 * The UTC intervals of a calendar, sorted and merged: an instant is in one if and only if its local wall time is in a window of a wanted
 * date. So a repeated hour counts twice and a skipped one never; the ends of windows are never converted, because they may exist twice or not at all.
 * A window over midnight belongs to the date of its start, even where the zone skipped that date. Throws CalendarError.
 */
export function calendarIntervals(calendar: HarvestCalendar, context: CalendarContext): Interval[] {
  const zone = calendar.timeZone ?? context.zone;
  const { startMs, endMs } = boundsOf(calendar, zone, context);
  const local = localIntervals(calendar, startMs, endMs);
  const [first, last] = [local[0], local.at(-1)];
  if (!first || !last) return [];
  // No zone is a day away from UTC.
  const found = evenStretches(zone, first.startMs - DAY_MS, last.endMs + DAY_MS).flatMap((stretch) => {
    const { offsetMs } = stretch;
    const there = clipIntervals(local, { startMs: stretch.startMs + offsetMs, endMs: stretch.endMs + offsetMs });
    return there.map((one) => ({ startMs: one.startMs - offsetMs, endMs: one.endMs - offsetMs }));
  });
  const within = footageOf(calendar.dates, context);
  return within ? clipIntervals(mergeIntervals(found), within) : mergeIntervals(found);
}

/** First wanted midnight and the one after the last, in local time told as if it were UTC. */
function boundsOf({ dates }: HarvestCalendar, zone: string, context: CalendarContext): Interval {
  const { nowMs } = context;
  const offsetAt = offsetsOf(zone);
  const midnightOf = (ms: number): number => Math.floor((ms + offsetAt(ms)) / DAY_MS) * DAY_MS;
  const asked = askedOf(dates, midnightOf(nowMs));
  const footage = footageOf(dates, context);
  // A window of yesterday may reach into today; one day more, because a zone may go back over a midnight.
  return footage === null ? asked : { startMs: Math.max(asked.startMs, midnightOf(footage.startMs) - 2 * DAY_MS), endMs: Math.min(asked.endMs, midnightOf(footage.endMs) + 2 * DAY_MS) };
}

/** null: nobody says where it ends. */
function footageOf({ kind }: HarvestCalendar['dates'], { nowMs, within }: CalendarContext): Interval | null {
  return kind === 'all' ? { startMs: Math.max(0, within?.startMs ?? 0), endMs: Math.min(nowMs, within?.endMs ?? nowMs) } : (within ?? null);
}

function askedOf(dates: HarvestCalendar['dates'], todayMs: number): Interval {
  if (dates.kind === 'all') return { startMs: -Infinity, endMs: Infinity };
  if (dates.kind === 'last') return { startMs: todayMs - dates.days * DAY_MS, endMs: todayMs };
  const [startMs, lastMs] = [dateMs(dates.from, 'from'), dateMs(dates.to, 'to')];
  if (lastMs < startMs) throw new CalendarError(`dates.to: expected a date that is not before ${dates.from}, got ${dates.to}`, { dates });
  return { startMs, endMs: lastMs + DAY_MS };
}

function dateMs(date: string, end: 'from' | 'to'): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  // 30 February is parsed as the first of March.
  if (Number.isNaN(ms) || dateOf(ms) !== date || date < FIRST_DATE || date > LAST_DATE) {
    throw new CalendarError(`dates.${end}: expected a date like 2026-03-29, from ${FIRST_DATE} to ${LAST_DATE}, got "${date}"`, { date });
  }
  return ms;
}

/** The windows of all wanted dates in local time. */
function localIntervals({ weekdays, windows }: HarvestCalendar, startMs: number, endMs: number): Interval[] {
  const wanted = new Set(weekdays);
  const pieces = (windows.length > 0 ? windows : WHOLE_DAY).map(minutesOf);
  const local: Interval[] = [];
  for (let midnight = startMs; midnight < endMs; midnight += DAY_MS) {
    if (!wanted.has(isoDayOf(midnight))) continue;
    for (const [from, to] of pieces) local.push({ startMs: midnight + from * MINUTE_MS, endMs: midnight + to * MINUTE_MS });
  }
  return mergeIntervals(local);
}

/** Minutes since the midnight of the date of its start: 22:00 to 06:00 is 1320 to 1800. */
function minutesOf({ from, to }: TimeWindow): readonly [number, number] {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return [start, end > start ? end : end + 1440];
}

function minuteOf(time: string): number {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

const isoDayOf = (midnight: number): number => new Date(midnight).getUTCDay() || 7;

const dateOf = (localMs: number): string => new Date(localMs).toISOString().slice(0, 10);
