import { expect, it } from 'vitest';
import { chunksOf } from './chunks-of.js';

it.each([
  [[], []],
  [[1, 2], [[1, 2]]],
  [[1, 2, 3, 4, 5], [[1, 2], [3, 4], [5]]],
])('%o in pieces is %o', (items, pieces) => expect(chunksOf(items, 2)).toEqual(pieces));
