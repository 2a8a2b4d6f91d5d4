import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetFileError } from '../errors.js';
import { hasRoom, LOOK_EVERY_BYTES } from '../files/room.js';

const BUFFER = 1 << 20;

/** Pieces put aside in a temporary file, to be read in another order: a million annotations take 16 MB of memory here. */
export class Spill {
  readonly #file = openNameless();
  readonly #starts = new GrowingNumbers();
  readonly #pending = Buffer.allocUnsafe(BUFFER);
  #used = 0;
  #written = 0;
  #looked = 0;

  get length(): number {
    return this.#starts.length;
  }

  /** The number of the piece, from 0. */
  add(piece: Uint8Array): number {
    this.#starts.push(this.#written + this.#used);
    if (this.#used + piece.length > BUFFER) this.#flush();
    if (piece.length > BUFFER) {
      writeAll(this.#file, piece);
      this.#written += piece.length;
    } else {
      this.#pending.set(piece, this.#used);
      this.#used += piece.length;
    }
    return this.#starts.length - 1;
  }

  /** Pieces `from` to `to`, without the last, as they were added. */
  read(from: number, to = from + 1): Buffer[] {
    this.#flush();
    const end = (piece: number) => (piece + 1 < this.#starts.length ? this.#starts.at(piece + 1) : this.#written);
    const start = this.#starts.at(from);
    const content = Buffer.allocUnsafe(end(to - 1) - start);
    for (let done = 0; done < content.length; ) done += readSync(this.#file, content, done, content.length - done, start + done);
    return Array.from({ length: to - from }, (_, i) => content.subarray(this.#starts.at(from + i) - start, end(from + i) - start));
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#used === 0) return;
    // Of an upload of some megabytes, packed labels can be a thousand times as much.
    if (this.#written - this.#looked >= LOOK_EVERY_BYTES) {
      if (!hasRoom(tmpdir())) throw new DatasetFileError(`there is no room on the disk to put labels aside: ${(this.#written / 1e9).toFixed(1)} GB were not all; import the set in parts`);
      this.#looked = this.#written;
    }
    writeAll(this.#file, this.#pending.subarray(0, this.#used));
    this.#written += this.#used;
    this.#used = 0;
  }
}

/** A file that is gone with this process, however that ends. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'argus-import-'));
  try {
    return openSync(join(folder, 'pieces'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Numbers without a box around each. */
export class GrowingNumbers {
  #values = new Float64Array(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index]!;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
