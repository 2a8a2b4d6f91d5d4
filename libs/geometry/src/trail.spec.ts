import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Trail } from './trail.js';

it('stays bounded and keeps the first and the newest point, however long the path', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 300 }), (points) => {
      const trail = new Trail(0.001, 16);
      for (const point of points) trail.add(point);
      const kept = trail.points();
      expect(kept.length).toBeLessThanOrEqual(16);
      expect(kept[0]).toBe(points[0]);
      expect(kept.at(-1)).toBe(points.at(-1));
      const order = kept.map((point) => points.indexOf(point));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

it('keeps the first and the newest of somebody who stands still', () => {
  const trail = new Trail(0.01, 16);
  for (let i = 0; i < 1000; i += 1) trail.add({ x: 0.5 + (i % 3) * 0.001, y: 0.5 });
  expect(trail.points().length).toBe(2);
});
