import { fileURLToPath } from 'node:url';
import { ChildCalls } from '../../child-calls.js';
import { DatasetJobFailedError } from '../../errors.js';
import type { JobInHand, JobWork } from '../job-in-hand.js';
import { ARCHIVE_FLAGS } from './archive-flags.js';
import type { ArchiveOrder, FromArchive, ToArchive, Written } from './messages.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./main.js', import.meta.url));
/** What a job must have for a whole set to be written. */
export type ArchiveJob = Pick<JobInHand, 'id' | 'datasetId' | 'createdBy' | 'signal'> & { readonly work: Pick<JobWork, 'databaseUrl' | 'samplesDir' | 'samples' | 'log'> };

export interface ArchiveEars {
  /** So many samples there are. */
  readonly expect?: (samples: number) => Promise<void> | void;
  /** So many pictures are in the file. */
  readonly pictures?: (done: number) => Promise<void>;
}

/** Writes a whole set into a file, in a process of its own with a bound on its memory. Aborted, it is killed: what is durable by then is gone on with. */
export async function writeArchive<Order extends ArchiveOrder>(job: ArchiveJob, order: Omit<Order, 'databaseUrl' | 'samplesDir' | 'jobId' | 'datasetId' | 'createdBy'>, ears: ArchiveEars = {}): Promise<Written<Order>> {
  const { work, signal } = job;
  const child = new ChildCalls<Omit<Extract<ToArchive, { type: 'order' }>, 'request'>, FromArchive>(CHILD_SCRIPT, ARCHIVE_FLAGS);
  const failed = new AbortController();
  /** What is done beside the answer, and ends the call where it fails. */
  const beside = (doing: Promise<void> | void): null => {
    doing?.catch((error: unknown) => failed.abort(error));
    return null;
  };
  const whole = { ...order, databaseUrl: work.databaseUrl, samplesDir: work.samplesDir, jobId: job.id, datasetId: job.datasetId, createdBy: job.createdBy } as unknown as ArchiveOrder;
  const either = AbortSignal.any([signal, failed.signal]);
  signal.throwIfAborted();
  try {
    return await child.ask<Written<Order>>({ type: 'order', order: whole }, {
      hungAfterMs: null,
      signal: either,
      gone: (how) => (either.aborted ? either.reason : new DatasetJobFailedError(`the process that writes the file ended (${how}); there may be too little memory`)),
      hear(message) {
        switch (message.type) {
          case 'where': {
            const { question, sha256, isGone } = message;
            return beside(work.samples.placeOf(sha256, isGone).then((place) => child.tell({ type: 'place', question, place } satisfies ToArchive)));
          }
          case 'expect':
            return beside(ears.expect?.(message.samples));
          case 'pictures':
            return beside(ears.pictures?.(message.done));
          case 'note':
            work.log.info('a file of a sample set', { jobId: job.id, note: message.note });
            return null;
          case 'failed':
            throw message.isTold ? new DatasetJobFailedError(message.message) : new Error(message.message);
          case 'done':
            return { answer: message.answer as Written<Order> };
        }
      },
    });
  } finally {
    child.close();
  }
}

