import type { BoxPixels, Detections, Placement } from '@argus/contracts';
import type { TileDetections } from '@argus/pipeline';
import { PictureGoneError } from '../errors.js';

/** A part of a picture, scaled into a slot of the pixel ring. */
export interface Cut {
  readonly slot: number;
  readonly placement: Placement;
}

export interface TilesInHand {
  readonly tiles: readonly BoxPixels[];
  /** Tiles that the detector is asked about at once: as many as it can begin, so that other cameras get their turn in between. */
  readonly atOnce: number;
  /** null: the picture is gone, or no slot is free. */
  readonly cut: (tile: BoxPixels) => Promise<Cut | null>;
  readonly ask: (cut: Cut) => Promise<Detections>;
  readonly free: (slot: number) => void;
  /** Nobody wants the result any more. */
  readonly isOver: () => boolean;
}

/**
 * Looks at tiles one after the other, a few at once, each cut while the one before it is looked at: slots are held for twice `atOnce` tiles at
 * most, however many there are. In the order of the tiles; tiles that were not begun when it was over are missing. Rejects with the first
 * failure, PictureGoneError where a tile could not be cut, when nothing is under way any more. Every slot is given back.
 */
export async function lookAtTiles(hand: TilesInHand): Promise<TileDetections[]> {
  const { tiles, atOnce, cut, ask, free, isOver } = hand;
  const seen = tiles.map((): TileDetections | null => null);
  const left = tiles.entries();
  let failed = false;

  const cutNext = async (): Promise<{ at: number; tile: BoxPixels; cut: Cut } | null> => {
    const next = failed || isOver() ? null : left.next();
    if (!next || next.done) return null;
    const [at, tile] = next.value;
    const made = await cut(tile);
    if (!made) throw new PictureGoneError(`expected a cut of ${tile.width}x${tile.height} pixels for the detector, got none: the picture is gone, or no slot of the pixel ring is free`);
    return { at, tile, cut: made };
  };

  const work = async (): Promise<void> => {
    let coming = cutNext();
    try {
      for (let part = await coming; part; part = await coming) {
        coming = cutNext();
        // It is awaited below; until then a failure of it is nobody's.
        coming.catch(() => undefined);
        try {
          seen[part.at] = { tile: part.tile, detections: await ask(part.cut) };
        } finally {
          free(part.cut.slot);
        }
      }
    } catch (error) {
      failed = true;
      const unused = await coming.catch(() => null);
      if (unused) free(unused.cut.slot);
      throw error;
    }
  };

  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, tiles.length) }, work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return seen.filter((view) => view !== null);
}
