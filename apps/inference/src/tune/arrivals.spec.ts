import { expect, it } from 'vitest';
import { arrivals } from './arrivals.js';

it('come at the rate, independent of one another, within the span', () => {
  for (const seed of [0, 1, 2, 77]) {
    const times = [...arrivals(100, 100_000, seed)];
    expect(times.length / 100).toBeGreaterThan(96);
    expect(times.length / 100).toBeLessThan(104);
    expect(times.every((time, index) => time > (times[index - 1] ?? 0) && time < 100_000)).toBe(true);
    // Exponential gaps: one in e is longer than the mean.
    const long = times.filter((time, index) => time - (times[index - 1] ?? 0) > 10).length / times.length;
    expect(long).toBeCloseTo(1 / Math.E, 1);
  }
});

it('are the same pattern at every rate', () => {
  const [slow, fast] = [[...arrivals(10, 10_000, 3)], [...arrivals(20, 5000, 3)]];
  expect(fast.length).toBe(slow.length);
  fast.forEach((time, index) => expect(time * 2).toBeCloseTo(slow[index] as number, 6));
  expect([...arrivals(10, 10_000, 4)]).not.toEqual(slow);
});
