import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOut } from './share-out.js';

it('gives whole shares that sum up, none further than one from its exact one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 }), (total, weights) => {
      const sum = weights.reduce((all, weight) => all + weight, 0);
      const shares = shareOut(total, weights);
      expect(shares.reduce((all, share) => all + share, 0)).toBe(sum === 0 ? 0 : total);
      for (const [index, share] of shares.entries()) expect(Math.abs(share - (sum === 0 ? 0 : (total * (weights[index] as number)) / sum))).toBeLessThan(1);
    }),
  );
});

it('is the same each time', () => expect(shareOut(5, [1, 1, 1])).toEqual([2, 2, 1]));
