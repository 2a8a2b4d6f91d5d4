/** Does a thing again and again, one round behind the other, after a pause that each round chooses. */
export class Rounds {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  /** `round` never rejects, and resolves to how many milliseconds later the next one begins. */
  constructor(private readonly round: (signal: AbortSignal) => Promise<number>) {}

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  start(): void {
    if (this.signal.aborted) return;
    this.#running = this.round(this.signal).then((pauseMs) => {
      if (!this.signal.aborted) this.#timer = setTimeout(() => this.start(), pauseMs);
    });
  }

  /** The round that is under way ends early, if it can. `reason` is what its signal says. */
  async stop(reason?: Error): Promise<void> {
    this.#stopping.abort(reason);
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }
}
