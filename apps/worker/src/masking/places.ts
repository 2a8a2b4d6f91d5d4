import { MaskingBusyError } from '../errors.js';

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (reason: unknown) => void;
}

export interface PlacesOptions {
  readonly atOnce: number;
  /** Who comes when so many wait is refused at once. */
  readonly mostWaiting: number;
  readonly waitMs: number;
}

/** A room with so many places: others wait before it, in the order in which they came, for a while. */
export class Places {
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(private readonly options: PlacesOptions) {}

  get taken(): number {
    return this.#taken;
  }

  /** Answers how to leave again; leaving twice is harmless. @throws MaskingBusyError, the signal's reason */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.options.atOnce) this.#taken += 1;
    else await this.#wait(signal);
    let isIn = true;
    return () => {
      if (isIn) this.#leave();
      isIn = false;
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { atOnce, mostWaiting, waitMs } = this.options;
    if (this.#waiting.size >= mostWaiting) throw new MaskingBusyError(atOnce);
    let waiting: Waiting | null = null;
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => waiting?.refuse(signal.reason);
    try {
      await new Promise<void>((enter, refuse) => {
        // Who is refused must not be given a place any more.
        const own: Waiting = { enter, refuse: (reason) => (this.#waiting.delete(own), refuse(reason)) };
        waiting = own;
        this.#waiting.add(own);
        timer = setTimeout(() => own.refuse(new MaskingBusyError(atOnce)), waitMs);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The place goes to who waits longest, without being free in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else {
      this.#waiting.delete(next);
      next.enter();
    }
  }
}
