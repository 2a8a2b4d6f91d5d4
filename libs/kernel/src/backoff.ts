export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly factor?: number;
  /** 0..1, for tests. */
  readonly random?: () => number;
}

/**
 * Exponential backoff with full jitter in the upper half: delay n is uniform in [d/2, d], d = min(max, first * factor^n).
 * The jitter keeps a hundred cameras behind one broken switch from all coming back in the same second.
 */
export class Backoff {
  #attempt = 0;
  readonly #options: Required<BackoffOptions>;

  constructor(options: BackoffOptions) {
    this.#options = { factor: 2, random: Math.random, ...options };
  }

  get attempts(): number {
    return this.#attempt;
  }

  nextMs(): number {
    const { firstMs, maxMs, factor, random } = this.#options;
    const ceiling = Math.min(maxMs, firstMs * factor ** this.#attempt);
    this.#attempt += 1;
    return ceiling / 2 + (random() * ceiling) / 2;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
