import { TooManyAttemptsError } from './errors.js';

interface Failures {
  count: number;
  lastMs: number;
}

const FREE_PER_NAME = 5;
const FREE_PER_ADDRESS = 30;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const FORGET_MS = 60 * 60_000;
/** Guessers invent names without end; beyond this many the oldest are forgotten. */
const REMEMBERED = 10_000;

/**
 * Slows down guessing: after five failures of a name (or thirty of an address) each further try has to wait, 30 s doubling to 15
 * minutes. Names that do not exist are treated like those that do.
 */
export class SignInThrottle {
  readonly #failures = new Map<string, Failures>();

  constructor(private readonly nowMs: () => number) {}

  /**
   * Counts an attempt as failed until it succeeds, so that a hundred tries at once are no way around.
   * @throws TooManyAttemptsError
   */
  admit(name: string, address: string | null): void {
    const waitMs = Math.max(this.#waitMs(nameKey(name), FREE_PER_NAME), this.#waitMs(addressKey(address), FREE_PER_ADDRESS));
    if (waitMs > 0) throw new TooManyAttemptsError(Math.ceil(waitMs / 1000));
    this.#count(nameKey(name));
    this.#count(addressKey(address));
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= REMEMBERED) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(name: string, address: string | null): void {
    this.#failures.delete(nameKey(name));
    const ofAddress = this.#failures.get(addressKey(address));
    if (ofAddress) ofAddress.count -= 1;
  }

  #count(key: string): void {
    const known = this.#failures.get(key);
    const count = known && this.nowMs() - known.lastMs < FORGET_MS ? known.count + 1 : 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastMs: this.nowMs() });
  }

  #waitMs(key: string, free: number): number {
    const known = this.#failures.get(key);
    if (!known || known.count < free) return 0;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, known.count - free));
    return known.lastMs + pauseMs - this.nowMs();
  }
}

const nameKey = (name: string): string => `name:${name.trim().toLowerCase()}`;
const addressKey = (address: string | null): string => `address:${address ?? ''}`;
