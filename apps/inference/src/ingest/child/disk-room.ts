import { ArgusError } from '@argus/kernel';
import { diskUseOf, type DiskUse } from '@argus/storage';
import type { OpenSegment } from './camera-recorder.js';

/** From this share of the disk on no file is begun. The gateway removes old footage from 90 % on; this holds also while it is not there. */
const FULL = 0.95;
const LOOK_EVERY_MS = 2000;

/** Said before the disk itself refuses: what else is on it, a database perhaps, still has room. */
export class DiskFullError extends ArgusError {
  readonly code = 'recording.disk-full';
  constructor(usedPercent: number) {
    super(`the disk is ${usedPercent} % full, and nothing is recorded from ${FULL * 100} % on; remove what is not needed there, or end holds of footage`, { usedPercent });
  }
}

export interface DiskRoomOptions {
  readonly look?: (root: string) => Promise<DiskUse>;
  readonly every?: (look: () => void) => void;
}

/**
 * How full the disks of recordings folders are, looked at beside the recording: whoever asks is answered at once with what was seen last, since a
 * dead network drive answers nothing for minutes. Before the first look, and when it fails, there is room: writing tells soon enough.
 */
export class DiskRoom {
  readonly #shares = new Map<string, number>();
  readonly #looking = new Set<string>();
  readonly #look: (root: string) => Promise<DiskUse>;
  readonly #every: (look: () => void) => void;

  constructor({ look = diskUseOf, every = (work) => void setInterval(work, LOOK_EVERY_MS).unref() }: DiskRoomOptions = {}) {
    this.#look = look;
    this.#every = every;
  }

  /** @throws DiskFullError */
  require(root: string): void {
    const share = this.#shares.get(root);
    if (share === undefined) this.#watch(root);
    else if (share >= FULL) throw new DiskFullError(Math.floor(share * 100));
  }

  #watch(root: string): void {
    this.#shares.set(root, 0);
    this.#lookAt(root);
    this.#every(() => this.#lookAt(root));
  }

  #lookAt(root: string): void {
    if (this.#looking.has(root)) return;
    this.#looking.add(root);
    this.#look(root)
      .then(({ bytes, usedBytes }) => this.#shares.set(root, bytes > 0 ? usedBytes / bytes : 0))
      .catch(() => this.#shares.set(root, 0))
      .finally(() => this.#looking.delete(root));
  }
}

/** Opens files of footage only while their disk has room. */
export function whileThereIsRoom(open: OpenSegment, room: DiskRoom): OpenSegment {
  return (source, place, onFailure) => {
    room.require(place.root);
    return open(source, place, onFailure);
  };
}
