/**
 * Hands the event loop of a child to one camera after the other: one slice of decoding in each turn of the loop, so that reads,
 * commands and the other cameras come between.
 */
export class DecodeTurns {
  /** Synchronous native work in one turn, milliseconds. One picture may take longer; it cannot be interrupted. */
  static readonly SLICE_MS = 6;
  readonly #waiting: (() => void)[] = [];
  #scheduled = false;

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#waiting.shift()?.();
      this.#schedule();
    });
  }
}
