import { expect, it } from 'vitest';
import { PictureTimes } from './picture-times.js';

function timesOf(...ptsUs: number[]): PictureTimes {
  const times = new PictureTimes();
  for (const one of ptsUs) times.add(one);
  return times;
}

it.each([
  ['the picture before it', [0, 40_000, 80_000], 45_000, 40_000],
  ['the picture after it', [0, 40_000, 80_000], 61_000, 80_000],
  ['one that has not come yet', [0, 40_000, 80_000], 118_000, 120_000],
  ['one that comes later still', [0, 40_000, 80_000], 200_177, 200_000],
  ['none, when all are far', [0, 40_000], -200_000, null],
  ['none, before the first', [], 5, null],
  ['the only one', [0], 90_000, 0],
])('finds %s', (_what, known, wanted, expected) => expect(timesOf(...known).nearest(wanted)).toBe(expected));

it('keeps the newest', () => expect(timesOf(...Array.from({ length: 1000 }, (_unused, index) => index * 40_000)).nearest(0)).toBeNull());
