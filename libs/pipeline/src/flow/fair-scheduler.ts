import type { Mailbox } from './mailbox.js';

export interface Scheduled<K, T> {
  readonly key: K;
  readonly item: T;
  readonly mailbox: Mailbox<T>;
}

interface Entry<K, T> {
  readonly key: K;
  readonly mailbox: Mailbox<T>;
  weight: number;
  /** Turns had, divided by the weight; the lowest goes first. */
  turns: number;
}

/**
 * Chooses whose frame is analysed next. Every mailbox has had turns in proportion to its weight, whatever the frame rates: a camera
 * that offers 30 fps cannot take turns from one that offers 1. Who had nothing to offer does not save up turns.
 */
export class FairScheduler<K, T> {
  readonly #entries = new Map<K, Entry<K, T>>();
  #turns = 0;

  /** Adds a camera or changes its weight (default 1, must be positive). */
  add(key: K, mailbox: Mailbox<T>, weight = 1): void {
    if (!(weight > 0)) throw new RangeError(`FairScheduler: expected a positive weight, got ${weight}`);
    const known = this.#entries.get(key);
    if (known?.mailbox === mailbox) known.weight = weight;
    else this.#entries.set(key, { key, mailbox, weight, turns: this.#turns });
  }

  remove(key: K): void {
    this.#entries.delete(key);
  }

  /** The next frame to analyse, or null when nobody waits. Stale frames are dropped on the way. */
  next(nowMs: number): Scheduled<K, T> | null {
    for (;;) {
      const entry = this.#mostPatient();
      if (!entry) return null;
      const item = entry.mailbox.take(nowMs);
      if (item === null) continue;
      this.#turns = Math.max(this.#turns, entry.turns);
      entry.turns = Math.max(entry.turns, this.#turns) + 1 / entry.weight;
      // Moving to the end makes equals take turns in order.
      this.#entries.delete(entry.key);
      this.#entries.set(entry.key, entry);
      return { key: entry.key, item, mailbox: entry.mailbox };
    }
  }

  /** At most `most` frames, each of another camera. */
  nextBatch(most: number, nowMs: number): Scheduled<K, T>[] {
    const batch: Scheduled<K, T>[] = [];
    while (batch.length < most) {
      const next = this.next(nowMs);
      if (!next) break;
      batch.push(next);
    }
    return batch;
  }

  #mostPatient(): Entry<K, T> | null {
    let best: Entry<K, T> | null = null;
    for (const entry of this.#entries.values()) {
      if (!entry.mailbox.waiting) {
        entry.turns = Math.max(entry.turns, this.#turns);
        continue;
      }
      if (!best || entry.turns < best.turns) best = entry;
    }
    return best;
  }
}
