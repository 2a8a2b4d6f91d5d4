/** Pixels on a side of a cell. */
export const CELL = 4;
const DIRECTIONS = 9;
/** Of each cell: how strong edges of nine directions are, and how bright it is. */
export const CHANNELS = DIRECTIONS + 1;
/** Keeps flat cells flat: without it noise would count as much as edges. */
const FLOOR = 0.15;

const COS = Float64Array.from({ length: DIRECTIONS }, (_unused, index) => Math.cos((Math.PI * index) / DIRECTIONS));
const SIN = Float64Array.from({ length: DIRECTIONS }, (_unused, index) => Math.sin((Math.PI * index) / DIRECTIONS));

/** What cells of a square patch (`side` pixels) look like, channel by channel; a change of light moves it little. */
export function cellFeatures(patch: Float64Array, side: number, into: Float64Array): void {
  const cells = side / CELL;
  const plane = cells * cells;
  into.fill(0);
  let sum = 0;
  for (let y = 0; y < side; y += 1) {
    const above = Math.max(0, y - 1) * side;
    const below = Math.min(side - 1, y + 1) * side;
    const row = ((y / CELL) | 0) * cells;
    for (let x = 0; x < side; x += 1) {
      const dx = (patch[y * side + Math.min(side - 1, x + 1)] as number) - (patch[y * side + Math.max(0, x - 1)] as number);
      const dy = (patch[below + x] as number) - (patch[above + x] as number);
      const cell = row + ((x / CELL) | 0);
      const bright = patch[y * side + x] as number;
      sum += bright;
      into[DIRECTIONS * plane + cell] = (into[DIRECTIONS * plane + cell] as number) + bright;
      const at = directionOf(dx, dy) * plane + cell;
      into[at] = (into[at] as number) + Math.sqrt(dx * dx + dy * dy);
    }
  }
  const mean = sum / (side * side);
  for (let cell = 0; cell < plane; cell += 1) normalise(into, cell, plane, mean);
}

/** An edge from dark to bright is the same as one from bright to dark: the background changes behind a thing. */
function directionOf(dx: number, dy: number): number {
  let best = -1;
  let direction = 0;
  for (let index = 0; index < DIRECTIONS; index += 1) {
    const along = Math.abs(dx * (COS[index] as number) + dy * (SIN[index] as number));
    if (along <= best) continue;
    best = along;
    direction = index;
  }
  return direction;
}

function normalise(features: Float64Array, cell: number, plane: number, mean: number): void {
  let squares = FLOOR * FLOOR;
  for (let channel = 0; channel < DIRECTIONS; channel += 1) {
    const value = features[channel * plane + cell] as number;
    squares += value * value;
  }
  const share = 1 / Math.sqrt(squares);
  for (let channel = 0; channel < DIRECTIONS; channel += 1) features[channel * plane + cell] = (features[channel * plane + cell] as number) * share;
  features[DIRECTIONS * plane + cell] = (features[DIRECTIONS * plane + cell] as number) / (CELL * CELL) - mean;
}
