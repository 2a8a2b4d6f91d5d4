import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assignment.js';

/** The truth by trying everything: cheapest sum where a row alone costs `limit`. */
function cheapest(cost: readonly number[], rows: number, columns: number, limit: number): number {
  const best = (row: number, used: number): number => {
    if (row === rows) return 0;
    let least = limit + best(row + 1, used);
    for (let j = 0; j < columns; j += 1) {
      const price = cost[row * columns + j] as number;
      if (!(used & (1 << j)) && price < limit) least = Math.min(least, price + best(row + 1, used | (1 << j)));
    }
    return least;
  };
  return best(0, 0);
}

const matrix = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .chain(([rows, columns]) => fc.tuple(fc.constant(rows), fc.constant(columns), fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) }, fc.constant(Infinity)), { minLength: rows * columns, maxLength: rows * columns })));

describe('assign', () => {
  it('is as cheap as trying everything, uses no column twice and no pair at the limit', () => {
    fc.assert(
      fc.property(matrix, fc.double({ min: 0.1, max: 2, noNaN: true }), ([rows, columns, cost], limit) => {
        const columnOf = [...assign(cost, rows, columns, limit)];
        const used = columnOf.filter((column) => column >= 0);
        expect(new Set(used).size).toBe(used.length);
        const prices = columnOf.map((column, row) => (column < 0 ? limit : (cost[row * columns + column] as number)));
        columnOf.forEach((column, row) => column >= 0 && expect(prices[row]).toBeLessThan(limit));
        expect(prices.reduce((sum, price) => sum + price, 0)).toBeCloseTo(cheapest(cost, rows, columns, limit), 9);
      }),
      { numRuns: 500 },
    );
  });

  it('gives up the best pair when two pairs together are cheaper', () => {
    expect([...assign([0.1, 0.2, 0.2, 5], 2, 2, 1)]).toEqual([1, 0]);
  });

  it('refuses a matrix of another size', () => {
    expect(() => assign([1, 2, 3], 2, 2, 1)).toThrow('expected 2 x 2 = 4 costs, got 3');
  });
});
