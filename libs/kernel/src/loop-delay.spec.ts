import { afterEach, expect, it, vi } from 'vitest';
import { LoopDelay } from './loop-delay.js';

afterEach(() => void vi.useRealTimers());

it('sees the loop blocked, and after a minute tells of that minute only', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const delay = new LoopDelay();
  expect(delay.p99Ms).toBeNull();
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(120);
  const until = performance.now() + 200;
  while (performance.now() < until);
  await wait(120);
  expect(delay.p99Ms).toBeGreaterThan(100);
  vi.advanceTimersByTime(60_000);
  expect(delay.p99Ms).toBeGreaterThan(100);
  await wait(120);
  vi.advanceTimersByTime(60_000);
  expect(delay.p99Ms).toBeLessThan(100);
  delay.close();
});
