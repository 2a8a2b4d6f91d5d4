import { HarvestCalendar } from '@argus/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calendarIntervals } from './calendar.js';
import type { Interval } from './interval.js';

/**
 * T-HARVEST-1: 20 zones, every day of 2020 to 2030, against a scan of all 5.8 million minutes of each. Usually an hour whose ends are an hour apart on the wall clock, too,
 * is believed to be even (a change and its opposite within one would be missed); ARGUS_FULL_SCAN=1 asks for the wall time of every single minute, which takes ten minutes.
 */
const FULL = process.env['ARGUS_FULL_SCAN'] === '1';
const ZONES = [
  'UTC', 'Asia/Shanghai', 'Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'Europe/Chisinau', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Sao_Paulo',
  'America/Santiago', 'America/Nuuk', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Tehran', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Apia', 'Antarctica/Troll',
] as const;
const MINUTE = 60_000;
const [FIRST, LAST] = ['2020-01-01', '2030-12-31'];
const [FROM, TO] = [Date.parse('2019-12-31T00:00:00Z'), Date.parse('2031-01-02T12:00:00Z')];

/** Wall clock by its fields, not by an offset. */
function wallClock(timeZone: string): (ms: number) => number {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('sv-SE', { ...options, timeZone });
  return (ms) => Date.parse(`${format.format(ms).replace(' ', 'T')}:00Z`) / MINUTE;
}

/** Minutes since 1970 on the wall clock, one for each minute of UTC. */
function wallMinutes(zone: string): Int32Array {
  const wallAt = wallClock(zone);
  const minutes = new Int32Array((TO - FROM) / MINUTE);
  for (let hour = 0, wall = wallAt(FROM); hour < minutes.length; hour += 60) {
    const next = wallAt(FROM + (hour + 60) * MINUTE);
    const isEven = !FULL && next - wall === 60;
    for (let minute = 0; minute < 60; minute += 1) minutes[hour + minute] = isEven ? wall + minute : wallAt(FROM + (hour + minute) * MINUTE);
    wall = next;
  }
  return minutes;
}

/** The rule, minute by minute: is this wall time in a window of its own date, or in one that began on the date before? */
function scan(minutes: Int32Array, { weekdays, windows }: HarvestCalendar): Interval[] {
  const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const [own, fromDayBefore] = [new Uint8Array(1440), new Uint8Array(1440)];
  for (const { from, to } of windows) {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    for (let minute = 0; minute < 1440; minute += 1) {
      if (minute >= start && (minute < end || end <= start)) own[minute] = 1;
      if (end <= start && minute < end) fromDayBefore[minute] = 1;
    }
  }
  const [first, last] = [Date.parse(FIRST) / 86_400_000, Date.parse(LAST) / 86_400_000];
  // 1970 began on a Thursday.
  const wanted = Uint8Array.from({ length: last + 3 }, (_, day) => (day >= first && day <= last && weekdays.includes(((day + 3) % 7) + 1) ? 1 : 0));
  const found: { startMs: number; endMs: number }[] = [];
  let since = -1;
  for (let at = 0; at <= minutes.length; at += 1) {
    const wall = minutes[at] ?? -1;
    const day = Math.floor(wall / 1440);
    const minute = wall - day * 1440;
    const isIn = at < minutes.length && ((own[minute] === 1 && wanted[day] === 1) || (fromDayBefore[minute] === 1 && wanted[day - 1] === 1));
    if (isIn && since < 0) since = at;
    if (!isIn && since >= 0) {
      found.push({ startMs: FROM + since * MINUTE, endMs: FROM + at * MINUTE });
      since = -1;
    }
  }
  return found;
}

const calendarOf = (windows: readonly (readonly [string, string])[], weekdays: readonly number[]): HarvestCalendar =>
  HarvestCalendar.parse({ dates: { kind: 'range', from: FIRST, to: LAST }, weekdays, windows: windows.map(([from, to]) => ({ from, to })) });
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** The day, the night over all hours in which clocks change, and what begins or ends in them. */
const ALWAYS = [calendarOf([['19:00', '21:00']], EVERY_DAY), calendarOf([['21:30', '05:15']], [5, 6, 7]), calendarOf([['02:30', '03:30'], ['01:45', '02:10'], ['23:59', '00:01'], ['12:00', '24:00']], EVERY_DAY)];

const time = fc.integer({ min: 0, max: 1439 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const windows = fc.array(fc.tuple(time, fc.oneof({ weight: 4, arbitrary: time }, { weight: 1, arbitrary: fc.constant('24:00') })), { minLength: 1, maxLength: 4 });
const calendars = fc.tuple(windows, fc.subarray(EVERY_DAY, { minLength: 1 })).map(([some, weekdays]) => calendarOf(some, weekdays));

it.each(ZONES)('T-HARVEST-1: %s, every day from 2020 to 2030', (zone) => {
  const minutes = wallMinutes(zone);
  const compare = (calendar: HarvestCalendar): void => {
    const [found, expected] = [calendarIntervals(calendar, { zone, nowMs: TO }), scan(minutes, calendar)];
    // Texts, because thousands of objects are compared slowly.
    const lines = (intervals: readonly Interval[]): string => intervals.map(({ startMs, endMs }) => `${startMs} ${endMs}`).join('\n');
    if (lines(found) !== lines(expected)) expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(0);
  };
  for (const calendar of ALWAYS) compare(calendar);
  fc.assert(fc.property(calendars, compare), { numRuns: FULL ? 20 : 1, endOnFailure: true });
}, 600_000);
