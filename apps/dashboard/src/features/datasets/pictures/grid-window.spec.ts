import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupAt, indexAt, layOut, placeOf, rowsBetween, stepFrom, sweptBy, type GroupRun } from './grid-window.js';

const SHAPE = { columns: 4, rowHeight: 100, headerHeight: 30 };
const runs = (...counts: number[]): GroupRun[] => {
  let start = 0;
  return counts.map((count, index) => ({ name: `g${index}`, start: (start += count) - count, count }));
};
/** g0: header 0-30, rows 30 130 230; g1: header 330, row 360; g2: header 460, rows 490 590. */
const layout = layOut(runs(10, 2, 5), SHAPE);

describe('a grid of groups', () => {
  it('is as high as its headers and rows', () => {
    expect(layout.height).toBe(3 * 30 + (3 + 1 + 2) * 100);
    expect(layout.groups.map(({ top }) => top)).toEqual([0, 330, 460]);
    expect(layOut([], SHAPE).height).toBe(0);
  });

  it('shows the rows that reach into the window, and no others', () => {
    expect(rowsBetween(layout, 0, 31)).toMatchObject([{ kind: 'header', top: 0 }, { kind: 'pictures', top: 30, start: 0, count: 4 }]);
    expect(rowsBetween(layout, 235, 361)).toMatchObject([{ top: 230, start: 8, count: 2 }, { kind: 'header', top: 330 }, { top: 360, start: 10, count: 2 }]);
    expect(rowsBetween(layout, 5000, 6000)).toEqual([]);
    expect(rowsBetween(layOut([], SHAPE), 0, 500)).toEqual([]);
  });

  it('knows the place of each picture, and the picture at each place', () => {
    expect([placeOf(layout, 9), placeOf(layout, 10), placeOf(layout, 16)]).toEqual([{ top: 230, column: 1 }, { top: 360, column: 0 }, { top: 590, column: 0 }]);
    expect([indexAt(layout, 1, 235), indexAt(layout, 2, 235), indexAt(layout, 0, 340), indexAt(layout, 0, 599)]).toEqual([9, null, null, 16]);
    expect([groupAt(layout, 0), groupAt(layout, 329), groupAt(layout, 330), groupAt(layout, 9e9)]).toEqual([0, 0, 1, 2]);
  });

  it('gives each picture to exactly one row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 9 }), (counts, columns) => {
        const any = layOut(runs(...counts), { ...SHAPE, columns });
        const seen = rowsBetween(any, 0, any.height).flatMap((row) => (row.kind === 'pictures' ? Array.from({ length: row.count }, (_unused, column) => [row.start + column, row.top, column] as const) : []));
        expect(seen.map(([index]) => index)).toEqual(Array.from({ length: counts.reduce((sum, count) => sum + count, 0) }, (_unused, index) => index));
        for (const [index, top, column] of seen) expect([placeOf(any, index), indexAt(any, column, top + 1)]).toEqual([{ top, column }, index]);
      }),
    );
  });

  it('is swept by a rectangle over groups', () => {
    expect(sweptBy(layout, { fromColumn: 1, toColumn: 2, top: 140, bottom: 370 })).toEqual([[5, 7], [9, 10], [11, 12]]);
    expect(sweptBy(layout, { fromColumn: 3, toColumn: 3, top: 240, bottom: 300 })).toEqual([]);
  });

  it.each([
    [0, 'right', 1],
    [0, 'left', 0],
    [16, 'right', 16],
    [1, 'down', 5],
    [7, 'down', 9],
    [9, 'down', 11],
    [11, 'up', 9],
    [13, 'up', 11],
    [12, 'down', 16],
    [16, 'down', 16],
    [2, 'up', 2],
    [0, 'pageDown', 10],
    [5, 'first', 0],
    [5, 'last', 16],
  ] as const)('from %i %s leads to %i', (from, step, to) => expect(stepFrom(layout, from, step, 3)).toBe(to));
});
