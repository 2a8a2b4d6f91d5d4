import type { BoxPixels } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTiles } from './plan-tiles.js';

const grid = { columns: 3, rows: 2, overlap: 0.2, wholePicture: true };
const settings = fc.record({ columns: fc.integer({ min: 1, max: 8 }), rows: fc.integer({ min: 1, max: 8 }), overlap: fc.double({ min: 0, max: 0.5, noNaN: true }), wholePicture: fc.boolean() });
const frames = fc.record({ width: fc.integer({ min: 64, max: 8192 }), height: fc.integer({ min: 64, max: 4320 }) });
const tilesOf = (tiles: ReturnType<typeof planTiles>): BoxPixels[] => tiles.filter((tile) => tile !== null);
const edgesOf = (tiles: BoxPixels[], side: 'x' | 'y'): number[] => [...new Set(tiles.map((tile) => tile[side]))].sort((a, b) => a - b);

describe('planTiles', () => {
  it('lays a grid over a 4K picture, the whole picture first', () => {
    const [whole, ...tiles] = planTiles({ width: 3840, height: 2160 }, 1, grid);
    expect(whole).toBeNull();
    expect(tilesOf(tiles).map(({ x, y }) => [x, y])).toEqual([[0, 0], [1182, 0], [2362, 0], [0, 682], [1182, 682], [2362, 682]]);
    expect(tiles[0]).toEqual({ x: 0, y: 0, width: 1478, height: 1478 });
  });

  it('grows tiles to the aspect of the model and leaves out the rows that are not needed then', () => {
    const tiles = tilesOf(planTiles({ width: 3840, height: 2160 }, 1, { ...grid, columns: 8, rows: 8 }));
    expect(tiles[0]).toMatchObject({ width: 584, height: 584 });
    expect([edgesOf(tiles, 'x').length, edgesOf(tiles, 'y').length]).toEqual([8, 5]);
  });

  it('is the whole picture alone where one tile covers it', () => {
    expect(planTiles({ width: 640, height: 480 }, 1, { ...grid, columns: 1, rows: 1, wholePicture: false })).toEqual([null]);
    expect(planTiles({ width: 640, height: 480 }, 1, { ...grid, columns: 1, rows: 1 })).toEqual([null]);
  });

  it('covers every pixel with even tiles of one size that overlap enough, never more than asked', () => {
    fc.assert(
      fc.property(frames, fc.double({ min: 0.4, max: 2.5, noNaN: true }), settings, (frame, aspect, asked) => {
        const planned = planTiles(frame, aspect, asked);
        const tiles = tilesOf(planned);
        if (planned.length === 1) {
          expect(planned).toEqual([null]);
          return;
        }
        expect(planned.length - tiles.length).toBe(asked.wholePicture ? 1 : 0);
        for (const { x, y, width, height } of tiles) {
          expect([x % 2, y % 2, width % 2, height % 2, width, height]).toEqual([0, 0, 0, 0, tiles[0]?.width, tiles[0]?.height]);
        }
        for (const [side, length, count] of [['x', 'width', asked.columns], ['y', 'height', asked.rows]] as const) {
          const starts = edgesOf(tiles, side);
          const size = tiles[0]?.[length] as number;
          expect(starts.length).toBeLessThanOrEqual(count);
          expect(starts[0]).toBe(0);
          expect((starts.at(-1) as number) + size - frame[length]).toBeLessThanOrEqual(1);
          expect((starts.at(-1) as number) + size).toBeGreaterThanOrEqual(frame[length]);
          for (const [index, start] of starts.slice(1).entries()) expect(size - (start - (starts[index] as number))).toBeGreaterThanOrEqual(asked.overlap * size - 1e-6);
        }
        expect(tiles).toHaveLength(edgesOf(tiles, 'x').length * edgesOf(tiles, 'y').length);
      }),
      { numRuns: 500 },
    );
  });
});
