import { describe, expect, it } from 'vitest';
import { fittingTileCount, readTileCount, walkGrid, wallPage } from './wall-layout.js';

it.each([[0, 1], [1, 1], [2, 4], [4, 4], [5, 9], [16, 16], [200, 16]])('%i cameras fit a wall of %i', (cameras, tiles) => expect(fittingTileCount(cameras)).toBe(tiles));

it('reads only walls that exist', () => {
  expect(readTileCount('9')).toBe(9);
  expect(readTileCount('7')).toBeNull();
  expect(readTileCount(null)).toBeNull();
});

describe('wallPage', () => {
  const items = [1, 2, 3, 4, 5];
  it.each([
    [1, 1, [1, 2, 3, 4]],
    [2, 2, [5]],
    [9, 2, [5]],
    [0, 1, [1, 2, 3, 4]],
    [Number.NaN, 1, [1, 2, 3, 4]],
  ])('page %i is page %i', (wanted, page, shown) => expect(wallPage(items, 4, wanted)).toEqual({ page, pages: 2, items: shown }));
  it('has one empty page without cameras', () => expect(wallPage([], 4, 1)).toEqual({ page: 1, pages: 1, items: [] }));
});

it.each([
  [0, 'ArrowRight', 1],
  [0, 'ArrowLeft', 0],
  [1, 'ArrowDown', 3],
  [3, 'ArrowUp', 1],
  [3, 'ArrowDown', 3],
  [2, 'Enter', 2],
])('from %i by %s to %i in a grid of four', (from, key, to) => expect(walkGrid(from, key, 4, 2)).toBe(to));
