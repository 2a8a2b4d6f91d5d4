import { describe, expect, it } from 'vitest';
import { isTimeZone } from '@argus/kernel';
import { isScheduleOpen } from './schedule.js';

const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];
const nights = { windows: [{ days: ALL_DAYS, from: '22:00', to: '06:00' }] };
const open = (schedule: Parameters<typeof isScheduleOpen>[0], utc: string, timeZone = 'UTC') => isScheduleOpen(schedule, Date.parse(utc), timeZone);

describe('isScheduleOpen', () => {
  it.each([
    ['2026-03-02T08:59:59Z', false],
    ['2026-03-02T09:00:00Z', true],
    ['2026-03-02T16:59:59Z', true],
    ['2026-03-02T17:00:00Z', false],
    ['2026-03-07T10:00:00Z', false],
  ])('office hours, Monday to Friday: %s', (utc, expected) => {
    expect(open({ windows: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }] }, utc)).toBe(expected);
  });

  it('reads the clock of the site', () => {
    const schedule = { windows: [{ days: [2], from: '08:00', to: '09:00' }] };
    expect(open(schedule, '2026-03-03T00:30:00Z', 'Asia/Shanghai')).toBe(true);
    expect(open(schedule, '2026-03-03T08:30:00Z', 'Asia/Shanghai')).toBe(false);
  });

  it('runs over midnight into a day that is not listed, and over the end of the week', () => {
    const friday = { windows: [{ days: [5], from: '22:00', to: '06:00' }] };
    expect(open(friday, '2026-03-06T23:00:00Z')).toBe(true);
    expect(open(friday, '2026-03-07T05:59:00Z')).toBe(true);
    expect(open(friday, '2026-03-07T06:00:00Z')).toBe(false);
    expect(open(friday, '2026-03-06T05:00:00Z')).toBe(false);
    expect(open({ windows: [{ days: [7], from: '22:00', to: '06:00' }] }, '2026-03-02T03:00:00Z')).toBe(true);
  });

  it('is open all day when the end is the start', () => {
    const monday = { windows: [{ days: [1], from: '08:00', to: '08:00' }] };
    expect(['2026-03-02T08:00:00Z', '2026-03-03T07:59:00Z', '2026-03-03T08:00:00Z'].map((utc) => open(monday, utc))).toEqual([true, true, false]);
  });

  it('follows the wall clock through both changes of summer time', () => {
    // Berlin: 29 March 2026 02:00 -> 03:00, 25 October 2026 03:00 -> 02:00.
    const hoursOpen = (from: string) => Array.from({ length: 24 }, (_, hour) => isScheduleOpen(nights, Date.parse(from) + hour * 3_600_000, 'Europe/Berlin')).filter(Boolean).length;
    expect(hoursOpen('2026-03-28T12:00:00Z')).toBe(7);
    expect(hoursOpen('2026-10-24T12:00:00Z')).toBe(9);
    expect(hoursOpen('2026-06-10T12:00:00Z')).toBe(8);
    expect(open(nights, '2026-03-29T03:59:00Z', 'Europe/Berlin')).toBe(true);
    expect(open(nights, '2026-03-29T04:00:00Z', 'Europe/Berlin')).toBe(false);
  });
});

it('knows which time zones exist', () => {
  expect(isTimeZone('Asia/Shanghai')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});
