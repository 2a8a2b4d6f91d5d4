import { describe, expect, it } from 'vitest';
import { LagWatch } from './lag-watch.js';

/** A camera of 25 pictures a second. */
function setUp() {
  const watch = new LagWatch();
  const clock = { ptsUs: 0, ms: 1000 };
  const read = (tookMs: number, waitedMs: number): void => {
    clock.ptsUs += 40_000;
    clock.ms += tookMs;
    watch.read(clock.ptsUs, clock.ms, waitedMs, 40);
  };
  const reads = (count: number, tookMs: number, waitedMs: number): void => {
    for (let i = 0; i < count; i += 1) read(tookMs, waitedMs);
  };
  return { watch, reads };
}

describe('LagWatch', () => {
  it('leaves a process that keeps up alone', () => {
    const { watch, reads } = setUp();
    reads(500, 40, 35);
    expect(watch.share).toBe(1);
  });

  it('sheds at once when packets are read late without waiting for any, and recovers slowly', () => {
    const { watch, reads } = setUp();
    reads(50, 40, 35);
    reads(75, 60, 1);
    expect(watch.share).toBeLessThan(0.5);
    reads(200, 60, 1);
    expect(watch.share).toBe(0);
    reads(250, 40, 35);
    expect(watch.share).toBeGreaterThan(0.8);
    expect(watch.share).toBeLessThanOrEqual(1);
  });

  it('does not take a camera that pauses and then sends everything at once for its own fault', () => {
    const { watch, reads } = setUp();
    for (let group = 0; group < 20; group += 1) {
      reads(1, 540, 530);
      reads(13, 2, 1);
      reads(36, 40, 35);
    }
    expect(watch.share).toBe(1);
  });

  it('does not mind a camera that has fallen behind for good', () => {
    const { watch, reads } = setUp();
    reads(50, 40, 35);
    reads(1, 5000, 4990);
    reads(200, 40, 35);
    expect(watch.share).toBe(1);
  });
});
