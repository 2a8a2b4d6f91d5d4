import { bestFirst, keptOf, type Kept } from './duplicates.js';
import { sceneCells } from './scene-cells.js';
import { distanceBetween, distanceOfCosine, requireVectors, rowCount, type SquaredDistance, type Vectors } from './vectors.js';

export interface SemanticOptions {
  /** Rows whose cosine is at least 1 - epsilon show the same. It depends on what made the vectors: see the README. */
  readonly epsilon: number;
  /** Which of those that show the same is kept: the one with the highest value (hardest for the model, best picture). Default the first. */
  readonly worth?: ArrayLike<number>;
  /** Default: the root of the number of rows, 256 at most. */
  readonly cells?: number;
}

/**
 * Rows that show the same by their embeddings. As in SemDeDup rows are compared within cells, and beyond that with those neighbouring cells that can
 * hold something near by the triangle inequality: so nothing is missed at a border.
 */
export function semanticDuplicates(vectors: Vectors, { epsilon, worth, cells: wanted }: SemanticOptions): Kept {
  requireVectors(vectors);
  const count = rowCount(vectors);
  if (count === 0) return keptOf(new Int32Array(0));
  const { centres, cells } = sceneCells(vectors, wanted ?? Math.min(256, Math.ceil(Math.sqrt(count))));
  const kept = new KeptInCells(distanceBetween(vectors), distanceBetween(vectors, centres), rowCount(centres), distanceOfCosine(1 - epsilon));
  const keepers = new Int32Array(count);
  for (const row of bestFirst(count, worth)) {
    const keeper = kept.findNear(row);
    keepers[row] = keeper < 0 ? row : keeper;
    if (keeper < 0) kept.add(row, cells[row] as number);
  }
  return keptOf(keepers);
}

interface Cell {
  readonly rows: number[];
  /** Of each row, its distance to the centre. */
  readonly distances: number[];
  reach: number;
}

class KeptInCells {
  readonly #cells: readonly Cell[];

  constructor(
    private readonly between: SquaredDistance,
    private readonly toCentre: SquaredDistance,
    cells: number,
    private readonly most: number,
  ) {
    this.#cells = Array.from({ length: cells }, () => ({ rows: [], distances: [], reach: 0 }));
  }

  add(row: number, cellOfRow: number): void {
    const cell = this.#cells[cellOfRow] as Cell;
    const distance = Math.sqrt(this.toCentre(row, cellOfRow, Infinity));
    cell.rows.push(row);
    cell.distances.push(distance);
    cell.reach = Math.max(cell.reach, distance);
  }

  findNear(row: number): number {
    const { most } = this;
    // Sums of 32 and 8 bit numbers: what is at the limit exactly counts as near.
    const limit = most * most + 1e-6;
    for (const [index, cell] of this.#cells.entries()) {
      if (cell.rows.length === 0) continue;
      const farthest = cell.reach + most;
      const squared = this.toCentre(row, index, farthest * farthest);
      if (squared > farthest * farthest) continue;
      const distance = Math.sqrt(squared);
      for (const [at, other] of cell.rows.entries()) if (Math.abs((cell.distances[at] as number) - distance) <= most + 1e-3 && this.between(row, other, limit) <= limit) return other;
    }
    return -1;
  }
}
