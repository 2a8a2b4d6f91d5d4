import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

describe('Backoff', () => {
  it('doubles up to its ceiling and starts over after a reset', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 500, random: () => 1 });
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([100, 200, 400, 500, 500]);
    expect(backoff.attempts).toBe(5);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('keeps every delay between half of the step and the step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 2000 }), (random, skip) => {
        const backoff = new Backoff({ firstMs: 10, maxMs: 30_000, random: () => random });
        for (let i = 0; i < skip; i += 1) backoff.nextMs();
        const step = Math.min(30_000, 10 * 2 ** skip);
        const delay = backoff.nextMs();
        expect(delay).toBeGreaterThanOrEqual(step / 2);
        expect(delay).toBeLessThanOrEqual(step);
      }),
    );
  });
});
