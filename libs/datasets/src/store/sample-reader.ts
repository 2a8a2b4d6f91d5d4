import { createHash } from 'node:crypto';
import { RemoteStoreError, type S3Store } from '@argus/storage';
import { DatasetFileError } from '../errors.js';
import { bucketFilesOf } from './bucket-names.js';
import type { SampleStore } from './sample-store.js';
import type { SampleLocation } from './shard-index.js';

/** Where a picture lies in the bucket. */
export interface BucketPlace {
  /** owner/number */
  readonly archive: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface SampleReaderOptions {
  readonly store: Pick<SampleStore, 'read' | 'find'>;
  /** null: it is not in the bucket. */
  readonly placeOf: (sha256: string) => Promise<BucketPlace | null>;
  /** null: none is set up here. */
  readonly remote: Pick<S3Store, 'read'> | null;
}

/** Pictures by their digests wherever they lie: in the samples folder, else in the bucket. */
export class SampleReader {
  constructor(private readonly options: SampleReaderOptions) {}

  /** Where it lies in the samples folder, as far as this process knows; `read` knows more. */
  find(sha256: string): SampleLocation | null {
    return this.options.store.find(sha256);
  }

  /** The picture, compared with its digest. @throws DatasetFileError where it is not there or damaged, RemoteStoreError where the bucket does not give it now */
  async read(sha256: string): Promise<Uint8Array> {
    const { store, placeOf } = this.options;
    if (!store.find(sha256)) {
      const place = await placeOf(sha256);
      // Somebody else may have put it into the folder meanwhile: to look costs reading all indexes there.
      return place === null ? store.read(sha256) : this.#fetch(sha256, place);
    }
    try {
      return await store.read(sha256);
    } catch (error) {
      // Collected or damaged: it may lie in the bucket as well.
      const place = error instanceof DatasetFileError ? await placeOf(sha256) : null;
      if (place === null) throw error;
      return this.#fetch(sha256, place);
    }
  }

  async #fetch(sha256: string, { archive, offset, bytes }: BucketPlace): Promise<Uint8Array> {
    const { remote } = this.options;
    const { shard } = bucketFilesOf(archive);
    if (remote === null) throw new DatasetFileError(`the picture ${sha256} lies in the S3 bucket (${shard}), which is not set up here any more; set ARGUS_S3_ENDPOINT and its companions as they were`, { sha256 });
    const content = await remote.read(shard, offset, bytes).catch(notNow);
    if (content === null) throw new DatasetFileError(`expected the picture ${sha256} in ${shard} of the bucket, there is no such archive`, { sha256 });
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== sha256) throw new DatasetFileError(`${shard} of the bucket, byte ${offset}: expected the picture ${sha256}, found ${found}`, { sha256, found });
    return content;
  }
}

function notNow(error: unknown): never {
  if (!(error instanceof RemoteStoreError)) throw error;
  throw new RemoteStoreError(error.trouble, 'this picture lies in the bucket, which does not give it now', error.message, { cause: error });
}
