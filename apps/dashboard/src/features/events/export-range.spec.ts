import { expect, it } from 'vitest';
import { exportRange } from './export-range.js';

const startedAt = '2026-11-20T10:00:00.000Z';

it.each([
  ['with five seconds before and ten after it', '2026-11-20T10:01:00.000Z', '2026-11-20T10:05:00.000Z', '2026-11-20T10:01:10.000Z'],
  ['up to now while it goes on', null, '2026-11-20T10:05:00.000Z', '2026-11-20T10:05:00.000Z'],
  ['never before its beginning, whatever the clock of the browser says', null, '2026-11-20T09:00:00.000Z', '2026-11-20T10:00:00.000Z'],
  ['a day at most', null, '2026-11-25T10:00:00.000Z', '2026-11-21T09:59:55.000Z'],
])('is exported %s', (_how, endedAt, now, to) => {
  expect(exportRange({ startedAt, endedAt }, Date.parse(now))).toEqual({ from: '2026-11-20T09:59:55.000Z', to });
});
