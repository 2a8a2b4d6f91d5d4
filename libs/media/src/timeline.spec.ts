import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.js';

const run = (timeline: Timeline, raws: readonly (number | null)[]) => raws.map((raw) => timeline.next(raw));

describe('Timeline', () => {
  it('starts at 0 whatever the stream starts at', () => {
    expect(run(new Timeline({ fps: 10, reorders: false }), [5_000_000, 5_100_000, 5_200_000])).toEqual([0, 100_000, 200_000]);
  });

  it('places pictures without a time one picture after the last', () => {
    expect(run(new Timeline({ fps: 10, reorders: false }), [null, 100_000, 200_000, null])).toEqual([0, 100_000, 200_000, 300_000]);
  });

  it('goes on over a loop', () => {
    const timeline = new Timeline({ fps: 10, reorders: false });
    run(timeline, [12_000_000, 12_100_000]);
    timeline.restart();
    expect(run(timeline, [0, 100_000])).toEqual([200_000, 300_000]);
  });

  it.each([
    ['back', 1_000_000],
    ['far ahead', 1_000_000_000],
  ])('goes on after a jump %s', (_name, raw) => {
    const timeline = new Timeline({ fps: 10, reorders: false });
    run(timeline, [20_000_000, 20_100_000]);
    expect(timeline.jumps).toBe(0);
    expect(run(timeline, [raw, raw + 100_000])).toEqual([200_000, 300_000]);
    expect(timeline.jumps).toBe(1);
  });

  it('rises strictly without B-frames, even when the camera repeats a time', () => {
    expect(run(new Timeline({ fps: 10, reorders: false }), [0, 100_000, 100_000, 90_000])).toEqual([0, 100_000, 100_001, 100_002]);
  });

  it('does not stand still behind a clock that is set back again and again by a little', () => {
    const timeline = new Timeline({ fps: 10, reorders: false });
    const group = Array.from({ length: 20 }, (_unused, index) => index * 100_000);
    expect(run(timeline, [...group, ...group, ...group]).at(-1)).toBe(59 * 100_000);
  });

  it('leaves the order of B-frames alone', () => {
    expect(run(new Timeline({ fps: 10, reorders: true }), [0, 300_000, 100_000, 200_000])).toEqual([0, 300_000, 100_000, 200_000]);
  });

  it('uses the last distance between pictures when the nominal rate is unknown', () => {
    const timeline = new Timeline({ fps: null, reorders: false });
    run(timeline, [0, 200_000, 400_000]);
    expect(timeline.next(null)).toBe(600_000);
  });
});
