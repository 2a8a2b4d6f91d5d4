interface Turn {
  readonly work: () => void | Promise<void>;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Hands the decoding of a child to one camera after the other: one slice in each turn of the event loop, so that reads, commands and the
 * other cameras come between. A slice may go on in a native thread; the next one begins when it is done.
 */
export class DecodeTurns {
  /** Synchronous native work in one turn, milliseconds. One picture may take longer; it cannot be interrupted. */
  static readonly SLICE_MS = 6;
  readonly #waiting: Turn[] = [];
  #scheduled = false;
  #sinceMs: number | null = null;

  /** For how long the work in hand has been going on, milliseconds. */
  get heldMs(): number {
    return this.#sinceMs === null ? 0 : performance.now() - this.#sinceMs;
  }

  /** Resolves when the work is done; rejects with what it throws. */
  take(work: Turn['work']): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ work, done });
    this.#schedule();
    return done.promise;
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      const turn = this.#waiting.shift();
      if (turn) this.#begin(turn);
    });
  }

  #begin({ work, done }: Turn): void {
    this.#sinceMs = performance.now();
    try {
      const going = work();
      if (going) return void going.then(done.resolve, done.reject).finally(() => this.#end());
      done.resolve();
    } catch (error) {
      done.reject(error);
    }
    this.#end();
  }

  #end(): void {
    this.#sinceMs = null;
    this.#scheduled = false;
    this.#schedule();
  }
}
