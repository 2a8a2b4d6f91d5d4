import type { BoxPixels, Detections, SizePixels, TilingSettings } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTileDetections } from './merge-tile-detections.js';
import { planTiles, type PictureTile } from './plan-tiles.js';
import type { TileDetections } from './tile-rows.js';

const LABELS = ['person', 'car'];
const FRAME: SizePixels = { width: 3840, height: 2160 };

interface Thing {
  readonly box: BoxPixels;
  readonly label: number;
}

interface Found extends Thing {
  readonly score: number;
}

function detectionsOf(found: readonly Found[]): Detections {
  return {
    count: found.length,
    boxes: Float32Array.from(found.flatMap(({ box }) => [box.x, box.y, box.width, box.height])),
    scores: Float32Array.from(found, ({ score }) => score),
    labels: Uint16Array.from(found, ({ label }) => label),
    labelNames: LABELS,
  };
}

const boxesOf = ({ boxes, count }: Detections): number[][] => Array.from({ length: count }, (_, row) => [...boxes.subarray(row * 4, row * 4 + 4)].map(Math.round));
const listOf = ({ x, y, width, height }: BoxPixels): number[] => [x, y, width, height].map(Math.round);

/** The part of a thing that lies in a tile; null when that is less than so many pixels. */
function clip(box: BoxPixels, tile: PictureTile, least: number): BoxPixels | null {
  if (tile === null) return box;
  const x = Math.max(box.x, tile.x);
  const y = Math.max(box.y, tile.y);
  const width = Math.min(box.x + box.width, tile.x + tile.width) - x;
  const height = Math.min(box.y + box.height, tile.y + tile.height) - y;
  return width >= least && height >= least ? { x, y, width, height } : null;
}

interface Eye {
  /** Moves an edge. */
  readonly wobble: (at: number) => number;
  /** Less than so many pixels of a thing is nothing. */
  readonly least: number;
}

const PERFECT: Eye = { wobble: () => 0, least: 1 };

/** Sees what lies in its tile and, of the whole picture, what is large. Scores differ from tile to tile. */
function look(things: readonly Thing[], tiles: readonly PictureTile[], { wobble, least }: Eye = PERFECT): TileDetections[] {
  return tiles.map((tile, index) => {
    const found = things.flatMap(({ box, label }, number): Found[] => {
      const seen = tile === null && box.width < 160 ? null : clip(box, tile, least);
      if (!seen) return [];
      const salt = number * 31 + index * 17;
      const [dx, dy, dw, dh] = [0, 1, 2, 3].map((side) => wobble(salt + side)) as [number, number, number, number];
      return [{ box: { x: seen.x + dx, y: seen.y + dy, width: seen.width + dw, height: seen.height + dh }, label, score: 0.4 + ((salt * 7) % 50) / 100 }];
    });
    return { tile, detections: detectionsOf(found) };
  });
}

/** Things of one label lie apart from each other: two that look like one across a border are one to everybody. */
const scenes = (largest: number) =>
  fc.array(fc.record({ x: fc.integer({ min: 0, max: 3800 }), y: fc.integer({ min: 0, max: 2120 }), width: fc.integer({ min: 16, max: largest }), height: fc.integer({ min: 16, max: largest }), label: fc.integer({ min: 0, max: 1 }) }), { maxLength: 80 }).map((drawn) => {
    const things: Thing[] = [];
    for (const { x, y, width, height, label } of drawn) {
      const box = { x, y, width: Math.min(width, FRAME.width - x), height: Math.min(height, FRAME.height - y) };
      const apart = (other: Thing) => other.label !== label || x > other.box.x + other.box.width + 80 || other.box.x > x + box.width + 80 || y > other.box.y + other.box.height + 80 || other.box.y > y + box.height + 80;
      if (things.every(apart)) things.push({ box, label });
    }
    return things;
  });

const grids = (overlap: fc.Arbitrary<number>, wholePicture: fc.Arbitrary<boolean>): fc.Arbitrary<TilingSettings> =>
  fc.record({ columns: fc.integer({ min: 2, max: 8 }), rows: fc.integer({ min: 1, max: 8 }), overlap, wholePicture });

function expectEachOnce(merged: Detections, things: readonly Thing[], slack = 0): void {
  expect(merged.count).toBe(things.length);
  const left = boxesOf(merged).map((box, row) => ({ box, label: merged.labels[row] }));
  for (const thing of things) {
    const at = left.findIndex(({ box, label }) => label === thing.label && box.every((value, side) => Math.abs(value - (listOf(thing.box)[side] as number)) <= slack));
    expect(at, JSON.stringify(thing)).toBeGreaterThanOrEqual(0);
    left.splice(at, 1);
  }
}

describe('mergeTileDetections', () => {
  const [left, right] = planTiles(FRAME, 1, { columns: 2, rows: 1, overlap: 0.2, wholePicture: false }) as [BoxPixels, BoxPixels];
  const seam = right.x;

  it('gives every thing once, whole, whatever the grid, the overlap and the size', () => {
    fc.assert(
      fc.property(scenes(900), grids(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.boolean()), (things, settings) => {
        expectEachOnce(mergeTileDetections(look(things, planTiles(FRAME, 1, settings)), FRAME), things);
      }),
      { numRuns: 300 },
    );
  });

  it('does so with a detector whose boxes wobble', () => {
    const steps = [0, 1, -2, 2, -1];
    fc.assert(
      fc.property(scenes(300), grids(fc.double({ min: 0.1, max: 0.5, noNaN: true }), fc.constant(true)), (things, settings) => {
        const seen = things.filter(({ box }) => box.width >= 20 && box.height >= 20);
        expectEachOnce(mergeTileDetections(look(seen, planTiles(FRAME, 1, settings), { wobble: (at) => steps[at % 5] as number, least: 16 }), FRAME), seen, 8);
      }),
      { numRuns: 300 },
    );
  });

  it('drops the piece that a border has cut off, even when it has the better score', () => {
    const person = { x: seam - 30, y: 100, width: 60, height: 160 };
    const merged = mergeTileDetections([
      { tile: left, detections: detectionsOf([{ box: person, label: 0, score: 0.5 }]) },
      { tile: right, detections: detectionsOf([{ box: { ...person, x: seam, width: 32 }, label: 0, score: 0.9 }]) },
    ], FRAME);
    expect([boxesOf(merged), merged.scores[0]]).toEqual([[listOf(person)], 0.5]);
  });

  it('joins two pieces of what no tile sees whole, with the better score', () => {
    const end = left.x + left.width;
    const merged = mergeTileDetections([
      { tile: left, detections: detectionsOf([{ box: { x: 1000, y: 500, width: end - 1000, height: 600 }, label: 1, score: 0.75 }]) },
      { tile: right, detections: detectionsOf([{ box: { x: seam, y: 510, width: 3000 - seam, height: 590 }, label: 1, score: 0.5 }]) },
    ], FRAME);
    expect([boxesOf(merged), merged.scores[0]]).toEqual([[[1000, 500, 2000, 600]], 0.75]);
  });

  it('keeps a piece that nobody else has seen, and what stands beside a whole one', () => {
    const alone = { x: seam, y: 100, width: 30, height: 90 };
    const merged = mergeTileDetections([
      { tile: left, detections: detectionsOf([{ box: { x: seam + 40, y: 100, width: 30, height: 90 }, label: 0, score: 0.6 }]) },
      { tile: right, detections: detectionsOf([{ box: alone, label: 0, score: 0.7 }]) },
    ], FRAME);
    expect(boxesOf(merged)).toEqual([listOf(alone), [seam + 40, 100, 30, 90]]);
  });

  it('compares neither labels with each other nor boxes of one tile', () => {
    const box = { x: 100, y: 100, width: 50, height: 50 };
    const merged = mergeTileDetections([
      { tile: null, detections: detectionsOf([{ box, label: 0, score: 0.9 }, { box: { ...box, x: 104 }, label: 0, score: 0.8 }]) },
      { tile: left, detections: detectionsOf([{ box, label: 1, score: 0.7 }]) },
    ], FRAME);
    expect([...merged.labels]).toEqual([0, 0, 1]);
  });

  it('cuts boxes to what their tile has seen and leaves out what lies beyond it', () => {
    const merged = mergeTileDetections([
      { tile: left, detections: detectionsOf([{ box: { x: left.width - 50, y: 0, width: 400, height: 50 }, label: 0, score: 0.9 }, { box: { x: left.width + 10, y: 0, width: 20, height: 20 }, label: 0, score: 0.9 }]) },
      { tile: right, detections: detectionsOf([]) },
    ], FRAME);
    expect(boxesOf(merged)).toEqual([[left.width - 50, 0, 50, 50]]);
  });

  it('gives back the very value of a single view, and nothing of none', () => {
    const only = detectionsOf([{ box: { x: 1, y: 2, width: 3, height: 4 }, label: 0, score: 0.5 }]);
    expect(mergeTileDetections([{ tile: null, detections: only }], FRAME)).toBe(only);
    expect(mergeTileDetections([], FRAME).count).toBe(0);
  });

  it('gives the same bytes twice and stays bounded when detectors see things everywhere', () => {
    const noise = planTiles(FRAME, 1, { columns: 8, rows: 8, overlap: 0.2, wholePicture: true }).map((tile, index): TileDetections => {
      const { x, y, width, height } = tile ?? { x: 0, y: 0, ...FRAME };
      const at = (row: number, prime: number, size: number) => (((row + index * 300) * prime) % 997) / 997 * (size - 40);
      return { tile, detections: detectionsOf(Array.from({ length: 300 }, (_, row) => ({ box: { x: x + at(row, 617, width), y: y + at(row, 331, height), width: 8 + (row % 30), height: 8 + (row % 30) }, label: 0, score: 0.05 + (row % 90) / 100 }))) };
    });
    const once = mergeTileDetections(noise, FRAME);
    expect(once.count).toBe(1000);
    expect(mergeTileDetections(noise, FRAME)).toEqual(once);
  });
});
