import { DatasetJobOptions } from '@argus/contracts';
import { quadSize, sidesOf, turnedBox } from '@argus/geometry';
import { describe, expect, it } from 'vitest';
import { beginStraightening, FORMS, jobOf, moveArea, moveCorner, sizeWish, takeForm, turnTo, type Form } from './straightening.js';

const PICTURE = { width: 1000, height: 500 };
const begun = beginStraightening(PICTURE);

describe('straightening', () => {
  it('begins with the middle of the picture, and turns it there and back', () => {
    expect(begun.quad).toEqual(turnedBox({ x: 150, y: 75, width: 700, height: 350 }, 0));
    const turned = turnTo(turnTo(begun, 30), -12.5);
    expect(turned.degrees).toBe(-12.5);
    for (const [at, { x, y }] of turned.quad.entries()) {
      const wanted = turnedBox({ x: 150, y: 75, width: 700, height: 350 }, -12.5)[at] as { x: number; y: number };
      expect([Math.abs(x - wanted.x) < 1e-9, Math.abs(y - wanted.y) < 1e-9]).toEqual([true, true]);
    }
    expect(turnTo(begun, 500).degrees).toBe(90);
  });

  it.each(Object.keys(FORMS) as Form[])('as %s gives a picture of that form, that nothing is stretched for, inside of the old one', (form) => {
    for (const degrees of [0, 20]) {
      const made = takeForm(turnTo(begun, degrees), form, PICTURE);
      const { width, height } = quadSize(made.quad, sizeWish(made));
      const sides = sidesOf(made.quad);
      if (FORMS[form] !== null) expect(width / height).toBeCloseTo(FORMS[form], 1);
      expect(sides.width / sides.height).toBeCloseTo(width / height, 1);
      if (FORMS[form] !== null) expect(made.quad.every(({ x, y }) => x >= -1e-9 && y >= -1e-9 && x <= 1000 + 1e-9 && y <= 500 + 1e-9)).toBe(true);
    }
  });

  it('keeps the corners of a free quad, whatever form the new picture has', () => {
    const free = moveCorner(begun, 1, 50, 65, PICTURE);
    const made = takeForm(free, 'square', PICTURE);
    expect(made.quad).toEqual(free.quad);
    const { width, height } = quadSize(made.quad, sizeWish(made));
    expect(width).toBe(height);
  });

  it('keeps corners and middle in reach', () => {
    expect(moveCorner(begun, 0, -9999, -72, PICTURE).quad[0]).toEqual({ x: -500, y: 3 });
    expect(moveArea(begun, 10, -5, PICTURE).quad[0]).toEqual({ x: 160, y: 70 });
    expect(moveArea(begun, 9999, 0, PICTURE).quad[0]).toEqual({ x: 650, y: 75 });
  });

  it('takes a size as it is typed, the other side with it, and becomes a job', () => {
    expect(sizeWish({ ...begun, width: 350 })).toEqual({ size: { width: 350, height: 175 }, ratio: null });
    expect(sizeWish({ ...begun, height: 70, form: 'square' })).toEqual({ size: { width: 70, height: 70 }, ratio: null });
    expect(sizeWish({ ...begun, width: 64, height: 192 })).toEqual({ size: { width: 64, height: 192 }, ratio: null });
    for (const one of [begun, { ...begun, form: 'person' as const, outlines: true }, { ...begun, width: 350 }]) {
      const job = jobOf(one, ['a'.repeat(64), 'b'.repeat(64)]);
      expect(DatasetJobOptions.parse(job)).toEqual(job);
    }
  });
});
