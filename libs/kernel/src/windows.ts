/**
 * Events per second as count over span. A moving average of gaps swings with bursty cameras; a count over a few seconds does not.
 * Times are monotonic milliseconds.
 */
export class RateWindow {
  readonly #times: number[] = [];

  constructor(private readonly spanMs = 5000) {}

  add(nowMs: number): void {
    this.#times.push(nowMs);
    this.#forget(nowMs);
  }

  perSecond(nowMs: number): number {
    this.#forget(nowMs);
    return (this.#times.length * 1000) / this.spanMs;
  }

  #forget(nowMs: number): void {
    let old = 0;
    while (old < this.#times.length && (this.#times[old] as number) <= nowMs - this.spanMs) old += 1;
    if (old > 0) this.#times.splice(0, old);
  }
}

/** The last `capacity` values, for percentiles. */
export class ValueWindow {
  readonly #values: Float64Array;
  #next = 0;
  #count = 0;

  constructor(capacity = 256) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#values.length;
    this.#count = Math.min(this.#count + 1, this.#values.length);
  }

  /** Nearest-rank percentile, `share` in 0..1; null while empty. */
  percentile(share: number): number | null {
    if (this.#count === 0) return null;
    const sorted = this.#values.slice(0, this.#count).sort();
    const rank = Math.max(1, Math.ceil(share * this.#count));
    return sorted[Math.min(this.#count, rank) - 1] ?? null;
  }
}
