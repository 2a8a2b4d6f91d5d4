import { describe, expect, it } from 'vitest';
import { labelColorIndex } from '../label-colors.js';
import { chipPlace, fitFrame } from './overlay-painter.js';

describe('fitFrame', () => {
  it('keeps the shape of the picture and centres it', () => {
    expect(fitFrame({ width: 400, height: 300 }, { width: 800, height: 300 })).toEqual({ x: 200, y: 0, width: 400, height: 300 });
    expect(fitFrame({ width: 1600, height: 900 }, { width: 800, height: 800 })).toEqual({ x: 0, y: 175, width: 800, height: 450 });
  });
});

describe('chipPlace', () => {
  const frame = { x: 0, y: 0, width: 400, height: 300 };
  const chip = { width: 100, height: 18 };
  it('stands above the box', () => expect(chipPlace({ x: 50, y: 60, width: 40, height: 90 }, chip, frame)).toMatchObject({ x: 50, y: 42 }));
  it('goes below where there is no room above', () => expect(chipPlace({ x: 50, y: 5, width: 40, height: 90 }, chip, frame)).toMatchObject({ x: 50, y: 95 }));
  it('stays on the picture at its right edge', () => expect(chipPlace({ x: 380, y: 60, width: 40, height: 90 }, chip, frame)).toMatchObject({ x: 300, y: 42 }));
  it('goes higher, then below, where another chip stands', () => {
    const taken = [{ x: 60, y: 42, width: 100, height: 18 }];
    expect(chipPlace({ x: 50, y: 60, width: 40, height: 90 }, chip, frame, taken)).toMatchObject({ y: 24 });
    const all = [42, 24, 6].map((y) => ({ x: 60, y, width: 100, height: 18 }));
    expect(chipPlace({ x: 50, y: 60, width: 40, height: 90 }, chip, frame, all)).toMatchObject({ y: 150 });
  });
});

describe('labelColorIndex', () => {
  it('is stable and within the palette', () => {
    expect(labelColorIndex('person')).toBe(1);
    for (const label of ['安全帽', 'no_helmet', 'forklift', '']) {
      expect(labelColorIndex(label)).toBe(labelColorIndex(label));
      expect(labelColorIndex(label)).toBeGreaterThanOrEqual(1);
      expect(labelColorIndex(label)).toBeLessThanOrEqual(8);
    }
  });
});
