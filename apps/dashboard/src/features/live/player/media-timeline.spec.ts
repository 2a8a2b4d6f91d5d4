import { expect, it } from 'vitest';
import { MediaTimeline } from './media-timeline.js';

const place = (line: MediaTimeline, ...pts: number[]) => pts.map((one) => line.place(one * 1000).decodeTimeUs / 1000);

it('starts at zero and finds the pts back', () => {
  const line = new MediaTimeline();
  expect(line.ptsAt(0)).toBeNull();
  expect(place(line, 90_000, 90_040, 90_080)).toEqual([0, 40, 80]);
  expect(line.ptsAt(40_000)).toBe(90_040_000);
});

it('goes on without a hole when the media time jumps', () => {
  const line = new MediaTimeline();
  place(line, 5000, 5040);
  expect(place(line, 100, 140)).toEqual([80, 120]);
  expect(line.ptsAt(40_000)).toBe(5_040_000);
  expect(line.ptsAt(80_000)).toBe(100_000);
  expect(place(line, 60_000)).toEqual([160]);
  expect(line.ptsAt(160_000)).toBe(60_000_000);
});

it('tells B-frames', () => {
  const line = new MediaTimeline();
  place(line, 0, 120);
  expect(line.place(40_000).reordered).toBe(true);
});
