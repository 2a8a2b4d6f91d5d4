/** Length 1; a vector of zeros stays one. */
export function toUnit(row: Float32Array): Float32Array {
  let squares = 0;
  for (const value of row) squares += value * value;
  return squares === 0 ? row : row.map((value) => value / Math.sqrt(squares));
}
