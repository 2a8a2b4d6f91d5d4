/** What passes between two looks at most counts this much: a longer gap means that the watcher itself was held up. */
const LONGEST_GAP_MS = 1500;

/**
 * Time that is left to somebody who must give signs of life, as their watcher lives it. While the watcher itself is stopped or starved,
 * signs lie unread: that time says nothing of who sent them. To be looked at once a second.
 */
export class Pulse {
  #leftMs: number;
  #seenMs: number;

  constructor(withinMs: number, nowMs: number) {
    this.#leftMs = withinMs;
    this.#seenMs = nowMs;
  }

  /** A sign of life; the next one is due within this time. */
  beat(withinMs: number, nowMs: number): void {
    this.#leftMs = withinMs;
    this.#seenMs = nowMs;
  }

  isOver(nowMs: number): boolean {
    this.#leftMs -= Math.min(nowMs - this.#seenMs, LONGEST_GAP_MS);
    this.#seenMs = nowMs;
    return this.#leftMs <= 0;
  }
}
