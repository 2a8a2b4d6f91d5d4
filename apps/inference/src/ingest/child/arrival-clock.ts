/** The network's delay changes little within this time, and clocks drift less than a tremble of it. */
const SPAN_MS = 10_000;

/**
 * At which monotonic time a media time of one connection arrived, were there no tremble in the network: a packet may be late and is never early, so the least
 * late one of the last seconds tells. By it the same moment is found on two streams of one camera, which have no other clock in common.
 */
export class ArrivalClock {
  #sinceMs = 0;
  #leastMs = Infinity;
  #leastBeforeMs = Infinity;

  /** Media time begins again, or jumped. */
  restart(): void {
    this.#leastMs = this.#leastBeforeMs = Infinity;
  }

  arrived(ptsUs: number, arrivedMs: number): void {
    if (Math.abs(arrivedMs - this.#sinceMs) > SPAN_MS) {
      this.#sinceMs = arrivedMs;
      this.#leastBeforeMs = this.#leastMs;
      this.#leastMs = Infinity;
    }
    this.#leastMs = Math.min(this.#leastMs, arrivedMs - ptsUs / 1000);
  }

  /** null before the first packet. */
  arrivalMs(ptsUs: number): number | null {
    const offMs = this.#offMs;
    return offMs === null ? null : ptsUs / 1000 + offMs;
  }

  /** null before the first packet. */
  ptsUs(atMs: number): number | null {
    const offMs = this.#offMs;
    return offMs === null ? null : Math.round((atMs - offMs) * 1000);
  }

  get #offMs(): number | null {
    const leastMs = Math.min(this.#leastMs, this.#leastBeforeMs);
    return leastMs === Infinity ? null : leastMs;
  }
}
