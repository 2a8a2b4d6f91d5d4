import type { Schedule } from '@argus/contracts';
import { Temporal } from 'temporal-polyfill';

/**
 * True while one of the weekly windows is open at this wall time, read on the clock of `timeZone` (IANA). Comparing local clock
 * readings is what makes it right when clocks change: 22:00 to 06:00 is that on the wall, whether it lasts 7, 8 or 9 hours.
 * @throws RangeError for a time zone that does not exist.
 */
export function isScheduleOpen(schedule: Schedule, wallMs: number, timeZone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(wallMs)).toZonedDateTimeISO(timeZone);
  const minute = local.hour * 60 + local.minute;
  const today = local.dayOfWeek;
  const yesterday = today === 1 ? 7 : today - 1;
  return schedule.windows.some(({ days, from, to }) => {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    if (end > start) return days.includes(today) && minute >= start && minute < end;
    return (days.includes(today) && minute >= start) || (days.includes(yesterday) && minute < end);
  });
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
