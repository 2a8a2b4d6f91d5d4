import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, coveredBlocks } from './covered-blocks.js';

const size = { width: 64, height: 48 };
const has = (runs: ReturnType<typeof coveredBlocks>, x: number, y: number): boolean => runs.some(({ row, from, to }) => row === Math.floor(y / BLOCK) && from <= Math.floor(x / BLOCK) && Math.floor(x / BLOCK) < to);
const blocksOf = (runs: ReturnType<typeof coveredBlocks>): number => runs.reduce((sum, { from, to }) => sum + to - from, 0);
const box = (left: number, top: number, right: number, bottom: number) => [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];

describe('coveredBlocks', () => {
  it('covers a box exactly where its edges lie between blocks, and whole blocks where they do not', () => {
    expect(coveredBlocks([box(0.25, 0.25, 0.5, 0.375)], size)).toEqual([6, 7, 8].map((row) => ({ row, from: 8, to: 16 })));
    // 15.9 to 32.1 pixels across, 11.9 to 18.1 down.
    expect(coveredBlocks([box(15.9 / 64, 11.9 / 48, 32.1 / 64, 18.1 / 48)], size)).toEqual([5, 6, 7, 8, 9].map((row) => ({ row, from: 7, to: 17 })));
  });

  it('covers what is thinner than a block, and the whole of an odd picture', () => {
    expect(blocksOf(coveredBlocks([[{ x: 0.1, y: 0.1 }, { x: 0.101, y: 0.1005 }, { x: 0.1, y: 0.101 }]], size))).toBeGreaterThan(0);
    expect(coveredBlocks([box(0, 0, 1, 1)], { width: 5, height: 3 })).toEqual([{ row: 0, from: 0, to: 3 }, { row: 1, from: 0, to: 3 }]);
  });

  it('covers all that a polygon goes around, also where it crosses itself, and merges polygons that overlap', () => {
    const star = [0, 2, 4, 1, 3].map((corner) => ({ x: 0.5 + 0.4 * Math.sin((corner * 2 * Math.PI) / 5), y: 0.5 - 0.4 * Math.cos((corner * 2 * Math.PI) / 5) }));
    expect(has(coveredBlocks([star], size), 32, 24)).toBe(true);
    const runs = coveredBlocks([box(0.1, 0.1, 0.5, 0.5), box(0.3, 0.3, 0.9, 0.9)], size);
    for (const [index, run] of runs.entries()) {
      const next = runs[index + 1];
      if (next?.row === run.row) expect(next.from).toBeGreaterThan(run.to);
    }
  });

  it('leaves out no point that a triangle touches, and nothing farther away than a block', () => {
    const point = fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) });
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(point, point, point, share, share, share, (a, b, c, u, v, w) => {
        const runs = coveredBlocks([[a, b, c]], size);
        const sum = u + v + w;
        const inside = { x: (a.x * u + b.x * v + c.x * w) / sum, y: (a.y * u + b.y * v + c.y * w) / sum };
        const doubled = Math.abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y));
        // A triangle without any area has no inside.
        if (doubled > 1e-6) expect(has(runs, Math.min(63.999, inside.x * 64), Math.min(47.999, inside.y * 48))).toBe(true);
        const [left, right] = [Math.min(a.x, b.x, c.x) * 64, Math.max(a.x, b.x, c.x) * 64];
        for (const { from, to } of runs) {
          expect(from * BLOCK).toBeGreaterThan(left - BLOCK - 1e-6);
          expect(to * BLOCK).toBeLessThan(right + BLOCK + 1e-6);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
