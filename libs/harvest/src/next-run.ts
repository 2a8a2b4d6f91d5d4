import type { HarvestRecipe } from '@argus/contracts';
import { calendarIntervals } from './calendar.js';

const DAY_MS = 86_400_000;
/** The longest way to a weekday, and one more where the time does not exist on that day. */
const LOOK_DAYS = 15;

/** When a recipe runs by itself next, behind `nowMs`; null: never. A time that a change of clocks leaves out is left out. */
export function nextRunAfter({ schedule, calendar }: Pick<HarvestRecipe, 'schedule' | 'calendar'>, nowMs: number): Date | null {
  if (schedule === null) return null;
  const zone = calendar.timeZone ?? 'UTC';
  const dates = { kind: 'range', from: dateAt(nowMs - 2 * DAY_MS), to: dateAt(nowMs + LOOK_DAYS * DAY_MS) } as const;
  const minutes = calendarIntervals({ dates, weekdays: schedule.weekdays, windows: [{ from: schedule.at, to: minuteAfter(schedule.at) }], timeZone: zone }, { zone, nowMs });
  const next = minutes.find(({ startMs }) => startMs > nowMs);
  return next ? new Date(next.startMs) : null;
}

const dateAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function minuteAfter(time: string): string {
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + 1;
  return minutes === 1440 ? '24:00' : `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
