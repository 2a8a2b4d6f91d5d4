import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Each look wakes the process up: at 10 ms that was half of what the engine used with one camera. */
const RESOLUTION_MS = 50;
const SPAN_MS = 60_000;

/** How late this process's event loop comes to what is due. */
export class LoopDelay {
  readonly #monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #lastMs: number | null = null;

  constructor() {
    this.#monitor.enable();
    this.#timer = setInterval(() => this.#turn(), SPAN_MS);
    this.#timer.unref();
  }

  /** 99th percentile over the last whole minute, or over the first one so far, milliseconds; null: nothing was measured yet. */
  get p99Ms(): number | null {
    return this.#lastMs ?? this.#read();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#monitor.disable();
  }

  #turn(): void {
    this.#lastMs = this.#read();
    this.#monitor.reset();
  }

  /** Node counts from one look to the next: what is more than the distance of looks is delay. */
  #read(): number | null {
    return Number.isNaN(this.#monitor.mean) ? null : Math.max(0, this.#monitor.percentile(99) / 1e6 - RESOLUTION_MS);
  }
}
