/** Brightness of a picture, 0..255, row by row without gaps. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** A part of a picture by its middle; it may reach over the edge. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Large things are looked at by the mean of at most so many places a pixel and direction: with one, what is fine in them would flicker. */
const MOST_PLACES = 3;

/** Fills `into` (size x size) with what the window shows, stretched; beyond the edge goes on what is at the edge. */
export function sampleWindow({ width, height, luma }: LumaPicture, window: Window, into: Float64Array, size: number): void {
  const [stepX, stepY] = [window.width / size, window.height / size];
  const [countX, countY] = [placesOf(stepX), placesOf(stepY)];
  const columns = places(window.x - window.width / 2, stepX / countX, size * countX, width);
  const rows = places(window.y - window.height / 2, stepY / countY, size * countY, height);
  const share = 1 / (countX * countY * 255);
  into.fill(0);
  for (let row = 0; row < rows.first.length; row += 1) {
    const top = (rows.first[row] as number) * width;
    const bottom = (rows.second[row] as number) * width;
    const down = rows.part[row] as number;
    const target = ((row / countY) | 0) * size;
    for (let column = 0; column < columns.first.length; column += 1) {
      const left = columns.first[column] as number;
      const right = columns.second[column] as number;
      const over = columns.part[column] as number;
      const above = (luma[top + left] as number) * (1 - over) + (luma[top + right] as number) * over;
      const below = (luma[bottom + left] as number) * (1 - over) + (luma[bottom + right] as number) * over;
      const at = target + ((column / countX) | 0);
      into[at] = (into[at] as number) + (above * (1 - down) + below * down) * share;
    }
  }
}

const placesOf = (step: number): number => Math.max(1, Math.min(MOST_PLACES, Math.round(step)));

interface Places {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly part: Float64Array;
}

/** Pixels on both sides of each place, and how much of the second. 0 is the outer edge of the first pixel. */
function places(start: number, step: number, count: number, most: number): Places {
  const found = { first: new Int32Array(count), second: new Int32Array(count), part: new Float64Array(count) };
  for (let index = 0; index < count; index += 1) {
    const at = Math.max(0, Math.min(most - 1, start + (index + 0.5) * step - 0.5));
    const first = Math.floor(at);
    found.first[index] = first;
    found.second[index] = Math.min(most - 1, first + 1);
    found.part[index] = at - first;
  }
  return found;
}
