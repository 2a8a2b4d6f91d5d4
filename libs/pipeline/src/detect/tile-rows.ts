import type { Detections, SizePixels } from '@argus/contracts';
import type { PictureTile } from './plan-tiles.js';

/** What the detector found in one tile; boxes in pixels of the whole picture. */
export interface TileDetections {
  /** null: the whole picture. */
  readonly tile: PictureTile;
  readonly detections: Detections;
}

/** A box that ends within this share of a tile's side from an inner border counts as cut off there: about four model pixels. */
const BORDER = 0.01;
/** Agreement (IoU of the parts that both tiles see) from which two whole boxes are one object. */
const SAME_WHOLE = 0.4;
/** The same where one of them is a piece: what a detector makes of half an object is less exact. */
const SAME_PIECE = 0.35;
/** Or so much of the smaller part lies in the other one. */
const INSIDE_PIECE = 0.8;

/** Boxes of all tiles, columnar: edges are left, top, right, bottom in source pixels, cut to what the tile has seen. */
export class TileRows {
  readonly #count: number;
  readonly #edges: Float32Array;
  readonly #scores: Float32Array;
  readonly #labels: Uint16Array;
  readonly #tiles: Uint16Array;
  readonly #pieces: Uint8Array;
  /** Edges of the tiles. */
  readonly #borders: Float32Array;
  /** Boxes that are farther apart than this, in pixels, are two objects in any case. */
  readonly #slack: number;

  constructor(views: readonly TileDetections[], frame: SizePixels) {
    this.#count = views.reduce((sum, { detections }) => sum + detections.count, 0);
    this.#edges = new Float32Array(this.#count * 4);
    this.#scores = new Float32Array(this.#count);
    this.#labels = new Uint16Array(this.#count);
    this.#tiles = new Uint16Array(this.#count);
    this.#pieces = new Uint8Array(this.#count);
    this.#borders = new Float32Array(views.length * 4);
    this.#slack = BORDER * Math.max(frame.width, frame.height);
    let row = 0;
    for (const [index, { tile, detections }] of views.entries()) {
      const { x, y, width, height } = tile ?? { x: 0, y: 0, ...frame };
      this.#borders.set([x, y, Math.min(x + width, frame.width), Math.min(y + height, frame.height)], index * 4);
      for (let from = 0; from < detections.count; from += 1, row += 1) this.#add(row, index, detections, from, frame);
    }
  }

  /** Numbers of the best rows, `most` of them: whole boxes before pieces, then best first, then in the order of the tiles. */
  byWorth(most: number): Uint32Array {
    const pieces = this.#pieces;
    const scores = this.#scores;
    const best = this.#rows().sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).subarray(0, most);
    return best.sort((a, b) => (pieces[a] as number) - (pieces[b] as number) || (scores[b] as number) - (scores[a] as number) || a - b);
  }

  /** An inner border of its tile has cut it off. */
  isPiece(row: number): boolean {
    return this.#pieces[row] === 1;
  }

  /** Two boxes of different tiles agree about what both tiles see. */
  areSame(a: number, b: number): boolean {
    const edges = this.#edges;
    if (this.#labels[a] !== this.#labels[b] || this.#tiles[a] === this.#tiles[b] || areApart(edges, a * 4, b * 4, this.#slack)) return false;
    const borders = this.#borders;
    const tileA = (this.#tiles[a] as number) * 4;
    const tileB = (this.#tiles[b] as number) * 4;
    let common = 1;
    let partA = 1;
    let partB = 1;
    let lines = 0;
    for (let axis = 0; axis < 2; axis += 1) {
      const low = Math.max(borders[tileA + axis] as number, borders[tileB + axis] as number);
      const high = Math.min(borders[tileA + 2 + axis] as number, borders[tileB + 2 + axis] as number);
      const lowA = Math.max(edges[a * 4 + axis] as number, low);
      const lowB = Math.max(edges[b * 4 + axis] as number, low);
      const highA = Math.min(edges[a * 4 + 2 + axis] as number, high);
      const highB = Math.min(edges[b * 4 + 2 + axis] as number, high);
      const shared = Math.min(highA, highB) - Math.max(lowA, lowB);
      const near = ((borders[tileA + 2 + axis] as number) - (borders[tileA + axis] as number)) * BORDER;
      if (high >= low && high - low <= near) {
        // Tiles that hardly more than touch see a line together: both boxes must reach it, the other axis decides.
        if (shared < -near) return false;
        lines += 1;
        continue;
      }
      if (shared <= 0) return false;
      common *= shared;
      partA *= highA - lowA;
      partB *= highB - lowB;
    }
    return lines < 2 && agree(common, partA, partB, this.isPiece(a) || this.isPiece(b));
  }

  /** Makes a row's box the one around both, its score the better one. */
  grow(row: number, by: number): void {
    const edges = this.#edges;
    for (let side = 0; side < 4; side += 1) edges[row * 4 + side] = (side < 2 ? Math.min : Math.max)(edges[row * 4 + side] as number, edges[by * 4 + side] as number);
    this.#scores[row] = Math.max(this.#scores[row] as number, this.#scores[by] as number);
  }

  /** The chosen rows, best first, `most` of them. */
  pick(chosen: Uint32Array, most: number, labelNames: readonly string[]): Detections {
    const scoresOf = this.#scores;
    const order = Uint32Array.from(chosen).sort((a, b) => (scoresOf[b] as number) - (scoresOf[a] as number) || a - b).subarray(0, most);
    const boxes = new Float32Array(order.length * 4);
    const scores = new Float32Array(order.length);
    const labels = new Uint16Array(order.length);
    for (let to = 0; to < order.length; to += 1) {
      const row = order[to] as number;
      const left = this.#edges[row * 4] as number;
      const top = this.#edges[row * 4 + 1] as number;
      boxes[to * 4] = left;
      boxes[to * 4 + 1] = top;
      boxes[to * 4 + 2] = (this.#edges[row * 4 + 2] as number) - left;
      boxes[to * 4 + 3] = (this.#edges[row * 4 + 3] as number) - top;
      scores[to] = scoresOf[row] as number;
      labels[to] = this.#labels[row] as number;
    }
    return { count: order.length, boxes, scores, labels, labelNames };
  }

  /** All but those that lie outside their tile altogether: a detector may make a thing up beyond the edge of what it sees. */
  #rows(): Uint32Array {
    const rows = new Uint32Array(this.#count);
    let count = 0;
    for (let row = 0; row < this.#count; row += 1) {
      const at = row * 4;
      if ((this.#edges[at + 2] as number) <= (this.#edges[at] as number) || (this.#edges[at + 3] as number) <= (this.#edges[at + 1] as number)) continue;
      rows[count] = row;
      count += 1;
    }
    return rows.subarray(0, count);
  }

  #add(row: number, tile: number, { boxes, scores, labels }: Detections, from: number, frame: SizePixels): void {
    const borders = this.#borders;
    const edges = this.#edges;
    for (let axis = 0; axis < 2; axis += 1) {
      const side = axis === 0 ? frame.width : frame.height;
      const low = borders[tile * 4 + axis] as number;
      const high = borders[tile * 4 + 2 + axis] as number;
      const start = Math.min(Math.max(boxes[from * 4 + axis] as number, low), high);
      const end = Math.min(Math.max((boxes[from * 4 + axis] as number) + (boxes[from * 4 + 2 + axis] as number), low), high);
      const near = (high - low) * BORDER;
      if ((low > 0 && start <= low + near) || (high < side && end >= high - near)) this.#pieces[row] = 1;
      edges[row * 4 + axis] = start;
      edges[row * 4 + 2 + axis] = end;
    }
    this.#scores[row] = scores[from] as number;
    this.#labels[row] = labels[from] as number;
    this.#tiles[row] = tile;
  }
}

/** Most pairs are: this is what makes comparing all with all cheap. */
function areApart(edges: Float32Array, a: number, b: number, slack: number): boolean {
  return (
    (edges[a] as number) > (edges[b + 2] as number) + slack ||
    (edges[b] as number) > (edges[a + 2] as number) + slack ||
    (edges[a + 1] as number) > (edges[b + 3] as number) + slack ||
    (edges[b + 1] as number) > (edges[a + 3] as number) + slack
  );
}

function agree(common: number, partA: number, partB: number, isPiece: boolean): boolean {
  const iou = common / (partA + partB - common);
  return isPiece ? iou >= SAME_PIECE || common / Math.min(partA, partB) >= INSIDE_PIECE : iou >= SAME_WHOLE;
}
