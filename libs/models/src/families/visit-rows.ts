import type { Tensor } from '../tensor/tensor.js';

/** Visits the rows of one picture, by the cell that each describes and their number in the data, in the model's order. */
export function visitRows({ dims, places }: Tensor, picture: number, visit: (cell: number, row: number) => void): void {
  if (places === undefined) {
    const cells = dims[1] ?? 0;
    for (let cell = 0; cell < cells; cell += 1) visit(cell, picture * cells + cell);
    return;
  }
  for (let row = 0; row * 2 < places.length; row += 1) if (places[row * 2] === picture) visit(places[row * 2 + 1] as number, row);
}

/** Most rows that a visit of one picture can see. */
export const rowCount = ({ dims, places }: Tensor): number => (places === undefined ? (dims[1] ?? 0) : places.length / 2);
