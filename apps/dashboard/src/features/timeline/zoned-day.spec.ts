import { describe, expect, it } from 'vitest';
import { HOUR_MS, spanOf } from './time-view.js';
import { dayOf, dayView, instantOf, localMs, sameTimeOn, shiftDay, ticksOf } from './zoned-day.js';

const BERLIN = 'Europe/Berlin';
const utc = (text: string) => Date.parse(`${text}Z`);

describe('days of a site', () => {
  it('begin at its midnight', () => {
    expect(dayView('2026-11-28', 'Asia/Shanghai')).toEqual({ fromMs: utc('2026-11-27T16:00:00'), toMs: utc('2026-11-28T16:00:00') });
    expect(dayOf(utc('2026-11-27T16:00:00'), 'Asia/Shanghai')).toBe('2026-11-28');
    expect(dayOf(utc('2026-11-27T15:59:59.999'), 'Asia/Shanghai')).toBe('2026-11-27');
    expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28');
  });

  it('have 23 hours when clocks are set forward, 25 when they are set back', () => {
    expect(spanOf(dayView('2026-03-29', BERLIN))).toBe(23 * HOUR_MS);
    expect(spanOf(dayView('2026-10-25', BERLIN))).toBe(25 * HOUR_MS);
    expect(spanOf(dayView('2026-10-24', BERLIN))).toBe(24 * HOUR_MS);
    expect(spanOf(dayView('2026-04-05', 'Australia/Lord_Howe'))).toBe(24.5 * HOUR_MS);
  });

  it('have one time of day twice, which means the first, and one never, which means just after the jump', () => {
    const local = (text: string) => instantOf(utc(text), BERLIN);
    expect(local('2026-10-25T02:30:00')).toBe(utc('2026-10-25T00:30:00'));
    expect(local('2026-03-29T02:30:00')).toBe(utc('2026-03-29T01:30:00'));
    expect(localMs(local('2026-03-29T02:30:00'), BERLIN)).toBe(utc('2026-03-29T03:30:00'));
    expect(sameTimeOn('2026-10-26', utc('2026-10-24T06:00:00.250'), BERLIN)).toBe(utc('2026-10-26T07:00:00.250'));
  });

  it('are taken as UTC where the zone is not known', () => {
    expect(dayView('2026-11-28', 'Mars/Olympus').fromMs).toBe(utc('2026-11-28T00:00:00'));
  });
});

describe('marks of the ruler', () => {
  const majors = (day: string, zone: string) => ticksOf(dayView(day, zone), zone, 1200, 80).filter((tick) => tick.major).map((tick) => new Date(localMs(tick.ms, zone)).getUTCHours());

  it('are on full hours of the site on every day', () => {
    expect(majors('2026-11-28', BERLIN)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    expect(majors('2026-11-28', 'Asia/Kolkata')).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    // The hour from 2 to 3 is not there, or there twice.
    expect(majors('2026-03-29', BERLIN)).toEqual([0, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    expect(majors('2026-10-25', BERLIN)).toEqual([0, 2, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
  });

  it('become seconds in a minute', () => {
    const fromMs = utc('2026-11-28T08:00:00.400');
    const ticks = ticksOf({ fromMs, toMs: fromMs + 60_000 }, BERLIN, 1200, 80).filter((tick) => tick.major);
    expect(ticks.map((tick) => (tick.ms / 1000) % 60)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 0]);
  });
});
