import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Histogram } from './histogram.js';

it('counts what is not above each bound, and sums up', () => {
  const histogram = new Histogram([0.1, 1]);
  for (const value of [0.1, 0.5, 1, 7, NaN, Infinity]) histogram.observe(value);
  expect([histogram.cumulative(), histogram.count, histogram.sum]).toEqual([[1, 3], 4, 8.6]);
});

it('never counts down over its bounds, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -10, max: 100 })), (values) => {
      const histogram = new Histogram([0.01, 0.5, 2, 60]);
      for (const value of values) histogram.observe(value);
      const counts = [...histogram.cumulative(), histogram.count];
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(histogram.count).toBe(values.length);
    }),
  );
});

it.each([[[1, 1]], [[2, 1]], [[1, Infinity]]])('refuses the bounds %j', (bounds) => {
  expect(() => new Histogram(bounds)).toThrow(RangeError);
});
