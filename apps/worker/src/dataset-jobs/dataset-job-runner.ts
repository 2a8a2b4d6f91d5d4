import type { DatasetJobKind } from '@argus/contracts';
import { ArgusError, messageOf, Rounds, type Logger } from '@argus/kernel';
import { DatasetJobClaimLostError } from '../errors.js';
import type { ClaimedDatasetJob } from './dataset-job-store.js';
import { JobInHand, type JobWork, type RunKind } from './job-in-hand.js';
import { JobProcess } from './job-process.js';
import { KINDS } from './kinds.js';

export interface DatasetJobRunnerOptions extends JobWork {
  readonly log: Logger;
}

/** Without a wake-up, and for jobs that a dead worker left. */
const LOOK_EVERY_MS = 3000;
/** How often the claim is renewed; a job that was stopped is noticed as soon. */
const RENEW_EVERY_MS = 500;

/** Works on jobs one after the other, as long as there are any. */
export class DatasetJobRunner {
  readonly #rounds = new Rounds(() => this.look().then(() => LOOK_EVERY_MS));
  #round: Promise<void> | null = null;

  constructor(private readonly options: DatasetJobRunnerOptions) {}

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing waits any more. A wake-up during a round finds the job by it. */
  look(): Promise<void> {
    return (this.#round ??= this.#take().finally(() => (this.#round = null)));
  }

  /** What is worked on is put back, behind the last batch. */
  async stop(): Promise<void> {
    await this.#rounds.stop(new Error('the worker stops'));
    // One that a wake-up began.
    await this.#round;
  }

  async #take(): Promise<void> {
    try {
      while (!this.#rounds.signal.aborted) {
        const job = await this.options.store.claim();
        if (job === null) return;
        await this.#run(job);
      }
    } catch (error) {
      this.options.log.warn('jobs on sample sets cannot be worked on, trying again soon', { error: messageOf(error) });
    }
  }

  async #run(claimed: ClaimedDatasetJob): Promise<void> {
    const { store, log } = this.options;
    const about = { jobId: claimed.id, kind: claimed.options.kind };
    log.info('a job on a sample set begins', about);
    try {
      await this.#work(claimed);
      log.info('a job on a sample set is done', about);
    } catch (error) {
      if (error instanceof DatasetJobClaimLostError) return log.info('a job on a sample set was stopped', about);
      if (this.#rounds.signal.aborted) return bearLoss(store.release(claimed));
      log.error('a job on a sample set failed', { ...about, error: messageOf(error) });
      // What nobody thought of is told with its kind only; the log has the rest.
      await bearLoss(store.fail(claimed, error instanceof ArgusError ? this.options.hide(error.message) : 'an unexpected failure; the log of the worker says more'));
    }
  }

  async #work(claimed: ClaimedDatasetJob): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#rounds.signal, lost.signal]);
    const process = new JobProcess();
    const job = new JobInHand(claimed, this.options, process, signal);
    const renewing = setInterval(() => {
      this.options.store.renew(claimed).catch((error: unknown) => error instanceof DatasetJobClaimLostError && lost.abort(error));
    }, RENEW_EVERY_MS);
    try {
      const conclude = await (KINDS[claimed.options.kind] as RunKind<DatasetJobKind>)(job);
      signal.throwIfAborted();
      const { total } = job.progress;
      await this.options.store.finish(claimed, { done: total, total, secondsLeft: null }, conclude);
    } finally {
      clearInterval(renewing);
      process.close();
    }
  }
}

async function bearLoss(writing: Promise<void>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!(error instanceof DatasetJobClaimLostError)) throw error;
  });
}
