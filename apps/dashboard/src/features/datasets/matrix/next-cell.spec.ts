import { describe, expect, it } from 'vitest';
import type { MatrixTable } from './matrix-layout.js';
import { firstCell, nextCell } from './next-cell.js';

/** One letter a row, pictures in these columns. */
const tableOf = (...columns: number[][]): MatrixTable =>
  ({ columns: [], rows: columns.map((filled, at) => ({ name: `row ${at}`, samples: filled.length, cells: new Map(filled.map((column) => [column, { samples: 1, cover: 'x' }])) })) }) as unknown as MatrixTable;

const table = tableOf([], [0, 3, 7], [], [1, 6]);

describe('the way through the image matrix', () => {
  it('begins with the first cell that has pictures', () => {
    expect(firstCell(table)).toEqual({ row: 1, column: 0 });
    expect(firstCell(tableOf([], []))).toBeNull();
  });

  it.each([
    ['ArrowRight', { row: 1, column: 0 }, { row: 1, column: 3 }],
    ['ArrowLeft', { row: 1, column: 7 }, { row: 1, column: 3 }],
    ['End', { row: 1, column: 0 }, { row: 1, column: 7 }],
    ['Home', { row: 3, column: 6 }, { row: 3, column: 1 }],
    ['ArrowDown', { row: 1, column: 7 }, { row: 3, column: 6 }],
    ['ArrowUp', { row: 3, column: 1 }, { row: 1, column: 0 }],
    ['ArrowUp', { row: 1, column: 0 }, null],
    ['ArrowRight', { row: 1, column: 7 }, null],
    ['x', { row: 1, column: 7 }, null],
  ] as const)('%s leads from %j to %j', (key, from, to) => expect(nextCell(table, from, key)).toEqual(to));
});
