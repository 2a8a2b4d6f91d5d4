import type { MediaPacket } from '@argus/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PreRoll } from './pre-roll.js';

/** A camera of 10 pictures a second with a key frame every `group` pictures, and what of it is held. */
function setUp(group = 20, bytes = 1000) {
  const preRoll = new PreRoll();
  const held = new Set<number>();
  let index = 0;
  const add = (count: number, keepUs: number): void => {
    for (let end = index + count; index < end; index += 1) {
      const number = index;
      const packet = { ptsUs: number * 100_000, key: number % group === 0, byteLength: bytes };
      const share = () => {
        held.add(number);
        return { ...packet, free: () => held.delete(number) };
      };
      preRoll.add({ ...packet, share } as unknown as MediaPacket, keepUs);
    }
  };
  return { preRoll, held, add, skip: (count: number) => (index += count) };
}

describe('PreRoll', () => {
  it('begins with the key frame at or before what is wanted, and goes on without a hole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 400 }), (group, seconds, count) => {
        const { preRoll, held, add } = setUp(group);
        add(count, seconds * 1_000_000);
        const numbers = preRoll.take().map(({ ptsUs }) => ptsUs / 100_000);
        const wanted = Math.max(0, count - 1 - seconds * 10);
        expect(numbers).toEqual(Array.from({ length: count - (wanted - (wanted % group)) }, (_, index) => wanted - (wanted % group) + index));
        expect(held.size).toBe(numbers.length);
        expect(preRoll.isEmpty).toBe(true);
      }),
    );
  });

  it('leaves what comes before the first key frame', () => {
    const { preRoll, held, add, skip } = setUp();
    skip(5);
    add(15, 1e6);
    expect([preRoll.isEmpty, held.size]).toEqual([true, 0]);
    add(1, 1e6);
    expect(held).toEqual(new Set([20]));
  });

  it('holds no more than 16 MB, and begins again at a key frame where one group is too much', () => {
    const { preRoll, held, add } = setUp(20, 500_000);
    add(79, 30e6);
    expect([Math.min(...held), held.size * 500_000 <= 16 * 1024 * 1024]).toEqual([60, true]);
    const long = setUp(1000, 500_000);
    long.add(300, 30e6);
    expect(long.held.size).toBe(0);
    long.add(705, 30e6);
    expect(Math.min(...long.held)).toBe(1000);
    preRoll.clear();
    expect(held.size).toBe(0);
  });
});
