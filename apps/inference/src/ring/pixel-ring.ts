import { accessSync, closeSync, constants, ftruncateSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HEADER_BYTES = 4096;
/**
 * Distance of slots. The file is sparse: only bytes that were written take memory, so one distance serves every model up to
 * 2364 x 2364 pixels, and a model change needs no new ring.
 */
export const SLOT_BYTES = 16 * 1024 * 1024;
const SLOTS = 256;
const PREFIX = 'argus-ring-';

/** Where a slot begins in the ring's file; what a model worker needs to read it. */
export const slotOffset = (slot: number): number => HEADER_BYTES + slot * SLOT_BYTES;

/** Memory where there is such a file system, else the temporary directory (then the page cache does the work). */
export function ringDirectory(candidates: readonly string[] = ['/dev/shm', tmpdir()]): string {
  for (const directory of candidates) {
    try {
      accessSync(directory, constants.W_OK | constants.X_OK);
      return directory;
    } catch {
      continue;
    }
  }
  throw new RangeError(`no writable directory for pixel rings among ${candidates.join(', ')}`);
}

export const ringPath = (directory: string, ownerPid: number, serial: number): string => join(directory, `${PREFIX}${ownerPid}-${serial}`);

/** Removes rings whose owner is gone (a kill -9 leaves them, and they are memory). */
export function sweepRings(directory: string, isAlive: (pid: number) => boolean): number {
  let removed = 0;
  for (const name of readdirSync(directory)) {
    const owner = /^argus-ring-(\d+)-\d+$/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    rmSync(join(directory, name), { force: true });
    removed += 1;
  }
  return removed;
}

/**
 * The writing end, in one ingest child: pixels of frames and crops on their way to the model workers, which read them by path
 * and offset. A slot belongs to its reader until main gives it back.
 */
export class PixelRing {
  readonly #fd: number;
  /** Last in, first out: the same few pages are used again and again. */
  readonly #free: number[] = [];
  readonly #taken = new Set<number>();
  readonly #mark = new Int32Array(1);

  constructor(path: string) {
    this.#fd = openSync(path, 'w+', 0o600);
    ftruncateSync(this.#fd, slotOffset(SLOTS));
    for (let slot = SLOTS - 1; slot >= 0; slot -= 1) this.#free.push(slot);
  }

  get taken(): number {
    return this.#taken.size;
  }

  /** Slot that now holds these bytes; null when all are taken or the file system is full. Throws RangeError for more than a slot. */
  put(bytes: Uint8Array): number | null {
    if (bytes.byteLength > SLOT_BYTES) throw new RangeError(`expected at most ${SLOT_BYTES} bytes of pixels, got ${bytes.byteLength}`);
    const slot = this.#free.pop();
    if (slot === undefined) return null;
    try {
      writeSync(this.#fd, bytes, 0, bytes.byteLength, slotOffset(slot));
    } catch {
      // Small containers have 64 MB here: the caller counts it as back-pressure and goes on with fewer frames.
      this.#free.push(slot);
      return null;
    }
    this.#taken.add(slot);
    return slot;
  }

  giveBack(slot: number): void {
    if (this.#taken.delete(slot)) this.#free.push(slot);
  }

  /** Says whose packet native code works on, so that after a crash main knows whom to blame. 0: nobody's. */
  blame(camera: number): void {
    this.#mark[0] = camera;
    writeSync(this.#fd, this.#mark, 0, 4, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Camera number that a dead child was working on; 0 when on none or when the ring is gone. */
export function readBlame(path: string): number {
  const mark = new Int32Array(1);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, mark, 0, 4, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The child died before it made its ring: nobody is to blame.
    return 0;
  }
  return mark[0] ?? 0;
}
