import { expect, it } from 'vitest';
import { MAX_ATTEMPTS, retryDelayMs } from './retry-schedule.js';

it('doubles from two seconds to an hour and gives up after a day', () => {
  const delays = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => retryDelayMs(index + 1, () => 0.5) as number);
  expect(delays.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000]);
  expect(Math.max(...delays)).toBe(3_600_000);
  const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(23);
  expect(hours).toBeLessThanOrEqual(24);
  expect(retryDelayMs(MAX_ATTEMPTS)).toBeNull();
  expect(retryDelayMs(10_000)).toBeNull();
});

it('spreads the retries of a thousand deliveries', () => {
  expect([retryDelayMs(1, () => 0), retryDelayMs(1, () => 1)]).toEqual([1900, 2100]);
});
