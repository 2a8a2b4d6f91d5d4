import { HarvestCalendar } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { calendarIntervals } from './calendar.js';
import { localTimeOf } from './local-time.js';

const NOW = Date.parse('2026-11-28T10:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const calendar = (from: string, to: string, windows: readonly string[], parts: object = {}): HarvestCalendar =>
  HarvestCalendar.parse({ dates: { kind: 'range', from, to }, windows: windows.map((window) => ({ from: window.slice(0, 5), to: window.slice(6) })), ...parts });
const found = (zone: string, value: HarvestCalendar, nowMs = NOW): string[] => calendarIntervals(value, { zone, nowMs }).map(({ startMs, endMs }) => `${iso(startMs)} ${iso(endMs)}`);

describe('the table of clock changes', () => {
  it.each([
    ['Asia/Shanghai', '2026-03-29', '19:00-21:00', ['2026-03-29T11:00:00Z 2026-03-29T13:00:00Z']],
    ['Europe/Berlin', '2026-03-28', '19:00-21:00', ['2026-03-28T18:00:00Z 2026-03-28T20:00:00Z']],
    ['Europe/Berlin', '2026-03-29', '19:00-21:00', ['2026-03-29T17:00:00Z 2026-03-29T19:00:00Z']],
    ['Europe/Berlin', '2026-03-29', '01:00-04:00', ['2026-03-29T00:00:00Z 2026-03-29T02:00:00Z']],
    ['Europe/Berlin', '2026-10-25', '01:00-04:00', ['2026-10-24T23:00:00Z 2026-10-25T03:00:00Z']],
    ['Europe/Berlin', '2026-10-25', '02:30-03:30', ['2026-10-25T00:30:00Z 2026-10-25T01:00:00Z', '2026-10-25T01:30:00Z 2026-10-25T02:30:00Z']],
    ['Europe/Berlin', '2026-03-29', '02:00-03:00', []],
    ['Europe/Berlin', '2026-03-29', '02:30-04:00', ['2026-03-29T01:00:00Z 2026-03-29T02:00:00Z']],
    ['America/New_York', '2026-03-08', '01:00-04:00', ['2026-03-08T06:00:00Z 2026-03-08T08:00:00Z']],
    ['America/New_York', '2026-11-01', '01:00-04:00', ['2026-11-01T05:00:00Z 2026-11-01T09:00:00Z']],
    ['Australia/Lord_Howe', '2026-04-05', '01:00-04:00', ['2026-04-04T14:00:00Z 2026-04-04T17:30:00Z']],
    ['Australia/Lord_Howe', '2026-10-04', '01:00-04:00', ['2026-10-03T14:30:00Z 2026-10-03T17:00:00Z']],
    ['Asia/Kathmandu', '2026-01-01', '19:00-21:00', ['2026-01-01T13:15:00Z 2026-01-01T15:15:00Z']],
  ])('%s %s %s', (zone, date, window, expected) => expect(found(zone, calendar(date, date, [window]))).toEqual(expected));

  it.each([
    // Samoa went over the date line: there was no 30 December.
    ['Pacific/Apia', '2011-12-30', '2011-12-30', ['00:00-24:00'], []],
    ['Pacific/Apia', '2011-12-29', '2011-12-31', ['12:00-13:00'], ['2011-12-29T22:00:00Z 2011-12-29T23:00:00Z', '2011-12-30T22:00:00Z 2011-12-30T23:00:00Z']],
    // The morning of the 31st is in the window of the night before it by the wall clock, though that evening never was.
    ['Pacific/Apia', '2011-12-30', '2011-12-30', ['22:00-06:00'], ['2011-12-30T10:00:00Z 2011-12-30T16:00:00Z']],
    ['Pacific/Kwajalein', '1993-08-20', '1993-08-22', [], ['1993-08-20T12:00:00Z 1993-08-22T12:00:00Z']],
    ['Pacific/Kwajalein', '1993-08-21', '1993-08-21', ['00:00-24:00'], []],
    // Liberia's clocks were 44 min 30 s behind and were put right at midnight.
    ['Africa/Monrovia', '1972-01-06', '1972-01-06', ['12:00-13:00'], ['1972-01-06T12:44:30Z 1972-01-06T13:44:30Z']],
    ['Africa/Monrovia', '1972-01-07', '1972-01-07', ['00:00-01:00'], ['1972-01-07T00:44:30Z 1972-01-07T01:00:00Z']],
    ['Africa/Casablanca', '2026-02-15', '2026-02-15', ['01:00-04:00'], ['2026-02-15T00:00:00Z 2026-02-15T04:00:00Z']],
  ])('%s %s to %s %j', (zone, from, to, windows, expected) => expect(found(zone, calendar(from, to, windows))).toEqual(expected));
});

describe('calendarIntervals', () => {
  it('takes whole days where there is no window, 24:00 as an end, and joins what touches or overlaps', () => {
    const day = ['2026-11-01T16:00:00Z 2026-11-02T16:00:00Z'];
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-02', []))).toEqual(day);
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-02', ['00:00-24:00']))).toEqual(day);
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-02', ['00:00-00:00']))).toEqual(day);
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-03', ['12:00-24:00', '00:00-08:00', '06:00-12:00']))).toEqual(['2026-11-01T16:00:00Z 2026-11-03T16:00:00Z']);
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-03', ['22:00-24:00', '00:00-02:00']))).toEqual(['2026-11-01T16:00:00Z 2026-11-01T18:00:00Z', '2026-11-02T14:00:00Z 2026-11-02T18:00:00Z', '2026-11-03T14:00:00Z 2026-11-03T16:00:00Z']);
  });

  it('gives the piece after midnight to the date and the weekday of its start', () => {
    // Friday the 6th: Saturday's early morning is in, Friday's is not.
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-08', ['22:00-06:00'], { weekdays: [5] }))).toEqual(['2026-11-06T14:00:00Z 2026-11-06T22:00:00Z']);
    expect(found('Asia/Shanghai', calendar('2026-11-07', '2026-11-07', ['22:00-06:00']))).toEqual(['2026-11-07T14:00:00Z 2026-11-07T22:00:00Z']);
    expect(found('Asia/Shanghai', calendar('2026-11-02', '2026-11-08', ['09:00-10:00'], { weekdays: [7, 1] }))).toEqual(['2026-11-02T01:00:00Z 2026-11-02T02:00:00Z', '2026-11-08T01:00:00Z 2026-11-08T02:00:00Z']);
  });

  it('counts the last days back from yesterday of the site', () => {
    const last = HarvestCalendar.parse({ dates: { kind: 'last', days: 2 }, windows: [{ from: '08:00', to: '09:00' }] });
    expect(found('Asia/Shanghai', last)).toEqual(['2026-11-26T00:00:00Z 2026-11-26T01:00:00Z', '2026-11-27T00:00:00Z 2026-11-27T01:00:00Z']);
    // It is the 28th in Shanghai, still the 27th in New York, and already the 28th in Kiritimati before it is anywhere else.
    expect(found('America/New_York', last, Date.parse('2026-11-28T04:59:59Z'))).toEqual(['2026-11-25T13:00:00Z 2026-11-25T14:00:00Z', '2026-11-26T13:00:00Z 2026-11-26T14:00:00Z']);
    expect(found('America/New_York', last, Date.parse('2026-11-28T05:00:00Z'))[0]).toBe('2026-11-26T13:00:00Z 2026-11-26T14:00:00Z');
  });

  it('takes everything there is, within what there is', () => {
    const all = HarvestCalendar.parse({ dates: { kind: 'all' } });
    expect(calendarIntervals(all, { zone: 'Europe/Berlin', nowMs: NOW })).toEqual([{ startMs: 0, endMs: NOW }]);
    const within = { startMs: NOW - 86_400_000, endMs: NOW };
    expect(calendarIntervals(all, { zone: 'Europe/Berlin', nowMs: NOW, within })).toEqual([within]);
    const nights = HarvestCalendar.parse({ dates: { kind: 'all' }, windows: [{ from: '22:00', to: '06:00' }] });
    // Footage from 11:00 to 11:00: the whole night between, and of none other.
    expect(calendarIntervals(nights, { zone: 'Europe/Berlin', nowMs: NOW, within })).toEqual([{ startMs: Date.parse('2026-11-27T21:00:00Z'), endMs: Date.parse('2026-11-28T05:00:00Z') }]);
    const small = { startMs: Date.parse('2026-11-28T01:00:00.500Z'), endMs: Date.parse('2026-11-28T01:00:01Z') };
    expect(calendarIntervals(nights, { zone: 'Europe/Berlin', nowMs: NOW, within: small })).toEqual([small]);
    expect(calendarIntervals(calendar('2026-11-27', '2026-11-27', ['22:00-06:00']), { zone: 'Europe/Berlin', nowMs: NOW, within: small })).toEqual([small]);
  });

  it('takes the calendar’s own zone before the camera’s', () => {
    expect(found('Europe/Berlin', calendar('2026-11-02', '2026-11-02', ['19:00-21:00'], { timeZone: 'Asia/Shanghai' }))).toEqual(['2026-11-02T11:00:00Z 2026-11-02T13:00:00Z']);
  });

  it.each([
    ['Europe/Berln', 'time zone: expected an IANA name like "Asia/Shanghai", got "Europe/Berln". Did you mean "Europe/Berlin"?'],
    ['new york', 'Did you mean "America/New_York"?'],
    ['Asia/Beijing', 'all of China is "Asia/Shanghai"'],
    ['', 'got ""'],
  ])('refuses the zone "%s" with a hint', (zone, message) => {
    expect(() => found(zone, calendar('2026-11-02', '2026-11-02', []))).toThrow(expect.objectContaining({ code: 'harvest.calendar', message: expect.stringContaining(message) }));
  });

  it.each([
    ['2026-02-30', '2026-03-01', 'dates.from: expected a date like 2026-03-29, from 1900-01-01 to 2199-12-31, got "2026-02-30"'],
    ['2026-03-01', '9999-12-31', 'dates.to: expected'],
    ['2026-03-02', '2026-03-01', 'dates.to: expected a date that is not before 2026-03-02, got 2026-03-01'],
  ])('refuses dates from %s to %s', (from, to, message) => {
    const unchecked = { ...calendar('2026-01-01', '2026-01-01', []), dates: { kind: 'range' as const, from, to } };
    expect(() => found('Asia/Shanghai', unchecked)).toThrow(message);
  });
});

describe('localTimeOf', () => {
  it.each([
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+01:00'],
    ['2026-01-01T13:15:00.040Z', 'Asia/Kathmandu', '2026-01-01T19:00:00.040+05:45'],
    ['2026-07-01T00:00:00Z', 'America/St_Johns', '2026-06-30T21:30:00.000-02:30'],
    ['1972-01-06T12:44:30Z', 'Africa/Monrovia', '1972-01-06T12:00:00.000-00:44:30'],
    ['2026-01-01T00:00:00Z', 'UTC', '2026-01-01T00:00:00.000+00:00'],
  ])('%s in %s is %s', (at, timeZone, local) => {
    expect(localTimeOf(Date.parse(at), timeZone)).toEqual({ local, date: local.slice(0, 10), timeZone, tzVersion: process.versions['tz'] });
  });

  it('knows which rules it went by', () => expect(localTimeOf(0, 'UTC').tzVersion).toMatch(/^20\d\d[a-z]$/));
});
