import { crossingOf } from '@argus/geometry';
import { describe, expect, it } from 'vitest';
import { crossesItself, leftToRightArrow } from './zone-geometry.js';

describe('crossesItself', () => {
  it('accepts a square and refuses a bow tie', () => {
    expect(crossesItself([{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }])).toBe(false);
    expect(crossesItself([{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 1, y: 0 }, { x: 0, y: 1 }])).toBe(true);
  });
});

describe('leftToRightArrow', () => {
  it.each([
    [{ x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }],
    [{ x: 0.8, y: 0.5 }, { x: 0.2, y: 0.5 }],
    [{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }],
    [{ x: 0.3, y: 0.3 }, { x: 0.6, y: 0.7 }],
  ])('points the way that the rule engine calls left-to-right: %o %o', (a, b) => {
    const arrow = leftToRightArrow(a, b, 16 / 9);
    expect(crossingOf(arrow.from, arrow.to, a, b)).toBe('left-to-right');
  });
});
