/** Assigned column per row, -1 for rows that stay alone. */
export type Assignment = Int32Array;

/**
 * Cheapest pairing of rows with columns (shortest augmenting paths with potentials, O(n²m)). A pair that costs `limit` or more is no
 * pair: leaving a row alone costs exactly `limit`, so a cheap pair is given up when two pairs together become cheaper by it.
 * @param cost row-major, rows × columns; may hold Infinity, not NaN.
 * @throws RangeError when the matrix does not have rows × columns numbers.
 */
export function assign(cost: ArrayLike<number>, rows: number, columns: number, limit: number): Assignment {
  if (cost.length !== rows * columns) throw new RangeError(`assign: expected ${rows} x ${columns} = ${rows * columns} costs, got ${cost.length}`);
  const result = new Int32Array(rows).fill(-1);
  if (rows === 0 || columns === 0) return result;
  const wide = rows <= columns;
  const at = (i: number, j: number) => Math.min(limit, (wide ? cost[i * columns + j] : cost[j * columns + i]) ?? limit);
  const rowOfColumn = solve(at, wide ? rows : columns, wide ? columns : rows);
  rowOfColumn.forEach((row, column) => {
    if (row < 0 || at(row, column) >= limit) return;
    if (wide) result[row] = column;
    else result[column] = row;
  });
  return result;
}

/** Every row gets a column; rows <= columns. Returns the row of each column, -1 for free ones. */
function solve(cost: (i: number, j: number) => number, rows: number, columns: number): Int32Array {
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(columns);
  const rowOf = new Int32Array(columns).fill(-1);
  const cameFrom = new Int32Array(columns);
  const shortest = new Float64Array(columns);
  const done = new Uint8Array(columns);
  for (let row = 0; row < rows; row += 1) {
    shortest.fill(Infinity);
    done.fill(0);
    let column = -1;
    let current = row;
    for (;;) {
      let next = -1;
      let step = Infinity;
      for (let j = 0; j < columns; j += 1) {
        if (done[j]) continue;
        const length = cost(current, j) - (rowPotential[current] as number) - (columnPotential[j] as number);
        if (length < (shortest[j] as number)) {
          shortest[j] = length;
          cameFrom[j] = column;
        }
        if ((shortest[j] as number) < step) {
          step = shortest[j] as number;
          next = j;
        }
      }
      rowPotential[row] = (rowPotential[row] as number) + step;
      for (let j = 0; j < columns; j += 1) {
        if (done[j]) {
          const owner = rowOf[j] as number;
          rowPotential[owner] = (rowPotential[owner] as number) + step;
          columnPotential[j] = (columnPotential[j] as number) - step;
        } else shortest[j] = (shortest[j] as number) - step;
      }
      done[next] = 1;
      column = next;
      current = rowOf[next] as number;
      if (current < 0) break;
    }
    augment(rowOf, cameFrom, column, row);
  }
  return rowOf;
}

/** Shifts the pairs along the found path, back to the new row. */
function augment(rowOf: Int32Array, cameFrom: Int32Array, end: number, row: number): void {
  let column = end;
  for (;;) {
    const previous = cameFrom[column] as number;
    if (previous < 0) break;
    rowOf[column] = rowOf[previous] as number;
    column = previous;
  }
  rowOf[column] = row;
}
