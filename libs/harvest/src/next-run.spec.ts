import { expect, it } from 'vitest';
import { nextRunAfter } from './next-run.js';

const recipe = (at: string, weekdays: number[] | null, timeZone: string | null) => ({
  schedule: { at, weekdays: weekdays ?? [1, 2, 3, 4, 5, 6, 7] },
  calendar: { dates: { kind: 'all' as const }, weekdays: [1], windows: [], timeZone },
});
const next = (one: ReturnType<typeof recipe>, now: string): string | undefined => nextRunAfter(one, Date.parse(now))?.toISOString();

it.each([
  ['later today', recipe('03:00', null, null), '2026-11-28T02:59:00Z', '2026-11-28T03:00:00.000Z'],
  ['tomorrow, when it is that minute', recipe('03:00', null, null), '2026-11-28T03:00:00Z', '2026-11-29T03:00:00.000Z'],
  ['by the clock of the site', recipe('03:00', null, 'Asia/Shanghai'), '2026-11-28T00:00:00Z', '2026-11-28T19:00:00.000Z'],
  ['on Monday', recipe('23:59', [1], 'UTC'), '2026-11-28T00:00:00Z', '2026-11-30T23:59:00.000Z'],
  ['over a minute that a change of clocks leaves out', recipe('02:30', [7], 'Europe/Berlin'), '2026-03-28T00:00:00Z', '2026-04-05T00:30:00.000Z'],
])('%s', (_when, one, now, expected) => expect(next(one, now)).toBe(expected));

it('never without a schedule', () => expect(nextRunAfter({ ...recipe('03:00', null, null), schedule: null }, 0)).toBeNull());
