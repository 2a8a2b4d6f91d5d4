/** A segment whose start would be further from the truth than this is timed anew. */
const MOST_OFF_MS = 1000;

/**
 * Wall time of the packets of one connection. Arrival trembles with the network and comes late in heaps, media time is smooth: so the times
 * are anchored at the first packet and go on with media time, and pictures are as far apart in the footage as they were for the camera.
 * But a camera's clock runs a little fast or slow, this machine's clock is set, and the first packets often come in a heap, late. So at a
 * segment's start the anchor is moved when arrival is more than a second off; never within one, where times must not jump. A packet may be
 * late and is never early: what counts is the least late one since the last segment's start. One that is far too early tells that a clock was set.
 */
export class WallTime {
  #anchorMs: number | null = null;
  #leastMs = Infinity;
  /** The least late one of this segment and the one before. */
  #usualMs = Infinity;

  /** A new connection: media time begins again. */
  restart(): void {
    this.#anchorMs = null;
    this.#leastMs = this.#usualMs = Infinity;
  }

  /** Each packet. True: it is so early that media time or this machine's clock was set; what follows is timed anew. */
  arrived(ptsUs: number, arrivedMs: number): boolean {
    const offMs = arrivedMs - ptsUs / 1000;
    const isApart = this.#anchorMs !== null && offMs < Math.min(this.#anchorMs, this.#usualMs) - MOST_OFF_MS;
    if (isApart) this.restart();
    this.#usualMs = Math.min(this.#usualMs, offMs);
    this.#anchorMs ??= offMs;
    this.#leastMs = Math.min(this.#leastMs, offMs);
    return isApart;
  }

  /** Wall time of a packet that has arrived and begins a segment. */
  begin(ptsUs: number): number {
    if (Math.abs(this.#leastMs - (this.#anchorMs ?? this.#leastMs)) > MOST_OFF_MS) this.#anchorMs = this.#leastMs;
    this.#usualMs = this.#leastMs;
    this.#leastMs = Infinity;
    return Math.round((this.#anchorMs ?? 0) + ptsUs / 1000);
  }
}
