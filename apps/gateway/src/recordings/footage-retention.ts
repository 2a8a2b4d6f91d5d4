import type { CameraId } from '@argus/contracts';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { BATCH, type FootageRemover } from './footage-remover.js';
import { reconcileFootage, type DriftOptions } from './reconcile-footage.js';
import { settingsOf, type RetentionRows } from './retention-rows.js';
import type { RoomMaker } from './room-maker.js';

export interface FootageRetentionOptions {
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly room: RoomMaker;
  /** What files and rows are compared with. */
  readonly places: Pick<DriftOptions, 'folder' | 'remote'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
/** While the disk is nearly full. */
const SOON_MS = 10_000;
const RECONCILE_EVERY_MS = 86_400_000;
const DAY_MS = 86_400_000;

/** Removes what is too old or too much, each minute, and for a full disk more often; compares files and rows at the start and daily. */
export class FootageRetention {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #reconciledAt = -Infinity;
  #removedAt = -Infinity;
  readonly #stopping = new AbortController();

  constructor(private readonly options: FootageRetentionOptions) {}

  start(): void {
    let nextMs = EVERY_MS;
    this.#running = this.#run()
      .then((isClose) => void (nextMs = isClose ? SOON_MS : EVERY_MS))
      .finally(() => {
        if (!this.#stopping.signal.aborted) this.#timer = setTimeout(() => this.start(), nextMs);
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
    const { rows, remover, room, clock, log } = this.options;
    const { signal } = this.#stopping;
    for (const camera of await rows.cameras()) {
      if (signal.aborted) return;
      try {
        const { keepDays, keepBytes } = settingsOf(camera);
        await remover.removeOlder(camera.cameraId, new Date(clock.nowMs() - keepDays * DAY_MS), signal);
        if (keepBytes !== null) await this.#removeExcess(camera.cameraId, keepBytes);
      } catch (error) {
        log.error('old footage cannot be removed', { cameraId: camera.cameraId, error: messageOf(error) });
      }
    }
    await room.keepLimits(signal).catch((error: unknown) => log.error('footage cannot be kept within its limits', { error: messageOf(error) }));
  }

  /** True: soon again. */
  async #run(): Promise<boolean> {
    const { rows, room, places, clock, log } = this.options;
    const { signal } = this.#stopping;
    try {
      if (clock.monotonicMs() - this.#reconciledAt > RECONCILE_EVERY_MS) {
        await reconcileFootage({ rows, ...places, log, nowMs: clock.nowMs(), signal });
        this.#reconciledAt = clock.monotonicMs();
      }
      if (clock.monotonicMs() - this.#removedAt > EVERY_MS - SOON_MS / 2) {
        await this.removeOld();
        this.#removedAt = clock.monotonicMs();
      }
    } catch (error) {
      log.warn('footage is not looked after, trying again in a minute', { error: messageOf(error) });
    }
    return signal.aborted ? false : room.keepDisk(signal);
  }

  async #removeExcess(cameraId: CameraId, keepBytes: number): Promise<void> {
    const { rows, remover } = this.options;
    const total = (await rows.bytes([cameraId])).get(cameraId) ?? 0;
    for (let excess = total - keepBytes; excess > 0 && !this.#stopping.signal.aborted; ) {
      const oldest = await rows.oldest(cameraId, BATCH);
      const files = oldest.filter(({ bytes }) => {
        const wanted = excess > 0;
        if (wanted) excess -= Number(bytes);
        return wanted;
      });
      if ((await remover.remove(files)).length === 0) return;
    }
  }
}
