import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTimes } from './decode-times.js';

describe('decodeTimes', () => {
  it.each([
    ['no B-frames', [0, 40, 80], [0, 40, 80]],
    ['two B-frames', [0, 120, 40, 80, 240, 160, 200], [0, 20, 40, 80, 120, 160, 200]],
    ['a pyramid', [0, 160, 80, 40, 120], [0, 13, 26, 40, 120]],
    ['an open group, whose first pictures come before its key frame', [120, 40, 80, 240, 160, 200], [39, 40, 80, 120, 160, 200]],
    ['one picture', [7], [7]],
    ['none', [], []],
  ])('%s', (_name, pts, dts) => {
    expect(decodeTimes(pts)).toEqual(dts);
  });

  it('rise, none after its picture, whatever the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }), (order) => {
        const pts = order.map((number) => number * 10_000);
        const dts = decodeTimes(pts);
        expect(dts).toHaveLength(pts.length);
        dts.forEach((time, index) => {
          expect(time).toBeLessThanOrEqual(pts[index] as number);
          if (index > 0) expect(time).toBeGreaterThan(dts[index - 1] as number);
        });
      }),
    );
  });
});
