import { describe, expect, it } from 'vitest';
import { FrameTimes } from './frame-times.js';

describe('FrameTimes', () => {
  it('steps to the middle of the neighbouring picture, however long each is', () => {
    const frames = new FrameTimes();
    frames.add([1000, 1040, 1140, 1150]);
    expect(frames.step(1000, 1)).toBe(1090);
    expect(frames.step(1090, 1)).toBe(1145);
    expect(frames.step(1145, -1)).toBe(1090);
    expect(frames.step(1090, -1)).toBe(1020);
    expect(frames.step(1000, -1)).toBeNull();
    expect(frames.step(1150, 1)).toBeNull();
  });

  it('reaches every picture once in both directions', () => {
    const frames = new FrameTimes();
    const times = Array.from({ length: 50 }, (_, index) => 5000 + index * 33.3667);
    frames.add(times);
    let at = times[0] as number;
    for (const [index, time] of times.entries()) {
      if (index === 0) continue;
      at = frames.step(at, 1) as number;
      expect(at).toBeGreaterThan(time);
      expect(at).toBeLessThan(time + 33.3667);
    }
    for (let index = 0; index < 49; index += 1) at = frames.step(at, -1) as number;
    expect(at).toBeCloseTo(5000 + 33.3667 / 2);
  });

  it('takes a fragment that came twice once, and goes over joints', () => {
    const frames = new FrameTimes();
    frames.add([2000, 2040]);
    frames.add([1000, 1040]);
    frames.add([2000.4, 2040.4]);
    frames.add([2080, 2120]);
    expect(frames.step(2040, 1)).toBe(2100);
    expect(frames.step(2000.4, 1)).toBeCloseTo(2060.2);
    expect(frames.step(2000.4, -1)).toBe(1290);
    frames.remove(0, 2050);
    expect(frames.step(2080, -1)).toBeNull();
    expect(frames.step(2080, 1)).not.toBeNull();
  });
});
