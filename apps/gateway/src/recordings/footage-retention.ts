import type { CameraId } from '@argus/contracts';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { BATCH, type FootageRemover } from './footage-remover.js';
import { reconcileFootage, type ReconcileOptions } from './reconcile-footage.js';
import { settingsOf, type RetentionRows } from './retention-rows.js';
import type { RoomMaker } from './room-maker.js';
import { Rounds } from './rounds.js';

export interface FootageRetentionOptions {
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly room: RoomMaker;
  /** What files and rows are compared with. */
  readonly places: Pick<ReconcileOptions, 'folder' | 'remote' | 'adopter'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const RECONCILE_EVERY_MS = 86_400_000;
const DAY_MS = 86_400_000;

/** Removes what is too old or too much, each minute; compares files and rows at the start and daily. */
export class FootageRetention {
  #reconciledAt = -Infinity;
  readonly #rounds = new Rounds(async (signal) => {
    await this.#run(signal);
    return EVERY_MS;
  });

  constructor(private readonly options: FootageRetentionOptions) {}

  start(): void {
    this.#rounds.start();
  }

  /** What is under way ends with its batch. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Once, for all cameras. What fails for one camera is told and does not keep the others from it. */
  async removeOld(): Promise<void> {
    const { rows, remover, room, clock, log } = this.options;
    const { signal } = this.#rounds;
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

  async #run(signal: AbortSignal): Promise<void> {
    const { rows, places, clock, log } = this.options;
    try {
      if (clock.monotonicMs() - this.#reconciledAt > RECONCILE_EVERY_MS) {
        await reconcileFootage({ rows, ...places, log, nowMs: clock.nowMs(), signal, isAsked: false });
        this.#reconciledAt = clock.monotonicMs();
      }
      await this.removeOld();
    } catch (error) {
      log.warn('footage is not looked after, trying again in a minute', { error: messageOf(error) });
    }
  }

  async #removeExcess(cameraId: CameraId, keepBytes: number): Promise<void> {
    const { rows, remover } = this.options;
    const total = (await rows.bytes([cameraId])).get(cameraId) ?? 0;
    for (let excess = total - keepBytes; excess > 0 && !this.#rounds.signal.aborted; ) {
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
