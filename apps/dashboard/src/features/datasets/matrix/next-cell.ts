import type { MatrixTable } from './matrix-layout.js';

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

const columnsOf = ({ rows }: MatrixTable, row: number): number[] => [...(rows[row]?.cells.keys() ?? [])].sort((a, b) => a - b);

/** The first cell, of which every table with pictures has one. */
export function firstCell(table: MatrixTable): CellPlace | null {
  const row = table.rows.findIndex(({ cells }) => cells.size > 0);
  return row < 0 ? null : { row, column: columnsOf(table, row)[0] as number };
}

/** Where a key leads from a cell: places without pictures are passed over; up and down, to the nearest column. null: no such key, or nowhere to go. */
export function nextCell(table: MatrixTable, { row, column }: CellPlace, key: string): CellPlace | null {
  const here = columnsOf(table, row);
  const across = { ArrowRight: here.find((one) => one > column), ArrowLeft: here.findLast((one) => one < column), Home: here[0], End: here.at(-1) }[key];
  if (across !== undefined) return { row, column: across };
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return null;
  for (let at = row + step; at >= 0 && at < table.rows.length; at += step) {
    const [nearest] = columnsOf(table, at).sort((a, b) => Math.abs(a - column) - Math.abs(b - column));
    if (nearest !== undefined) return { row: at, column: nearest };
  }
  return null;
}
