import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingLogOptions {
  /** A file that would grow past this is moved to `.1`, that to `.2`, and so on. */
  readonly maxBytes?: number;
  /** Old files kept beside the current one. */
  readonly keep?: number;
}

/** An append-only text file that never takes more than (keep + 1) x maxBytes. Synchronous: children log little, and a crash loses nothing. */
export class RotatingLog {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #fd: number;
  #bytes: number;

  constructor(path: string, { maxBytes = 10_000_000, keep = 4 }: RotatingLogOptions = {}) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#fd = openSync(path, 'a', 0o600);
    this.#bytes = statSync(path).size;
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#bytes > 0 && this.#bytes + bytes.byteLength > this.#maxBytes) this.#rotate();
    writeSync(this.#fd, bytes);
    this.#bytes += bytes.byteLength;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rotate(): void {
    closeSync(this.#fd);
    for (let index = this.#keep; index >= 1; index -= 1) moveIfThere(index === 1 ? this.#path : `${this.#path}.${index - 1}`, `${this.#path}.${index}`);
    this.#fd = openSync(this.#path, 'w', 0o600);
    this.#bytes = 0;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
