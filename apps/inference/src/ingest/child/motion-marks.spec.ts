import { describe, expect, it } from 'vitest';
import { MotionMarks } from './motion-marks.js';

describe('MotionMarks', () => {
  it('keeps the largest share of each second and shows the smallest motion', () => {
    const marks = new MotionMarks(5_000_000);
    for (const [ptsUs, share] of [[4_900_000, 0.9], [5_000_000, 0.1], [5_900_000, 0.5], [6_100_000, 0.0008], [8_000_000, 1.2]] as const) marks.moved(ptsUs, share);
    expect(marks.of(3400)).toEqual([128, 1, 0, 255]);
    expect(marks.of(2000)).toEqual([128, 1]);
    expect(new MotionMarks(9_000_000).of(500)).toEqual([0]);
  });
});
