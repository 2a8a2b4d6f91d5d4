import type { BoxPixels } from '@argus/contracts';
import type { Scale } from './box-filter.js';

/** Shares of the box's size: how far from its place the centre may be, and for how long it may be farther by mistake. */
const REACH = 0.35;
const DOUBT_SECONDS = 0.6;
/** The place follows slow drift of the detector's boxes, not a creeping car: that outruns it. */
const FOLLOW_SECONDS = 10;
/** Shorter stays are not called stationary: walkers stay within reach for a moment, too. */
const SHORTEST_SECONDS = 2;

/** Tells how long an object has stayed in its place, from observed boxes only. */
export class Stillness {
  #x: number;
  #y: number;
  #sinceUs: number;
  #lastUs: number;
  #awaySinceUs: number | null = null;

  constructor(box: BoxPixels, ptsUs: number) {
    this.#x = box.x + box.width / 2;
    this.#y = box.y + box.height / 2;
    this.#sinceUs = this.#lastUs = ptsUs;
  }

  observe(box: BoxPixels, ptsUs: number): void {
    const dx = box.x + box.width / 2 - this.#x;
    const dy = box.y + box.height / 2 - this.#y;
    const away = Math.max(Math.abs(dx) / Math.max(1, box.width), Math.abs(dy) / Math.max(1, box.height)) > REACH;
    if (!away) {
      const follow = 1 - Math.exp(-(ptsUs - this.#lastUs) / (FOLLOW_SECONDS * 1e6));
      this.#x += dx * follow;
      this.#y += dy * follow;
      this.#awaySinceUs = null;
    } else if (this.#awaySinceUs === null && this.seconds(ptsUs) > 0) {
      this.#awaySinceUs = ptsUs;
    } else if (this.#awaySinceUs === null || ptsUs - this.#awaySinceUs >= DOUBT_SECONDS * 1e6) {
      this.#x += dx;
      this.#y += dy;
      this.#sinceUs = this.#awaySinceUs ?? ptsUs;
      this.#awaySinceUs = null;
    }
    this.#lastUs = ptsUs;
  }

  rescale({ x, y }: Scale): void {
    this.#x *= x;
    this.#y *= y;
  }

  /** Seconds in place; 0 while it moves. */
  seconds(ptsUs: number): number {
    const stayed = (ptsUs - this.#sinceUs) / 1e6;
    return stayed >= SHORTEST_SECONDS ? stayed : 0;
  }
}
