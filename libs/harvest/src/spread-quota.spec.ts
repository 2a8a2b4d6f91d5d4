import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadQuota } from './spread-quota.js';

const HOUR = 3_600_000;

describe('spreadQuota', () => {
  it('takes all of what is not too much, and nothing of nothing', () => {
    expect(spreadQuota([5, 3, 9], 3)).toEqual([0, 1, 2]);
    expect(spreadQuota([5, 3, 9], 0)).toEqual([]);
    expect(spreadQuota([], 3)).toEqual([]);
  });

  it('takes even footage in even steps', () => {
    expect(spreadQuota(Array.from({ length: 100 }, (_, index) => index * 1000), 5)).toEqual([10, 30, 50, 70, 90]);
  });

  it('does not let a busy hour have the quota of quiet ones', () => {
    const busy = Array.from({ length: 10_000 }, (_, index) => index * 300);
    const quiet = [2, 5, 8, 12, 20, 24].map((hour) => hour * HOUR);
    const taken = spreadQuota([...busy, ...quiet], 24);
    expect(taken).toHaveLength(24);
    // Every quiet picture, and the rest of the quota from the hour that has it.
    expect(taken.filter((place) => place >= busy.length)).toEqual(quiet.map((_, index) => busy.length + index));
  });

  it('times in any order, many of them the same: exact in number, each once, the same again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 }), fc.nat(210), (times, quota) => {
        const taken = spreadQuota(times, quota);
        expect(taken).toHaveLength(Math.min(quota, times.length));
        expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b));
        expect(spreadQuota(times, quota)).toEqual(taken);
      }),
    );
  });

  it('leaves no slot empty that has a picture', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 2, maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (times, quota) => {
        fc.pre(quota < times.length);
        const [first, last] = [Math.min(...times), Math.max(...times)];
        const slotOf = (ms: number): number => Math.min(quota - 1, Math.floor((ms - first) / ((last - first) / quota)));
        expect(new Set(spreadQuota(times, quota).map((place) => slotOf(times[place] as number)))).toEqual(new Set(times.map(slotOf)));
      }),
    );
  });
});
