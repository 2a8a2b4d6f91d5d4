import { DROP_CAUSES, type DropCause } from '@argus/contracts';

/** offered = analysed + sum(dropped) + inFlight + waiting, always. */
export interface FlowCounts {
  readonly offered: number;
  readonly analysed: number;
  readonly dropped: Readonly<Record<DropCause, number>>;
  /** Taken and not settled yet. */
  readonly inFlight: number;
  readonly waiting: number;
}

export interface MailboxOptions<T> {
  /** Called once for every item that is not analysed, so that its pixels are given back. */
  readonly onDrop: (item: T, cause: DropCause) => void;
  /** An item older than this is not worth analysing; default 1000. Infinity: age does not matter. */
  readonly staleMs?: number;
  /**
   * Places; default one, because a second waiting frame could only add latency: the freshest frame wins. With more, frames are taken in
   * order and the oldest gives way. A burst has places of its own.
   */
  readonly depth?: number;
}

/** What a burst may bring: some 0.8 s of a camera that is analysed ten times a second. */
const BURST_PLACES = 8;
/** So long frames of a burst may wait. A machine that has not caught up by then has too little time, and the freshest wins again. */
const BURST_MS = 300;

interface Waiting<T> {
  readonly item: T;
  readonly sinceMs: number;
}

/** The place of one camera before inference. What is overwritten or too old is counted. Times are monotonic milliseconds of the caller's clock. */
export class Mailbox<T> {
  readonly #onDrop: (item: T, cause: DropCause) => void;
  readonly #staleMs: number;
  readonly #depth: number;
  readonly #dropped = Object.fromEntries(DROP_CAUSES.map((cause) => [cause, 0])) as Record<DropCause, number>;
  readonly #waiting: Waiting<T>[] = [];
  #offered = 0;
  #analysed = 0;
  #inFlight = 0;
  #open = true;
  /** A burst came, and something has waited ever since. */
  #catchingUp = false;

  constructor(options: MailboxOptions<T>) {
    this.#onDrop = options.onDrop;
    this.#staleMs = options.staleMs ?? 1000;
    this.#depth = options.depth ?? 1;
  }

  /**
   * Puts an item in, as old as `sinceMs`; the oldest are dropped as `overwritten` where there is no room. After `close` the item itself is dropped as `stopped`.
   * @param inBurst the network held it up and brought it together with the one before: that one need not give way, there is time before the next
   */
  offer(item: T, sinceMs: number, inBurst = false): void {
    this.#offered += 1;
    if (!this.#open) return this.#drop(item, 'stopped');
    this.#waiting.push({ item, sinceMs });
    this.#catchingUp ||= inBurst;
    if (sinceMs - (this.#waiting[0]?.sinceMs ?? sinceMs) > BURST_MS) this.#catchingUp = false;
    const places = this.#catchingUp ? Math.max(this.#depth, BURST_PLACES) : this.#depth;
    while (this.#waiting.length > places) this.#drop((this.#waiting.shift() as Waiting<T>).item, 'overwritten');
  }

  /** The next waiting item, or null. It is in flight until `settle`. What will be older than the budget at `doneMs` is dropped on the way. */
  take(doneMs: number): T | null {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#catchingUp &&= this.#waiting.length > 0;
      if (doneMs - next.sinceMs <= this.#staleMs) {
        this.#inFlight += 1;
        return next.item;
      }
      this.#drop(next.item, 'stale');
    }
    return null;
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
    for (const { item } of this.#waiting.splice(0)) this.#drop(item, 'stopped');
  }

  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#inFlight === 0;
  }

  get counts(): FlowCounts {
    return { offered: this.#offered, analysed: this.#analysed, dropped: { ...this.#dropped }, inFlight: this.#inFlight, waiting: this.#waiting.length };
  }

  #drop(item: T, cause: DropCause): void {
    this.#dropped[cause] += 1;
    this.#onDrop(item, cause);
  }
}
