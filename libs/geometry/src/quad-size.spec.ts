import { describe, expect, it } from 'vitest';
import { turnedBox, type Quad } from './homography.js';
import { quadSize, sidesOf, upscaleOf } from './quad-size.js';

const AS_IT_COMES = { size: null, ratio: null };
const door: Quad = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 120, y: 300 }, { x: -20, y: 300 }];

describe('the size of a picture that is made of a quad', () => {
  it('is that of its longer sides, so that nothing near is made smaller', () => {
    expect(quadSize(door, AS_IT_COMES)).toEqual({ width: 140, height: Math.round(Math.hypot(20, 300)) });
    for (const degrees of [0, 17, 45, 90, 180]) expect(quadSize(turnedBox({ x: 10, y: 20, width: 500, height: 300 }, degrees), AS_IT_COMES)).toEqual({ width: 500, height: 300 });
  });

  it('has as many pixels in another form, and never more than twice along a side', () => {
    const { width, height } = quadSize(door, { size: null, ratio: 1 / 3 });
    expect(width / height).toBeCloseTo(1 / 3, 2);
    const sides = sidesOf(door);
    expect((width * height) / (sides.width * sides.height)).toBeCloseTo(1, 1);
    const wide = quadSize(door, { size: null, ratio: 10 });
    expect(wide.width / wide.height).toBeCloseTo(10, 0);
    expect(upscaleOf(door, wide)).toBeLessThanOrEqual(2.01);
  });

  it('is what is asked for, and bounded else', () => {
    expect(quadSize(door, { size: { width: 64, height: 192 }, ratio: null })).toEqual({ width: 64, height: 192 });
    expect(upscaleOf(door, { width: 280, height: 300 })).toBe(2);
    const huge = quadSize(turnedBox({ x: 0, y: 0, width: 30_000, height: 300 }, 0), AS_IT_COMES);
    expect(huge).toEqual({ width: 8192, height: 82 });
  });
});
