import { expect, it } from 'vitest';
import { coverage, overlap } from './track-log.ts';

const interval = (fromMs: number, toMs: number) => ({ fromMs, toMs });

it('tells whether intervals meet', () => {
  expect(overlap(interval(0, 10), interval(10, 20))).toBe(true);
  expect(overlap(interval(0, 10), interval(11, 20))).toBe(false);
});

it('counts what is covered once, and only inside', () => {
  expect(coverage(interval(0, 100), [])).toBe(0);
  expect(coverage(interval(0, 100), [interval(60, 500), interval(-50, 20), interval(10, 30)])).toBeCloseTo(0.7);
  expect(coverage(interval(0, 100), [interval(-5, 105), interval(20, 30)])).toBe(1);
});
