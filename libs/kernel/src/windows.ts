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

/** How fast a counter grows that is read now and then: over about `spanMs`, at least over the last two readings. */
export class CounterRate {
  readonly #readings: { readonly atMs: number; readonly count: number }[] = [];

  constructor(private readonly spanMs = 5000) {}

  read(count: number, nowMs: number): void {
    this.#readings.push({ atMs: nowMs, count });
    while (this.#readings.length > 2 && (this.#readings[1]?.atMs ?? nowMs) <= nowMs - this.spanMs) this.#readings.shift();
  }

  /** 0 before the second reading, and after a counter that began anew. */
  get perSecond(): number {
    const [first, last] = [this.#readings[0], this.#readings.at(-1)];
    if (!first || !last || last.atMs <= first.atMs) return 0;
    return Math.max(0, ((last.count - first.count) * 1000) / (last.atMs - first.atMs));
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
