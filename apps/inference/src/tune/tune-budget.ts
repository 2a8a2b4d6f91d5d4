/** How much time is left, and how long a measurement may take so that all of them fit. */
export class TuneBudget {
  #planned = 1;
  #used = 0;
  spanMs = 0;

  constructor(
    private readonly options: { readonly nowMs: () => number; readonly endMs: number; readonly signal: AbortSignal },
  ) {}

  /** So many spans are planned for what is left. Part of the time goes into opening sessions, warming up and draining. */
  plan(spans: number): void {
    this.#planned = this.#used + spans;
    this.spanMs = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, (this.leftMs * SHARE_MEASURED) / spans));
  }

  spent(spans: number): void {
    this.#used += spans;
  }

  get leftMs(): number {
    return Math.max(0, this.options.endMs - this.options.nowMs());
  }

  get stopped(): boolean {
    return this.options.signal.aborted;
  }

  /** No measurement can begin any more. */
  get over(): boolean {
    return this.stopped || this.leftMs < this.spanMs;
  }

  /** What the rest of the plan will take, at most what is left. */
  get etaMs(): number {
    return Math.min(this.leftMs, (Math.max(0, this.#planned - this.#used) * this.spanMs) / SHARE_MEASURED);
  }
}

const SHARE_MEASURED = 0.7;
/** Shorter ones say nothing of a 95th percentile; longer ones say no more than a second round would. */
const LEAST_SPAN_MS = 150;
const MOST_SPAN_MS = 4000;
