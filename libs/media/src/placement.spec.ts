import { describe, expect, it } from 'vitest';
import { planScale } from './placement.js';

const frame = { width: 768, height: 576 };
const model = { width: 416, height: 416, resize: 'letterbox', align: 'center' } as const;

describe('planScale', () => {
  it('letterboxes the whole frame in the middle', () => {
    const plan = planScale(model, frame, null);
    expect(plan.source).toEqual({ x: 0, y: 0, width: 768, height: 576 });
    expect(plan.target).toEqual({ x: 0, y: 52, width: 416, height: 312 });
    expect(plan.placement).toEqual({ scaleX: 416 / 768, scaleY: 312 / 576, offsetX: 0, offsetY: 52 });
  });

  it('letterboxes to the top left', () => {
    expect(planScale({ ...model, align: 'top-left' }, frame, null).target).toEqual({ x: 0, y: 0, width: 416, height: 312 });
  });

  it('stretches', () => {
    expect(planScale({ ...model, resize: 'stretch' }, frame, null).target).toEqual({ x: 0, y: 0, width: 416, height: 416 });
  });

  it('crops the middle', () => {
    const plan = planScale({ ...model, resize: 'crop' }, frame, null);
    expect(plan.source).toEqual({ x: 96, y: 0, width: 576, height: 576 });
    expect(plan.target).toEqual({ x: 0, y: 0, width: 416, height: 416 });
  });

  it('widens a cut to even pixels and says where it lies', () => {
    const { source, placement, target } = planScale({ ...model, width: 192, height: 192 }, frame, { x: 101.5, y: 200.2, width: 30.1, height: 79.9 });
    expect(source).toEqual({ x: 100, y: 200, width: 32, height: 82 });
    expect(100 * placement.scaleX + placement.offsetX).toBeCloseTo(target.x);
    expect(282 * placement.scaleY + placement.offsetY).toBeCloseTo(target.y + target.height);
  });

  it('keeps the place of a cut that reaches over the edge and leaves the rest as pad', () => {
    const { source, target } = planScale({ ...model, width: 100, height: 100 }, frame, { x: -50, y: 0, width: 100, height: 100 });
    expect(source).toEqual({ x: 0, y: 0, width: 50, height: 100 });
    expect(target).toEqual({ x: 50, y: 0, width: 50, height: 100 });
  });

  it('has no source when the cut is outside', () => {
    expect(planScale(model, frame, { x: 800, y: 0, width: 10, height: 10 }).source).toBeNull();
  });

  it('stays inside the target for every cut', () => {
    for (let step = 0; step < 2000; step += 1) {
      const crop = { x: ((step * 37) % 900) - 60.3, y: ((step * 53) % 700) - 60.7, width: 1 + ((step * 17) % 300), height: 1 + ((step * 29) % 300) };
      const { source, target } = planScale({ ...model, width: 192, height: 256 }, frame, crop);
      if (source === null) continue;
      expect(target.x >= 0 && target.y >= 0 && target.x + target.width <= 192 && target.y + target.height <= 256, JSON.stringify({ crop, target })).toBe(true);
      expect(target.width >= 1 && target.height >= 1).toBe(true);
      expect(source.x + source.width <= 768 && source.y + source.height <= 576).toBe(true);
    }
  });
});
