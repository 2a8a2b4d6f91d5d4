import type { CameraId } from '@argus/contracts';
import { FootageFileError } from '@argus/footage';
import type { Logger } from '@argus/kernel';
import { RemoteStoreError, type RecordingsFolder, type S3Store } from '@argus/storage';
import type { RetentionRows, StoredFile, Tier } from './retention-rows.js';

export interface FootageRemoverOptions {
  readonly rows: RetentionRows;
  readonly folder: RecordingsFolder;
  /** null: there is no second tier. */
  readonly remote: S3Store | null;
  readonly log: Logger;
}

/** Files removed between two looks at whether to stop, while holds wait; rows go together. */
export const BATCH = 200;

/** Removes footage wherever it is. Files go first, so that no file is left without a row; what is held stays. */
export class FootageRemover {
  constructor(private readonly options: FootageRemoverOptions) {}

  /** Those that went. A file that is not let go keeps its row, and ends this. */
  async remove(files: readonly StoredFile[], signal?: AbortSignal): Promise<StoredFile[]> {
    const { rows, remote } = this.options;
    const removed: StoredFile[] = [];
    for (let at = 0; at < files.length && !signal?.aborted; at += BATCH) {
      const batch = files.slice(at, at + BATCH);
      for (const tier of ['local', 'remote'] as const) {
        const some = batch.filter((file) => file.tier === tier);
        if (some.length === 0) continue;
        // Holds wait while files are removed: not for a second tier that does not answer.
        if (tier === 'remote') await remote?.check();
        removed.push(...(await rows.alone(async () => this.#removeNow(await rows.free(some)))));
      }
    }
    return removed;
  }

  /** All files of a camera that end before a time. A second tier that is away keeps none on the disk. */
  async removeOlder(cameraId: CameraId, before: Date, signal: AbortSignal): Promise<StoredFile[]> {
    const local = await this.removeOlderIn('local', cameraId, before, signal);
    return [...local, ...(await this.removeOlderIn('remote', cameraId, before, signal))];
  }

  async removeOlderIn(tier: Tier, cameraId: CameraId, before: Date, signal: AbortSignal): Promise<StoredFile[]> {
    const removed: StoredFile[] = [];
    for (let more = true; more && !signal.aborted; ) {
      const files = await this.options.rows.oldest(cameraId, BATCH, { before, tier });
      removed.push(...(await this.remove(files)));
      more = files.length === BATCH;
    }
    return removed;
  }

  async #removeNow(files: readonly StoredFile[]): Promise<StoredFile[]> {
    const { rows, folder, remote, log } = this.options;
    const gone: StoredFile[] = [];
    const far = files.filter(({ tier }) => tier === 'remote');
    try {
      for (const file of files) {
        // Also what was moved: a copy may have been left behind.
        await folder.remove(file.path).catch((error: unknown) => {
          if (!(error instanceof FootageFileError)) throw error;
          log.error('a row of footage does not name a file in the recordings folder; only the row is removed', { error: error.message });
        });
        if (file.tier === 'local') gone.push(file);
      }
      if (far.length > 0) {
        if (!remote) throw new RemoteStoreError('away', 'the second tier', 'there is footage in it, and it is not set up any more (ARGUS_S3_ENDPOINT)');
        await remote.remove(far.map(({ path }) => path));
        gone.push(...far);
      }
    } finally {
      await rows.remove(gone.map(({ id }) => id));
    }
    return gone;
  }
}
