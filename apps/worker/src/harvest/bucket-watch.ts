import { Backoff, type Clock, type Logger } from '@argus/kernel';
import { RemoteStoreError, type S3Store } from '@argus/storage';
import type { FootageReach } from './harvest-store.js';

const PAUSE = { firstMs: 1000, maxMs: 30_000 } as const;

export interface BucketWatchOptions {
  /** null: none is set up; nothing is ever said of it then. */
  readonly remote: Pick<S3Store, 'check'> | null;
  /** What this worker does while the bucket answers, and what else. */
  readonly reach: FootageReach;
  readonly without: FootageReach | null;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
}

/** Whether the bucket did lately what was asked of it. While it does not, what needs it is left to wait, and it is asked again after growing pauses. */
export class BucketWatch {
  readonly #backoff = new Backoff(PAUSE);
  /** null: it does. */
  #askAtMs: number | null = null;
  #asking = false;

  constructor(private readonly options: BucketWatchOptions) {}

  /** What may be worked on now; null: nothing. Waits for nobody: what is on the disk goes on while a silent bucket is asked. */
  get reach(): FootageReach | null {
    if (this.#askAtMs === null) return this.options.reach;
    if (!this.#asking && this.options.clock.monotonicMs() >= this.#askAtMs) void this.#ask();
    return this.options.without;
  }

  /** true: it was the bucket, and what was in hand is not to blame. */
  isToBlame(error: unknown): boolean {
    if (!(error instanceof RemoteStoreError)) return false;
    if (this.#askAtMs === null) this.options.log.warn('the bucket does not do what is asked of it; what needs it waits, and is tried again', { error: error.message });
    this.#pause();
    return true;
  }

  /** Something was done with it, to the end. */
  did(): void {
    if (this.#askAtMs === null) this.#backoff.reset();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      await this.options.remote?.check();
      this.#askAtMs = null;
      this.options.log.info('the bucket answers again');
    } catch (error) {
      this.options.log.debug('the bucket does not answer yet', { error: (error as Error).message });
      this.#pause();
    } finally {
      this.#asking = false;
    }
  }

  #pause(): void {
    this.#askAtMs = this.options.clock.monotonicMs() + this.#backoff.nextMs();
  }
}
