import type { Detections, SizePixels } from '@argus/contracts';
import { TileRows, type TileDetections } from './tile-rows.js';

/** More boxes than this in one picture are noise; the best ones stay. Bounds the quadratic comparison, and what the stages after it get. */
const MOST_ROWS = 3000;
const MOST_DETECTIONS = 1000;

/**
 * One value for the picture from what was found in its tiles: every object once. Two boxes of different tiles are one object when they
 * agree about the part of the picture that both tiles see, which holds for two whole boxes, for a whole one and a piece that a border has
 * cut off, and for two pieces. Whole boxes go first, best first; a piece that agrees with one of them is dropped, pieces that
 * agree with each other become the box around them. Boxes of one tile are never compared: the detector has told them apart.
 * All views come from one detector; without any there is nothing.
 */
export function mergeTileDetections(views: readonly TileDetections[], frame: SizePixels): Detections {
  const [first] = views;
  if (first && views.length === 1) return first.detections;
  const rows = new TileRows(views, frame);
  const order = rows.byWorth(MOST_ROWS);
  const kept = new Uint32Array(order.length);
  let count = 0;
  let whole = 0;
  for (const row of order) {
    if (isKnown(rows, row, kept, whole)) continue;
    kept[count] = row;
    count += 1;
    if (!rows.isPiece(row)) whole = count;
  }
  return rows.pick(joinPieces(rows, kept.subarray(0, count), whole), MOST_DETECTIONS, first?.detections.labelNames ?? []);
}

/** One of the first `limit` kept boxes is the same object. */
function isKnown(rows: TileRows, row: number, kept: Uint32Array, limit: number): boolean {
  for (let position = 0; position < limit; position += 1) if (rows.areSame(kept[position] as number, row)) return true;
  return false;
}

/** Joins the pieces from position `whole` on, in place: each group of pieces that agree leaves its first row, grown around all of them. */
function joinPieces(rows: TileRows, kept: Uint32Array, whole: number): Uint32Array {
  const leader = Uint32Array.from(kept, (_, position) => position);
  const leaderOf = (position: number): number => {
    let at = position;
    while (leader[at] !== at) at = leader[at] as number;
    return at;
  };
  for (let position = whole + 1; position < kept.length; position += 1) {
    for (let before = whole; before < position; before += 1) {
      if (!rows.areSame(kept[before] as number, kept[position] as number)) continue;
      const one = leaderOf(before);
      const other = leaderOf(position);
      leader[Math.max(one, other)] = Math.min(one, other);
    }
  }
  // Only now: boxes must not grow while they are still compared.
  for (let position = whole; position < kept.length; position += 1) {
    const at = leaderOf(position);
    if (at !== position) rows.grow(kept[at] as number, kept[position] as number);
  }
  return kept.filter((_, position) => leader[position] === position);
}
