/** Readers with a process each: one is made where none is free, and kept for the next. */
export class ReaderPool<Reader extends { close(): void }> {
  readonly #free: Reader[] = [];

  constructor(private readonly make: () => Reader) {}

  async use(work: (reader: Reader) => Promise<void>): Promise<void> {
    const reader = this.#free.pop() ?? this.make();
    try {
      await work(reader);
    } finally {
      this.#free.push(reader);
    }
  }

  /** Ends those that are free. */
  close(): void {
    for (const reader of this.#free) reader.close();
  }
}
