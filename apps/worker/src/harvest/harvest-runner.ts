import { ArgusError, messageOf, Rounds, type Logger } from '@argus/kernel';
import { HarvestClaimLostError } from '../errors.js';
import type { BucketWatch } from './bucket-watch.js';
import type { ClaimedPart, ClaimedRun, HarvestStore } from './harvest-store.js';

export interface HarvestRunnerOptions {
  readonly store: HarvestStore;
  readonly plan: (run: ClaimedRun) => Promise<void>;
  /** Aborted: it stops behind the segment in hand. */
  readonly work: (part: ClaimedPart, signal: AbortSignal) => Promise<void>;
  readonly bucket: BucketWatch;
  /** Parts worked on at once. */
  readonly slots: number;
  readonly log: Logger;
}

/** Without a wake-up, and for what a dead worker left. */
const LOOK_EVERY_MS = 3000;

/** Takes runs that have no parts yet, and parts, as long as there are any. Other workers do the same: rows are claimed. */
export class HarvestRunner {
  readonly #rounds = new Rounds(() => this.look().then(() => LOOK_EVERY_MS));
  readonly #busy = new Set<Promise<void>>();
  #looking: Promise<void> | null = null;

  constructor(private readonly options: HarvestRunnerOptions) {}

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing waits that this worker has a slot for. */
  look(): Promise<void> {
    return (this.#looking ??= this.#take().finally(() => (this.#looking = null)));
  }

  /** What is worked on is put back, behind the segment in hand. */
  async stop(): Promise<void> {
    await this.#rounds.stop(new Error('the worker stops'));
    // One that a wake-up began.
    await this.#looking;
    await Promise.all(this.#busy);
  }

  async #take(): Promise<void> {
    const { store, bucket, slots } = this.options;
    try {
      for (;;) {
        const run = bucket.reach && !this.#rounds.signal.aborted ? await store.claimRun(bucket.reach) : null;
        if (run === null) break;
        await this.#plan(run);
      }
      while (this.#busy.size < slots && !this.#rounds.signal.aborted) {
        const part = bucket.reach && (await store.claimPart(bucket.reach));
        if (part === null) return;
        const working: Promise<void> = this.#work(part).finally(() => {
          this.#busy.delete(working);
          void this.look();
        });
        this.#busy.add(working);
      }
    } catch (error) {
      this.options.log.warn('harvests cannot be worked on, trying again soon', { error: messageOf(error) });
    }
  }

  async #plan(run: ClaimedRun): Promise<void> {
    const { plan, store, log } = this.options;
    try {
      await plan(run);
      log.info('a harvest run begins', { runId: run.id, recipe: run.recipe.name, cameras: run.cameraIds.length });
    } catch (error) {
      if (error instanceof HarvestClaimLostError) return;
      log.error('a harvest run could not be planned', { runId: run.id, error: messageOf(error) });
      // What nobody thought of is told with its kind only: it may name places and rows of the server.
      await store.failRun(run, error instanceof ArgusError ? error.message : 'an unexpected failure; the log of the worker says more');
    }
  }

  async #work(part: ClaimedPart): Promise<void> {
    const { work, store, bucket, log } = this.options;
    const about = { runId: part.runId, part: part.part };
    try {
      await work(part, this.#rounds.signal);
      if (this.#rounds.signal.aborted) return await store.release(part);
      await store.finish(part);
      bucket.did();
    } catch (error) {
      if (error instanceof HarvestClaimLostError) return;
      if (bucket.isToBlame(error)) return void (await store.release(part).catch(() => undefined));
      log.error('a part of a harvest run broke off', { ...about, error: messageOf(error) });
      // Left with its claim: it is tried again when that has run out, and given up after some attempts.
    }
  }
}
