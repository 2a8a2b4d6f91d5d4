import { describe, expect, it } from 'vitest';
import { jainIndex, median, percentile, spread } from './statistics.ts';

describe('statistics', () => {
  it.each([
    [[3], 3],
    [[1, 9, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('takes the middle of %j', (values, middle) => expect(median(values)).toBe(middle));

  it('interpolates percentiles between ranks and leaves its input alone', () => {
    const values = [40, 10, 30, 20];
    expect(percentile(values, 0)).toBe(10);
    expect(percentile(values, 0.95)).toBeCloseTo(38.5);
    expect(percentile(values, 1)).toBe(40);
    expect(values).toEqual([40, 10, 30, 20]);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('measures fairness by Jain', () => {
    expect(jainIndex([5, 5, 5])).toBe(1);
    expect(jainIndex([1, 0, 0, 0])).toBe(0.25);
    expect(jainIndex([1, 3])).toBeCloseTo(0.8);
    expect(jainIndex([0, 0])).toBeNaN();
  });

  it('tells how far rounds lie apart', () => {
    expect(spread([2, 2, 2])).toBe(0);
    expect(spread([1, 2, 3])).toBe(0.5);
  });
});
