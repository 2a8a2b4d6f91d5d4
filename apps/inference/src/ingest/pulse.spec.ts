import { expect, it } from 'vitest';
import { Pulse } from './pulse.js';

it('is over when no sign comes in time', () => {
  const pulse = new Pulse(5000, 0);
  expect([1000, 2000, 3000, 4000].map((nowMs) => pulse.isOver(nowMs))).toEqual([false, false, false, false]);
  pulse.beat(5000, 4500);
  expect([5000, 6000, 7000, 8000, 9000].map((nowMs) => pulse.isOver(nowMs))).toEqual([false, false, false, false, false]);
  expect(pulse.isOver(10_000)).toBe(true);
});

it('does not count the time in which its watcher was stopped', () => {
  const pulse = new Pulse(5000, 0);
  pulse.isOver(1000);
  expect(pulse.isOver(60_000)).toBe(false);
  // The signs that lay unread are read next.
  pulse.beat(5000, 60_001);
  expect(pulse.isOver(61_000)).toBe(false);
});
