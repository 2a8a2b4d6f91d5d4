import { describe, expect, it } from 'vitest';
import { panBy, WHOLE, zoomAt } from './zoom-view.js';

/** Where a point of the picture is, from the middle of its frame. */
const placeOf = (point: number, view: { scale: number; x: number }) => (point - view.x) * view.scale;

describe('looking at a picture', () => {
  it('comes nearer to the point under the pointer', () => {
    const near = zoomAt(WHOLE, 4, 0.25, 0);
    expect(near.scale).toBe(4);
    expect(placeOf(0.75, near)).toBeCloseTo(0.25);
    expect(placeOf(0.75, WHOLE)).toBeCloseTo(0.25);
  });

  it('is whole again when it is far, and no nearer than it can be', () => {
    expect(zoomAt(zoomAt(WHOLE, 4, 0.3, 0.2), 0.01, 0, 0)).toEqual(WHOLE);
    expect(zoomAt(WHOLE, 1e6, 0, 0).scale).toBe(40);
  });

  it('moves with the pointer, and not beyond the edges', () => {
    const near = zoomAt(WHOLE, 2, 0, 0);
    expect(panBy(near, 0.2, -0.1)).toMatchObject({ x: 0.4, y: 0.55 });
    expect(panBy(near, 9, -9)).toMatchObject({ x: 0.25, y: 0.75 });
    expect(panBy(WHOLE, 0.5, 0.5)).toEqual(WHOLE);
  });
});
