import { messageOf, Rounds, type Logger } from '@argus/kernel';
import type { DiskUse } from '@argus/storage';
import type { AgeTime } from './footage-age.js';
import { BATCH, type FootageRemover } from './footage-remover.js';
import { DISK_MARKS, shareOf, type RecordingsHealth } from './recordings-health.js';
import { chooseRemoval } from './removal-choice.js';
import type { KeptCamera, RetentionRows, StoredFile, Tier } from './retention-rows.js';

export interface RoomMakerOptions {
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly health: RecordingsHealth;
  /** Whether the clock was set back: then times alone do not tell what is oldest. */
  readonly age: Pick<AgeTime, 'setBack'>;
  /** Of the disk with the recordings. */
  readonly diskUse: () => Promise<DiskUse>;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
/** While the disk is nearly full. */
const SOON_MS = 10_000;

/** Makes room where several cameras share it: by limits for all and for tags when it is asked to, and on the disk by itself, whatever else is going on. */
export class RoomMaker {
  readonly #rounds = new Rounds(async (signal) => ((await this.keepDisk(signal)) ? SOON_MS : EVERY_MS));

  constructor(private readonly options: RoomMakerOptions) {}

  /** Looks after the disk from now on. */
  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** No more than the limits allow, of all footage and of that of cameras with a tag. */
  async keepLimits(signal: AbortSignal): Promise<void> {
    const { rows } = this.options;
    const { keepBytes, tags } = await rows.limits();
    const wishes = [...tags.map((one) => ({ what: `the tag ${one.tag}`, most: one.keepBytes, tag: one.tag })), ...(keepBytes === null ? [] : [{ what: 'all cameras', most: keepBytes, tag: null }])];
    if (wishes.length === 0) return;
    const cameras = await rows.cameras();
    for (const { what, most, tag } of wishes) {
      const some = tag === null ? cameras : cameras.filter(({ tags: own }) => own.includes(tag));
      const total = sum((await rows.bytes(some.map(({ cameraId }) => cameraId))).values());
      if (total > most) await this.#makeRoom(some, null, total - most, `the limit of ${what}`, signal);
    }
  }

  /** True: it is close to where footage has to go, and is to be looked at again soon. */
  async keepDisk(signal: AbortSignal): Promise<boolean> {
    const { rows, health, diskUse, log } = this.options;
    try {
      const before = await diskUse();
      health.disk(before);
      if (shareOf(before) < DISK_MARKS.remove) return shareOf(before) >= DISK_MARKS.close;
      // No more than this at once: other disks tell late what is free, and what another program fills is not emptied by footage.
      await this.#makeRoom(await rows.cameras(), 'local', before.usedBytes - before.bytes * DISK_MARKS.until, 'the disk', signal);
      const after = await diskUse();
      health.disk(after);
      if (shareOf(after) >= DISK_MARKS.stop) log.error('the disk with the recordings is full, and nothing that is not protected is left to remove there: recording stops', { usedPercent: Math.floor(shareOf(after) * 100) });
    } catch (error) {
      health.diskUnknown(messageOf(error));
      log.error('the disk with the recordings cannot be kept from running full', { error: messageOf(error) });
    }
    return true;
  }

  async #makeRoom(cameras: readonly KeptCamera[], tier: Tier | null, wantedBytes: number, why: string, signal: AbortSignal): Promise<void> {
    const { rows, remover, age, health, log } = this.options;
    const bytes = await rows.bytes(cameras.map(({ cameraId }) => cameraId), tier);
    const removed: StoredFile[] = [];
    try {
      for (let wanted = wantedBytes; wanted > 0 && !signal.aborted; ) {
        const setBack = await age.setBack();
        const stocks = await Promise.all(
          cameras.filter(({ cameraId }) => bytes.has(cameraId)).map(async ({ cameraId, weight }) => {
            const files = await rows.recordedFirst(cameraId, BATCH, tier, setBack);
            return { cameraId, weight, bytes: bytes.get(cameraId) ?? 0, files, more: files.length === BATCH };
          }),
        );
        const gone = await remover.remove(chooseRemoval(stocks, wanted, setBack), signal);
        if (gone.length === 0) break;
        removed.push(...gone);
        for (const { camera_id, bytes: size } of gone) bytes.set(camera_id, (bytes.get(camera_id) ?? 0) - Number(size));
        wanted -= sizeOf(gone);
      }
    } finally {
      health.removedEarly(removed);
      if (removed.length > 0) log.warn('footage was removed before its time to make room', { why, files: removed.length, bytes: sizeOf(removed) });
    }
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);
const sizeOf = (files: readonly StoredFile[]): number => sum(files.map(({ bytes }) => Number(bytes)));
