import { describe, expect, it } from 'vitest';
import { MotionMarks } from './motion-marks.js';

describe('MotionMarks', () => {
  it('keeps the largest share of each second and shows the smallest motion', () => {
    const marks = new MotionMarks();
    for (const [ptsUs, share] of [[4_900_000, 0.9], [5_000_000, 0.1], [5_900_000, 0.5], [6_100_000, 0.0008], [8_000_000, 1.2], [8_500_000, 0.2]] as const) marks.moved(ptsUs, share);
    expect(marks.take({ startUs: 5_000_000, endUs: 8_400_000 })).toEqual([128, 1, 0, 255]);
    expect(marks.take({ startUs: 8_400_000, endUs: 9_000_000 })).toEqual([51]);
    expect(marks.take({ startUs: 5_000_000, endUs: 5_000_001 })).toEqual([0]);
  });

  it('does not grow while nothing is finished', () => {
    const marks = new MotionMarks();
    for (let index = 0; index < 5000; index += 1) marks.moved(index * 1_000_000, 1);
    expect(marks.take({ startUs: 0, endUs: 5_000_000_000 }).indexOf(255)).toBe(3500);
  });
});
