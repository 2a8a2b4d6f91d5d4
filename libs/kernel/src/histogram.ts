/** Counts of values by upper bound, as Prometheus wants them: each bucket holds what is not above its bound, the last one everything. */
export class Histogram {
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** `bounds` grow and are finite; the bucket above the last one is added. */
  constructor(readonly bounds: readonly number[]) {
    if (bounds.some((bound, index) => !Number.isFinite(bound) || bound <= (bounds[index - 1] ?? -Infinity))) throw new RangeError(`Histogram: expected bounds that grow, got ${bounds.join(', ')}`);
    this.#counts = Array.from({ length: bounds.length }, () => 0);
  }

  /** What is no number is left out: it would spoil the sum for ever. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#sum += value;
    this.#count += 1;
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  /** How many values are not above each bound; the bucket of everything is `count`. */
  cumulative(): number[] {
    let total = 0;
    return this.#counts.map((count) => (total += count));
  }
}
