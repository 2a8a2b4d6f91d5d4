import { describe, expect, it } from 'vitest';
import { PacketSizes } from './packet-sizes.js';

/** The same noise each time. */
function noise(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const learned = (size: () => number, count = 100): PacketSizes => {
  const sizes = new PacketSizes();
  for (let i = 0; i < count; i += 1) sizes.learn(Math.round(size()));
  return sizes;
};

describe('PacketSizes', () => {
  it('says nothing before it knows the scene', () => {
    const sizes = learned(() => 100, 10);
    expect([sizes.ready, sizes.jumped(50_000)]).toEqual([false, false]);
  });

  it('sees one large packet in a quiet scene at once', () => {
    const random = noise();
    const sizes = learned(() => 80 + 60 * random());
    expect(sizes.jumped(3000)).toBe(true);
  });

  it('sees a lasting rise within noise after some packets', () => {
    const random = noise();
    const sizes = learned(() => 9000 + 1400 * random());
    const seen = Array.from({ length: 25 }, () => sizes.jumped(11_500 + 1400 * random())).indexOf(true);
    expect(seen).toBeGreaterThanOrEqual(0);
    expect(seen).toBeLessThan(10);
  });

  it('stays silent for an hour of noise', () => {
    const random = noise(7);
    const size = (): number => 9000 + 1400 * (random() + random() - 1);
    const sizes = learned(size);
    let alarms = 0;
    for (let i = 0; i < 90_000; i += 1) {
      const bytes = Math.round(size());
      if (sizes.jumped(bytes)) alarms += 1;
      else sizes.learn(bytes);
    }
    expect(alarms).toBeLessThanOrEqual(2);
  });

  it('asks for more after false alarms, and forgets them in time', () => {
    const sizes = learned(() => 1000);
    expect(sizes.jumped(1300)).toBe(true);
    for (let i = 0; i < 3; i += 1) sizes.falseAlarm();
    expect(sizes.jumped(1300)).toBe(false);
    expect(sizes.jumped(5000)).toBe(true);
    for (let i = 0; i < 6000; i += 1) sizes.jumped(1000);
    expect(sizes.jumped(1300)).toBe(true);
  });
});
