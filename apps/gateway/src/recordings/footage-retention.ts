import type { CameraId } from '@argus/contracts';
import { messageOf, Rounds, type Clock, type Logger } from '@argus/kernel';
import { RemoteStoreError } from '@argus/storage';
import { BATCH, type FootageRemover } from './footage-remover.js';
import { reconcileFootage, type ReconcileOptions } from './reconcile-footage.js';
import { settingsOf, type KeptCamera, type RetentionRows, type Tier } from './retention-rows.js';
import type { AgeTime } from './footage-age.js';
import type { RoomMaker } from './room-maker.js';

export interface FootageRetentionOptions {
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly room: RoomMaker;
  /** What files and rows are compared with. */
  readonly places: Pick<ReconcileOptions, 'folder' | 'remote' | 'adopter'>;
  /** What limits of days count from. */
  readonly age: AgeTime;
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

  /**
   * Once, for all cameras: first on the disk. What fails for one camera is told and does not keep the others from it; a second tier that is away is not asked for each camera, because
   * it may take half a minute to say nothing.
   */
  async removeOld(): Promise<void> {
    const { rows, room, age, log } = this.options;
    const { signal } = this.#rounds;
    const nowMs = await age.nowMs();
    const waiting = new Set(await rows.cameras());
    let isAway = false;
    for (const tier of ['local', 'remote'] as const) {
      for (const camera of waiting) {
        if (signal.aborted) return;
        if (isAway) break;
        try {
          await this.#removeOldIn(tier, camera, nowMs);
        } catch (error) {
          waiting.delete(camera);
          isAway = error instanceof RemoteStoreError;
          log.error('old footage cannot be removed', { ...(isAway ? {} : { cameraId: camera.cameraId }), error: messageOf(error) });
        }
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

  async #removeOldIn(tier: Tier, camera: KeptCamera, nowMs: number): Promise<void> {
    const { cameraId } = camera;
    const { keepDays, keepBytes } = settingsOf(camera);
    await this.options.remover.removeOlderIn(tier, cameraId, new Date(nowMs - keepDays * DAY_MS), this.#rounds.signal);
    if (keepBytes !== null) await this.#removeExcess(tier, cameraId, keepBytes);
  }

  /** Of a camera's oldest files that are too much those in one tier; with the second tier it is all of them. */
  async #removeExcess(tier: Tier, cameraId: CameraId, keepBytes: number): Promise<void> {
    const { rows, remover, age } = this.options;
    const total = (await rows.bytes([cameraId])).get(cameraId) ?? 0;
    for (let excess = total - keepBytes; excess > 0 && !this.#rounds.signal.aborted; ) {
      const oldest = await rows.recordedFirst(cameraId, BATCH, null, await age.setBack());
      const files = oldest.filter(({ bytes }) => {
        const wanted = excess > 0;
        if (wanted) excess -= Number(bytes);
        return wanted;
      });
      const here = files.filter((file) => tier === 'remote' || file.tier === tier);
      if ((await remover.remove(here)).length === 0 || here.length < files.length) return;
    }
  }
}
