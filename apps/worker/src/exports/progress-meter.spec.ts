import { expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.js';

it('tells rate and time left of the last seconds, and neither before anything moved', () => {
  const meter = new ProgressMeter();
  expect(meter.measure(0, 0, 0)).toEqual({ share: 0, bytes: 0, bytesPerSecond: null, secondsLeft: null });
  expect(meter.measure(500, 0, 0)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  expect(meter.measure(1000, 0.1, 1_000_000)).toEqual({ share: 0.1, bytes: 1_000_000, bytesPerSecond: 1_000_000, secondsLeft: 9 });
  for (let second = 2; second <= 30; second += 1) meter.measure(second * 1000, 0.1 + second / 1000, 1_000_000 + second * 100);
  expect(meter.measure(31_000, 0.131, 1_003_100)).toMatchObject({ bytesPerSecond: 100, secondsLeft: 869 });
  expect(meter.measure(32_000, 1.5, 1).share).toBe(1);
});
