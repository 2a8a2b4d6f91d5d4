import { RecordingSettings, type CameraId } from '@argus/contracts';
import { FootageFileError } from '@argus/footage';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import type { RecordingsFolder } from '@argus/storage';
import { reconcileFootage } from './reconcile-footage.js';
import type { RetentionRows, StoredFile } from './retention-rows.js';

export interface FootageRetentionOptions {
  readonly rows: RetentionRows;
  readonly folder: RecordingsFolder;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const RECONCILE_EVERY_MS = 86_400_000;
const DAY_MS = 86_400_000;
/** Files removed between two looks at whether to stop; rows go together. */
const BATCH = 200;

/** Removes what is too old or too much, each minute; compares files and rows at the start and daily. Files go first, so that no file is left without a row. */
export class FootageRetention {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #reconciledAt = -Infinity;
  readonly #stopping = new AbortController();

  constructor(private readonly options: FootageRetentionOptions) {}

  start(): void {
    this.#running = this.#run().finally(() => {
      if (!this.#stopping.signal.aborted) this.#timer = setTimeout(() => this.start(), EVERY_MS);
    });
  }

  /** What is under way ends with its batch. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  /** Once, for all cameras. What fails for one camera is told and does not keep the others from it. */
  async removeOld(): Promise<void> {
    for (const { cameraId, recording } of await this.options.rows.cameras()) {
      if (this.#stopping.signal.aborted) return;
      try {
        // Nobody can say any more how long the footage of a camera that is gone is to be kept: as long as anybody's.
        const { keepDays, keepBytes } = RecordingSettings.parse(recording ?? {});
        await this.#removeOlder(cameraId, new Date(this.options.clock.nowMs() - keepDays * DAY_MS));
        if (keepBytes !== null) await this.#removeExcess(cameraId, keepBytes);
      } catch (error) {
        this.options.log.error('old footage cannot be removed', { cameraId, error: messageOf(error) });
      }
    }
  }

  async #run(): Promise<void> {
    const { rows, folder, clock, log } = this.options;
    try {
      if (clock.monotonicMs() - this.#reconciledAt > RECONCILE_EVERY_MS) {
        await reconcileFootage({ rows, folder, log, nowMs: clock.nowMs(), signal: this.#stopping.signal });
        this.#reconciledAt = clock.monotonicMs();
      }
      await this.removeOld();
    } catch (error) {
      log.warn('footage is not looked after, trying again in a minute', { error: messageOf(error) });
    }
  }

  async #removeOlder(cameraId: CameraId, before: Date): Promise<void> {
    for (let more = true; more && !this.#stopping.signal.aborted; ) {
      const files = await this.options.rows.oldest(cameraId, BATCH, before);
      await this.#remove(files);
      more = files.length === BATCH;
    }
  }

  async #removeExcess(cameraId: CameraId, keepBytes: number): Promise<void> {
    for (let excess = (await this.options.rows.bytesOf(cameraId)) - keepBytes; excess > 0 && !this.#stopping.signal.aborted; ) {
      const oldest = await this.options.rows.oldest(cameraId, BATCH);
      const files = oldest.filter(({ bytes }) => {
        const wanted = excess > 0;
        if (wanted) excess -= Number(bytes);
        return wanted;
      });
      await this.#remove(files);
      if (oldest.length === 0) return;
    }
  }

  /** Files, then their rows. A file that the disk does not let go keeps its row, and ends this. */
  async #remove(files: readonly StoredFile[]): Promise<void> {
    const { rows, folder, log } = this.options;
    const gone: StoredFile[] = [];
    try {
      for (const file of files) {
        await folder.remove(file.path).catch((error: unknown) => {
          if (!(error instanceof FootageFileError)) throw error;
          log.error('a row of footage does not name a file in the recordings folder; only the row is removed', { error: error.message });
        });
        gone.push(file);
      }
    } finally {
      await rows.remove(gone.map(({ id }) => id));
    }
  }
}
