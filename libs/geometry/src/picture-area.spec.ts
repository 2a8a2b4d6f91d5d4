import { describe, expect, it } from 'vitest';
import { turnedBox } from './homography.js';
import { areaFlaw, quadOfArea } from './picture-area.js';

const PICTURE = { width: 640, height: 360 };
const AS_IT_COMES = { size: null, ratio: null };

describe('the area of a new picture', () => {
  it('is a quad as it is, or a turned box', () => {
    const corners = turnedBox({ x: 1, y: 2, width: 30, height: 40 }, 12) as never;
    expect(quadOfArea({ kind: 'quad', corners }, PICTURE)).toEqual(corners);
    expect(quadOfArea({ kind: 'turned', box: null, degrees: 0 }, PICTURE)).toEqual([{ x: 0, y: 0 }, { x: 640, y: 0 }, { x: 640, y: 360 }, { x: 0, y: 360 }]);
    expect(quadOfArea({ kind: 'turned', box: { x: 1, y: 2, width: 30, height: 40 }, degrees: 12 }, PICTURE)).toEqual(corners);
  });

  it.each([
    [null, turnedBox({ x: 0, y: 0, ...PICTURE }, 45), AS_IT_COMES],
    [null, turnedBox({ x: 10, y: 10, width: 100, height: 50 }, 0), { size: { width: 200, height: 100 }, ratio: null }],
    ['upscaled', turnedBox({ x: 10, y: 10, width: 100, height: 50 }, 0), { size: { width: 201, height: 100 }, ratio: null }],
    [null, turnedBox({ x: 10, y: 10, width: 100, height: 50 }, 0), { size: null, ratio: 10 }],
    ['small', turnedBox({ x: 10, y: 10, width: 100, height: 7 }, 0), AS_IT_COMES],
    ['outside', turnedBox({ x: 635, y: 10, width: 100, height: 70 }, 0), AS_IT_COMES],
    ['mirrored', turnedBox({ x: 10, y: 10, width: 100, height: 70 }, 0).toReversed(), AS_IT_COMES],
  ] as const)('may be %s', (flaw, quad, wish) => expect(areaFlaw(quad as never, PICTURE, wish)).toBe(flaw));
});
