import type { S3Store } from '../remote/s3-store.js';
import { RemoteStoreError } from '../remote/remote-store-error.js';
import { FootageFileError, type FootageSource } from '@argus/footage';
import type { RecordingsFolder } from './recordings-folder.js';

function notNow(error: unknown): never {
  if (!(error instanceof RemoteStoreError)) throw error;
  throw new RemoteStoreError(error.trouble, 'this footage was moved to the second tier, which does not give it now', error.message, { cause: error });
}

/** Footage wherever it is: on the disk, else in the second tier. What is moved between two reads is found either way. */
export class TieredFootage {
  constructor(
    private readonly folder: RecordingsFolder,
    private readonly remote: S3Store | null,
  ) {}

  /** The caller closes it. @throws FootageFileError, RemoteStoreError */
  async open(path: string): Promise<FootageSource> {
    try {
      return await this.folder.openFootage(path);
    } catch (error) {
      const isAbsent = error instanceof FootageFileError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
      const found = isAbsent ? await this.remote?.open(path).catch(notNow) : null;
      if (found) return found;
      throw error;
    }
  }
}
