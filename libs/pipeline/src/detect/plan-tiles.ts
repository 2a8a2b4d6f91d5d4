import type { BoxPixels, SizePixels, TilingSettings } from '@argus/contracts';

/** What the detector is shown of a picture: a tile in source pixels, or null for the whole picture. */
export type PictureTile = BoxPixels | null;

/**
 * Lays tiles over a picture, row by row, the whole picture before them when it is asked for. All have one size and begin at even
 * pixels, which a cut of a 4:2:0 picture must; together they cover every pixel, the last ones of a picture of odd size reach one pixel over
 * its edge. Neighbours share at least the asked part of a tile. A tile is grown to the model's aspect (`inputAspect`, width / height),
 * because the model would see padding there otherwise; rows or columns that the grown ones cover already are left out.
 */
export function planTiles(frame: SizePixels, inputAspect: number, { columns, rows, overlap, wholePicture }: TilingSettings): PictureTile[] {
  const leastWidth = leastLength(frame.width, columns, overlap);
  const leastHeight = leastLength(frame.height, rows, overlap);
  const width = Math.max(leastWidth, Math.min(evenUp(frame.width), evenUp(leastHeight * inputAspect)));
  const height = Math.max(leastHeight, Math.min(evenUp(frame.height), evenUp(leastWidth / inputAspect)));
  const lefts = startsOf(frame.width, width, overlap);
  const tops = startsOf(frame.height, height, overlap);
  if (lefts.length === 1 && tops.length === 1) return [null];
  const tiles = tops.flatMap((y) => lefts.map((x) => ({ x, y, width, height })));
  return wholePicture ? [null, ...tiles] : tiles;
}

const evenUp = (length: number): number => 2 * Math.ceil(length / 2);

/** The shortest even length of which `count` tiles cover a side. */
function leastLength(side: number, count: number, overlap: number): number {
  let length = evenUp(side / (1 + (count - 1) * (1 - overlap)));
  while (length < side && tilesNeeded(side, length, overlap) > count) length += 2;
  return Math.min(length, evenUp(side));
}

function tilesNeeded(side: number, length: number, overlap: number): number {
  // Starts are rounded to even pixels; no step may become longer than this by it.
  const longestStep = 2 * Math.floor((length * (1 - overlap)) / 2);
  return longestStep === 0 ? Infinity : 1 + Math.ceil((evenUp(side) - length) / longestStep);
}

/** Spread evenly from edge to edge. */
function startsOf(side: number, length: number, overlap: number): number[] {
  const steps = tilesNeeded(side, length, overlap) - 1;
  const room = evenUp(side) - length;
  return Array.from({ length: steps + 1 }, (_, index) => (steps === 0 ? 0 : 2 * Math.round((index * room) / 2 / steps)));
}
