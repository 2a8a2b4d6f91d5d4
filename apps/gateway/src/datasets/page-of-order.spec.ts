import { expect, it } from 'vitest';
import { pageOfOrder } from './page-of-order.js';

it('goes through a list page by page, behind the last one that was given, wherever it is by now', () => {
  expect(pageOfOrder(['a', 'b', 'c'], { limit: 2 })).toEqual({ sha256s: ['a', 'b'], nextCursor: 'b' });
  expect(pageOfOrder(['a', 'b', 'c'], { cursor: 'b', limit: 2 })).toEqual({ sha256s: ['c'], nextCursor: null });
  expect(pageOfOrder(['b', 'a', 'c'], { cursor: 'b', limit: 2 })).toEqual({ sha256s: ['a', 'c'], nextCursor: null });
  expect(pageOfOrder(['a', 'b', 'c'], { cursor: 'c', after: 'a', limit: 1 })).toEqual({ sha256s: ['b'], nextCursor: 'b' });
  expect(pageOfOrder([], { limit: 2 })).toEqual({ sha256s: [], nextCursor: null });
  expect(() => pageOfOrder(['a'], { cursor: 'x', limit: 2 })).toThrow(/begin again/);
});
