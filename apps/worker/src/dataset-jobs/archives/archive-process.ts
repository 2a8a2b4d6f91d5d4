import { fileURLToPath } from 'node:url';
import { DatasetFileError } from '@argus/datasets';
import { ChildCalls } from '../../child-calls.js';
import { DatasetJobFailedError } from '../../errors.js';
import type { JobInHand, JobWork } from '../job-in-hand.js';
import { ARCHIVE_FLAGS } from './archive-flags.js';
import type { ArchiveOrder, FromArchive, PictureAnswer, ToArchive, Written } from './messages.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./main.js', import.meta.url));
/** What a job must have for a whole set to be written. */
export type ArchiveJob = Pick<JobInHand, 'id' | 'datasetId' | 'createdBy' | 'signal'> & { readonly work: Pick<JobWork, 'databaseUrl' | 'samplesDir' | 'samples' | 'log'> };

export interface ArchiveEars {
  /** So many samples there are. */
  readonly expect?: (samples: number) => Promise<void> | void;
  /** So many pictures are in the file. */
  readonly pictures?: (done: number) => Promise<void>;
}

type Answer<Order extends ArchiveOrder> = Promise<Written<Order>>;

/** V8 ends a process so that needs more than it may. */
const OUT_OF_MEMORY: ReadonlySet<string> = new Set(['SIGABRT', 'exit code 134']);

class ProcessEnded extends Error {
  constructor(readonly how: string) {
    super(how);
  }
}

/**
 * Writes a whole set into a file, in a process of its own with a bound on its memory; where that is too little, another one without goes on. Aborted, it is killed: what is durable by then is gone on with by
 * whoever gets the job next.
 */
export async function writeArchive<Order extends ArchiveOrder>(job: ArchiveJob, order: Omit<Order, 'databaseUrl' | 'samplesDir' | 'jobId' | 'datasetId' | 'createdBy'>, ears: ArchiveEars = {}): Answer<Order> {
  const { work } = job;
  const whole = { ...order, databaseUrl: work.databaseUrl, samplesDir: work.samplesDir, jobId: job.id, datasetId: job.datasetId, createdBy: job.createdBy } as unknown as Order;
  try {
    return await written(job, whole, ears, ARCHIVE_FLAGS).catch((error: unknown) => {
      if (!(error instanceof ProcessEnded && OUT_OF_MEMORY.has(error.how))) throw error;
      work.log.warn('a file of a sample set takes more memory than it should, another process goes on without a bound', { jobId: job.id });
      return written(job, whole, ears, []);
    });
  } catch (error) {
    if (error instanceof ProcessEnded) throw new DatasetJobFailedError(`the process that writes the file ended (${error.how}); there may be too little memory`);
    throw error;
  }
}

async function written<Order extends ArchiveOrder>({ id, work, signal }: ArchiveJob, order: Order, ears: ArchiveEars, flags: readonly string[]): Answer<Order> {
  signal.throwIfAborted();
  const child = new ChildCalls<Omit<Extract<ToArchive, { type: 'order' }>, 'request'>, FromArchive>(CHILD_SCRIPT, flags);
  const failed = new AbortController();
  /** What is done beside the answer, and ends the call where it fails. */
  const beside = (doing: Promise<void> | void): null => {
    doing?.catch((error: unknown) => failed.abort(error));
    return null;
  };
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    return await child.ask<Written<Order>>({ type: 'order', order }, {
      hungAfterMs: null,
      signal: either,
      gone: (how) => (either.aborted ? either.reason : new ProcessEnded(how)),
      hear(message) {
        switch (message.type) {
          case 'picture':
            return beside(pictureOf(work.samples, message).then((answer) => child.tell({ type: 'picture', question: message.question, answer } satisfies ToArchive)));
          case 'expect':
            return beside(ears.expect?.(message.samples));
          case 'pictures':
            return beside(ears.pictures?.(message.done));
          case 'note':
            work.log.info('a file of a sample set', { jobId: id, note: message.note });
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

/** @throws RemoteStoreError where the bucket does not give it now: then the job waits, whatever the process was at */
async function pictureOf(samples: JobWork['samples'], { sha256, whole }: Extract<FromArchive, { type: 'picture' }>): Promise<PictureAnswer> {
  if (!whole) return { place: samples.find(sha256) };
  try {
    return { content: await samples.read(sha256) };
  } catch (error) {
    if (!(error instanceof DatasetFileError)) throw error;
    return { trouble: error.message };
  }
}
