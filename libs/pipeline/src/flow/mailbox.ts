import type { DropCause } from '@argus/contracts';

/** offered = analysed + sum(dropped) + inFlight + (one waiting or none), always. */
export interface FlowCounts {
  readonly offered: number;
  readonly analysed: number;
  readonly dropped: Readonly<Record<DropCause, number>>;
  /** Taken and not settled yet. */
  readonly inFlight: number;
  readonly waiting: boolean;
}

export interface MailboxOptions<T> {
  /** Called once for every item that is not analysed, so that its pixels are given back. */
  readonly onDrop: (item: T, cause: DropCause) => void;
  /** An item that waited longer than this is not worth analysing; default 1000. */
  readonly staleMs?: number;
}

/**
 * The place of one camera before inference. One slot, because a second waiting frame could only add latency: the freshest
 * frame wins, and what it overwrites is counted. Times are monotonic milliseconds of the caller's clock.
 */
export class Mailbox<T> {
  readonly #onDrop: (item: T, cause: DropCause) => void;
  readonly #staleMs: number;
  readonly #dropped: Record<DropCause, number> = { overwritten: 0, stale: 0, late: 0, backpressure: 0, failed: 0, stopped: 0 };
  #slot: { readonly item: T; readonly sinceMs: number } | null = null;
  #offered = 0;
  #analysed = 0;
  #inFlight = 0;
  #open = true;

  constructor(options: MailboxOptions<T>) {
    this.#onDrop = options.onDrop;
    this.#staleMs = options.staleMs ?? 1000;
  }

  /** Puts an item in; the one that waited is dropped as `overwritten`. After `close` the item itself is dropped as `stopped`. */
  offer(item: T, nowMs: number): void {
    this.#offered += 1;
    if (!this.#open) return this.#drop(item, 'stopped');
    const waiting = this.#slot;
    this.#slot = { item, sinceMs: nowMs };
    if (waiting) this.#drop(waiting.item, 'overwritten');
  }

  /** Counts a frame that could not even be offered, e.g. because no pixel slot was free. */
  refuse(item: T, cause: DropCause = 'backpressure'): void {
    this.#offered += 1;
    this.#drop(item, cause);
  }

  /** The waiting item, or null. It is in flight until `settle`. */
  take(nowMs: number): T | null {
    const waiting = this.#slot;
    this.#slot = null;
    if (!waiting) return null;
    if (nowMs - waiting.sinceMs > this.#staleMs) {
      this.#drop(waiting.item, 'stale');
      return null;
    }
    this.#inFlight += 1;
    return waiting.item;
  }

  /** What became of a taken item. For a drop the callback is called here as well. */
  settle(item: T, outcome: 'analysed' | DropCause): void {
    if (this.#inFlight === 0) throw new RangeError('Mailbox.settle: expected an item that was taken, nothing is in flight');
    this.#inFlight -= 1;
    if (outcome === 'analysed') this.#analysed += 1;
    else this.#drop(item, outcome);
  }

  /** Drops what waits as `stopped`; later offers are dropped too. */
  close(): void {
    this.#open = false;
    const waiting = this.#slot;
    this.#slot = null;
    if (waiting) this.#drop(waiting.item, 'stopped');
  }

  get waiting(): boolean {
    return this.#slot !== null;
  }

  get counts(): FlowCounts {
    return { offered: this.#offered, analysed: this.#analysed, dropped: { ...this.#dropped }, inFlight: this.#inFlight, waiting: this.waiting };
  }

  #drop(item: T, cause: DropCause): void {
    this.#dropped[cause] += 1;
    this.#onDrop(item, cause);
  }
}
