import { describe, expect, it } from 'vitest';
import { KeptFrames } from './kept-frames.js';

function setUp() {
  const freed: number[] = [];
  const frames = new KeptFrames();
  const see = (ptsUs: number): void => frames.seen({ ptsUs, width: 1, height: 1, free: () => void freed.push(ptsUs) });
  return { freed, frames, see };
}

describe('KeptFrames', () => {
  it('holds the newest frame and the kept ones, each freed once', () => {
    const { freed, frames, see } = setUp();
    see(0);
    frames.keepLatest(1);
    see(1);
    see(2);
    expect(freed).toEqual([1]);
    expect(frames.find(1)?.ptsUs).toBe(0);
    frames.release(1);
    frames.release(1);
    expect(freed).toEqual([1, 0]);
    frames.keepLatest(2);
    frames.release(2);
    expect(freed).toEqual([1, 0]);
    frames.clear();
    expect(freed).toEqual([1, 0, 2]);
  });

  it('is bounded even if nobody releases', () => {
    const { freed, frames, see } = setUp();
    for (let i = 0; i < 50; i += 1) {
      see(i);
      frames.keepLatest(i);
    }
    expect(frames.count).toBe(8);
    expect(frames.find(0)).toBeNull();
    frames.clear();
    expect(freed).toHaveLength(50);
  });
});
