import { expect, it } from 'vitest';
import { Pace } from './pace.js';

it('lets bytes through without waiting where there is no rate', async () => {
  await new Pace(() => null).wait(1e12);
});

it('makes the next wait for as long as the bytes before it take', async () => {
  const asked: number[] = [];
  let now = 0;
  const pace = new Pace(() => 1_000_000, () => now);
  await pace.wait(20_000); // 20 ms worth
  const next = pace.wait(1).then(() => asked.push(now));
  const given = new AbortController();
  const third = pace.wait(1, given.signal);
  given.abort();
  await expect(third).rejects.toThrow();
  await next;
  now = 1000;
  await pace.wait(1);
  expect(asked).toEqual([0]);
});
