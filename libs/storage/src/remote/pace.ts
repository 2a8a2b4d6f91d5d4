import { setTimeout as sleep } from 'node:timers/promises';

/** Lets bytes through at a rate. All that share one pace share its rate, in the order in which they ask. */
export class Pace {
  #freeAtMs = 0;

  constructor(
    /** null: as fast as it goes. May be another one each time. */
    private readonly bytesPerSecond: () => number | null,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Resolves when these bytes may go. */
  async wait(bytes: number, signal?: AbortSignal): Promise<void> {
    const rate = this.bytesPerSecond();
    if (rate === null) return;
    const now = this.nowMs();
    const startMs = Math.max(now, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes / rate) * 1000;
    if (startMs > now) await sleep(startMs - now, undefined, { signal });
  }
}
