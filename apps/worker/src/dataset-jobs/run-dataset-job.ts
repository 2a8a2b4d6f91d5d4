import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetJobKind } from '@argus/contracts';
import { ArgusError, messageOf, type Backoff } from '@argus/kernel';
import { RemoteStoreError } from '@argus/storage';
import { DatasetJobClaimLostError } from '../errors.js';
import type { ClaimedDatasetJob } from './dataset-job-store.js';
import { JobInHand, type JobWork, type RunKind } from './job-in-hand.js';
import { JobProcess } from './job-process.js';
import { KINDS } from './kinds.js';

export interface DatasetJobDuty extends JobWork {
  /** Before a job that needs pictures out of the bucket is tried again, while they are not given. */
  readonly pause: Backoff;
}

/** How often the claim is renewed; a job that was stopped is noticed as soon. */
const RENEW_EVERY_MS = 500;

/** From the claim to its end, whatever that is. Aborted: it is put back, behind the last batch. */
export async function runDatasetJob(claimed: ClaimedDatasetJob, duty: DatasetJobDuty, stopping: AbortSignal): Promise<void> {
  const { store, log, hide, pause } = duty;
  const about = { jobId: claimed.id, kind: claimed.options.kind };
  log.info('a job on a sample set begins', about);
  try {
    await work(claimed, duty, stopping);
    log.info('a job on a sample set is done', about);
    pause.reset();
  } catch (error) {
    if (error instanceof DatasetJobClaimLostError) return log.info('a job on a sample set was stopped', about);
    if (stopping.aborted) return bearLoss(store.release(claimed));
    if (error instanceof RemoteStoreError) {
      // It goes on behind the last batch when the bucket answers.
      log.warn('a job on a sample set waits for the bucket', { ...about, error: messageOf(error) });
      await bearLoss(store.release(claimed));
      return void (await sleep(pause.nextMs(), undefined, { signal: stopping }).catch(() => undefined));
    }
    log.error('a job on a sample set failed', { ...about, error: messageOf(error) });
    // What nobody thought of is told with its kind only; the log has the rest.
    await bearLoss(store.fail(claimed, error instanceof ArgusError ? hide(error.message) : 'an unexpected failure; the log of the worker says more'));
  }
}

async function work(claimed: ClaimedDatasetJob, duty: JobWork, stopping: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stopping, lost.signal]);
  const process = new JobProcess();
  const job = new JobInHand(claimed, duty, process, signal);
  const renewing = setInterval(() => {
    duty.store.renew(claimed).catch((error: unknown) => error instanceof DatasetJobClaimLostError && lost.abort(error));
  }, RENEW_EVERY_MS);
  try {
    const conclude = await (KINDS[claimed.options.kind] as RunKind<DatasetJobKind>)(job);
    signal.throwIfAborted();
    const { total } = job.progress;
    await duty.store.finish(claimed, { done: total, total, secondsLeft: null }, conclude);
  } finally {
    clearInterval(renewing);
    process.close();
  }
}

async function bearLoss(writing: Promise<void>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!(error instanceof DatasetJobClaimLostError)) throw error;
  });
}
