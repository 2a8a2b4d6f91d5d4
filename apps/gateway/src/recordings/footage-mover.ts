import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraId } from '@argus/contracts';
import { FootageFileError } from '@argus/footage';
import { Backoff, messageOf, Rounds, type Logger } from '@argus/kernel';
import { Pace, RemoteStoreError, type RecordingsFolder, type S3Store } from '@argus/storage';
import type { AgeTime } from './footage-age.js';
import type { RecordingsHealth } from './recordings-health.js';
import { settingsOf, type RetentionRows, type StoredFile } from './retention-rows.js';

export interface FootageMoverOptions {
  readonly rows: RetentionRows;
  readonly folder: RecordingsFolder;
  /** null: there is no second tier; then it only tells that cameras want one. */
  readonly remote: S3Store | null;
  readonly health: RecordingsHealth;
  /** What `moveAfterDays` counts from. */
  readonly age: AgeTime;
  readonly log: Logger;
  /** How soon a second tier that is away is tried again, at first and at most. */
  readonly retryMs?: { readonly firstMs: number; readonly maxMs: number };
}

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** Files of a camera before the next camera has its turn. */
const TURN = 50;
/** Copies under way at once: enough to hide the way to the store, few enough for the disk and memory. */
const AT_ONCE = 3;

/**
 * Moves footage to the second tier when it is old enough. A file is copied, the copy compared, the row changed, and only then the file removed:
 * whatever breaks in between leaves it on the disk, or in both places. A second tier that is away is tried again, and told.
 */
export class FootageMover {
  readonly #backoff: Backoff;
  #rate: number | null = null;
  readonly #pace = new Pace(() => this.#rate);
  readonly #rounds = new Rounds(async (signal) => ((await this.#run(signal)) ? EVERY_MS : this.#backoff.nextMs()));

  constructor(private readonly options: FootageMoverOptions) {
    this.#backoff = new Backoff(options.retryMs ?? { firstMs: 5000, maxMs: 300_000 });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Copies under way are given up: their files are still on the disk. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Once, all that is due. @throws RemoteStoreError */
  async moveDue(): Promise<void> {
    const { rows, remote, health, age, log } = this.options;
    const nowMs = await age.nowMs();
    const waiting: { cameraId: CameraId; before: Date; last: StoredFile | null }[] = [];
    for (const camera of await rows.cameras()) {
      try {
        const { moveAfterDays } = settingsOf(camera);
        if (moveAfterDays !== null) waiting.push({ cameraId: camera.cameraId, before: new Date(nowMs - moveAfterDays * DAY_MS), last: null });
      } catch (error) {
        log.error('footage is not moved: the settings of its camera cannot be read', { cameraId: camera.cameraId, error: messageOf(error) });
      }
    }
    health.lacksRemote(remote === null && waiting.length > 0);
    if (!remote) return;
    this.#rate = (await rows.limits()).moveBytesPerSecond;
    for (let next = waiting.shift(); next && !this.#rounds.signal.aborted; next = waiting.shift()) {
      const files = await rows.movable(next.cameraId, next.before, next.last, TURN);
      await this.#moveAll(files, remote);
      const last = files.at(-1);
      if (last && files.length === TURN) waiting.push({ ...next, last });
    }
  }

  async #run(signal: AbortSignal): Promise<boolean> {
    const { remote, health, log } = this.options;
    try {
      await this.moveDue();
      // Also when nothing was due: a store that is back is not told to be away.
      if (health.status.warnings.some(({ code }) => code === 'recordings-remote-away')) await remote?.check();
      health.remote(null);
      this.#backoff.reset();
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      if (error instanceof RemoteStoreError) health.remote(error.message);
      log.warn('footage cannot be moved to the second tier now; it stays on the disk, and is tried again', { error: messageOf(error) });
      return false;
    }
  }

  /** A few at once; the first trouble with the store ends it, when those under way are over. */
  async #moveAll(files: readonly StoredFile[], remote: S3Store): Promise<void> {
    const queue = [...files];
    let trouble: { readonly error: unknown } | null = null;
    const work = async () => {
      for (let file = queue.shift(); file && !trouble && !this.#rounds.signal.aborted; file = queue.shift()) {
        await this.#move(file, remote).catch((error: unknown) => void (trouble ??= { error }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (trouble !== null) throw (trouble as { error: unknown }).error;
  }

  async #move(file: StoredFile, remote: S3Store): Promise<void> {
    const { rows, folder, log } = this.options;
    // Others do not wait for a file that is not what its row says. Rows without a file go with the next comparison.
    const size = await folder.open(file.path).then(sizeAndClose).catch(whyNotFootage);
    if (size !== Number(file.bytes)) return log.warn('a file of footage is not what its row says, and is not moved', { path: file.path, expected: Number(file.bytes), found: size });
    await remote.put(file.path, join(folder.root, file.path), this.#pace, this.#rounds.signal);
    if (await rows.moved(file.id)) await folder.remove(file.path);
    else await remote.remove([file.path]);
  }
}

const sizeAndClose = async (file: FileHandle): Promise<number> => file.stat().then(({ size }) => size).finally(() => file.close());

function whyNotFootage(error: unknown): string {
  if (error instanceof FootageFileError) return error.message;
  throw error;
}
