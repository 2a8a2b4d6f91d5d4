import { ArchiveChangedError, DatasetFileError, type ZipPartOptions } from '@argus/datasets';
import type { Clock } from '@argus/kernel';
import type { JobWork } from '../job-in-hand.js';
import type { HalfArchive } from './half-archive.js';

/** What the process that writes a set works with. */
export interface ArchiveWork extends Pick<JobWork, 'dataSource' | 'samplesDir' | 'hide'> {
  readonly samples: Pick<JobWork['samples'], 'read'>;
  readonly clock: Clock;
  readonly expect: (samples: number) => void;
  /** So many more are in the file. */
  readonly addPictures: (count: number) => void;
  /** For the log of the worker. */
  readonly note: (note: string) => void;
}

export type Kept = Readonly<{ entries: number; bytes: number }>;

/** Tells where a file begins: in the middle, behind what a killed worker left, or anew. */
export type OnBegin = (kept: Kept, refusal: string | null) => void;

/** Goes on with what is there; once more from the beginning where that turns out not to be the same set. */
export async function goOnOrAnew<T>(half: HalfArchive, { note, addPictures }: ArchiveWork, picturesIn: (kept: Kept) => number, write: (onBegin: OnBegin) => Promise<T>): Promise<T> {
  let keptEntries = 0;
  const onBegin: OnBegin = (kept, refusal) => {
    keptEntries = kept.entries;
    if (refusal) note(`begun anew: what was there cannot be gone on with, ${refusal}`);
    if (kept.entries === 0) return;
    note(`gone on with behind ${kept.entries} entries, ${kept.bytes} bytes`);
    addPictures(picturesIn(kept));
  };
  try {
    return await write(onBegin);
  } catch (error) {
    if (!(error instanceof ArchiveChangedError || (error instanceof DatasetFileError && keptEntries > 0))) throw error;
    note(`begun anew: ${error.message}`);
    addPictures(-picturesIn({ entries: keptEntries, bytes: 0 }));
    await half.clear();
    return write(onBegin);
  }
}

export const resumeOptions = (about: string, flushBytes: number | undefined): ZipPartOptions & { readonly about: string } => ({ about, ...(flushBytes === undefined ? {} : { flushBytes }) });
