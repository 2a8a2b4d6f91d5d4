import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArrivalClock } from './arrival-clock.js';

it('knows nothing before the first packet', () => {
  const clock = new ArrivalClock();
  expect([clock.arrivalMs(0), clock.ptsUs(0)]).toEqual([null, null]);
});

it('finds the same moment on two streams, however the network trembles', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 50, maxLength: 200 }), fc.integer({ min: 0, max: 5_000_000 }), (late, startUs) => {
      const [one, other] = [new ArrivalClock(), new ArrivalClock()];
      // The least late packet of each is not late at all; the second stream's media time began elsewhere.
      for (const [index, lateMs] of [0, ...late].entries()) {
        one.arrived(index * 100_000, 1_700_000_000_000 + index * 100 + lateMs);
        other.arrived(startUs + index * 100_000, 1_700_000_000_000 + index * 100 + (index === 0 ? 0 : 400 - lateMs));
      }
      const newest = late.length * 100_000;
      const moment = other.ptsUs(one.arrivalMs(newest) as number) as number;
      // Within the newest twenty seconds; later the least late one may be any of those that came.
      if (late.length < 100) expect(moment).toBe(startUs + newest);
      else expect(Math.abs(moment - startUs - newest)).toBeLessThanOrEqual(400_000);
    }),
  );
});

it('follows a way that has become longer after some time, and one that has become shorter at once', () => {
  const clock = new ArrivalClock();
  for (let s = 0; s < 30; s += 1) clock.arrived(s * 1e6, s * 1000 + 50);
  for (let s = 30; s < 60; s += 1) clock.arrived(s * 1e6, s * 1000 + 90);
  expect(clock.arrivalMs(60e6)).toBe(60_090);
  clock.arrived(60e6, 60_020);
  expect(clock.arrivalMs(60e6)).toBe(60_020);
  clock.restart();
  clock.arrived(0, 5000);
  expect(clock.ptsUs(5000)).toBe(0);
});
