import { describe, expect, it } from 'vitest';
import { WallTime } from './wall-time.js';

const DAY_MS = 1_795_000_000_000;

/** A camera of 25 pictures a second. Gives the wall times at which segments of ten seconds begin, since the start of the day. */
function begins(segments: number, lateMs: (index: number) => number, drift = 1): number[] {
  const wall = new WallTime();
  const times: number[] = [];
  for (let index = 0; index < segments * 250; index += 1) {
    wall.arrived(index * 40_000, DAY_MS + index * 40 * drift + lateMs(index));
    if (index % 250 === 0) times.push(wall.begin(index * 40_000) - DAY_MS);
  }
  return times;
}

describe('WallTime', () => {
  it('follows media time, however arrival trembles', () => {
    expect(begins(4, (index) => (index === 0 ? 5 : (index * 7919) % 400))).toEqual([5, 10_005, 20_005, 30_005]);
  });

  it('does not believe a key frame that is held up', () => {
    expect(begins(4, (index) => (index === 500 ? 3000 : 0))).toEqual([0, 10_000, 20_000, 30_000]);
  });

  it('forgets after one segment that the first packets came late and in a heap', () => {
    expect(begins(3, (index) => Math.max(0, 2500 - index * 40))).toEqual([2500, 10_000, 20_000]);
  });

  it('stays within about a second of a clock that runs one percent slow or fast', () => {
    for (const drift of [0.99, 1.01]) {
      for (const [index, time] of begins(60, () => 0, drift).entries()) expect(Math.abs(time - index * 10_000 * drift)).toBeLessThan(1200);
    }
  });

  it('goes with this machine\'s clock when that is set', () => {
    const times = begins(4, (index) => (index > 400 ? -3_600_000 : 0));
    expect(times).toEqual([0, 10_000, 20_000 - 3_600_000, 30_000 - 3_600_000]);
  });

  it('tells at once when packets come before their time, and not when they are late', () => {
    const wall = new WallTime();
    const apart = [2000, 1960, 1920, 0, 0, 5000, 0, -3000, -3000, -3010].map((lateMs, index) => wall.arrived(index * 40_000, DAY_MS + index * 40 + lateMs));
    expect(apart.flatMap((is, index) => (is ? [index] : []))).toEqual([3, 7]);
    expect(wall.begin(400_000)).toBe(DAY_MS + 400 - 3000);
  });

  it('begins anew with a connection', () => {
    const wall = new WallTime();
    wall.arrived(0, DAY_MS);
    expect(wall.begin(0)).toBe(DAY_MS);
    wall.restart();
    wall.arrived(0, DAY_MS + 500);
    expect(wall.begin(0)).toBe(DAY_MS + 500);
  });
});
