import { expect, it } from 'vitest';
import { holdRange } from './hold-range.js';

const AT = '2026-11-20T10:00:00.000Z';
it.each([
  ['2026-11-20T10:05:00.000Z', '2026-11-20T12:00:00.000Z', '2026-11-20T10:05:30.000Z'],
  [null, '2026-11-20T12:00:00.000Z', '2026-11-20T12:00:30.000Z'],
  // The browser's clock is behind.
  [null, '2026-11-20T09:00:00.000Z', '2026-11-20T10:00:30.000Z'],
  [null, '2027-11-20T09:00:00.000Z', '2026-12-21T09:59:30.000Z'],
])('an event that ended at %s, seen at %s, is held until %s', (endedAt, now, to) => {
  expect(holdRange({ startedAt: AT, endedAt }, Date.parse(now))).toEqual({ from: '2026-11-20T09:59:30.000Z', to });
});
