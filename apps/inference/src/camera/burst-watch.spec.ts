import { describe, expect, it } from 'vitest';
import { BurstWatch } from './burst-watch.js';

const watch = (arrivals: readonly (readonly [ptsMs: number, arrivedMs: number])[]) => {
  const bursts = new BurstWatch();
  return arrivals.map(([ptsMs, arrivedMs]) => bursts.holds({ ptsUs: ptsMs * 1000, arrivedMs }));
};

describe('BurstWatch', () => {
  it('leaves pictures alone that come as they are filmed, a little early or late', () => {
    expect(watch([[0, 5], [200, 210], [400, 395], [600, 640]])).toEqual([false, false, false, false]);
  });

  it('knows what a pause of the network brings at once: all but the first, which comes late', () => {
    expect(watch([[0, 0], [100, 500], [200, 500], [300, 501], [400, 501], [500, 505], [600, 600]])).toEqual([false, false, true, true, true, true, false]);
  });

  it('says nothing of times that go back', () => {
    expect(watch([[5000, 0], [0, 1], [200, 201]])).toEqual([false, false, false]);
  });
});
