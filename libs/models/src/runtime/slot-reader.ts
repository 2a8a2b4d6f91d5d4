import { closeSync, openSync, readSync } from 'node:fs';
import { ModelRunError } from '../errors.js';
import type { PixelSource } from './worker-messages.js';

/** Most ring files kept open at once; there is one per ingest child. */
const MOST_FILES = 64;

/** Reads pictures into one buffer that is used again for every run. Blocks: the process has nothing else to do. */
export class SlotReader {
  #buffer = new Uint8Array(0);
  readonly #files = new Map<string, number>();

  /** The pictures behind one another, each `length` bytes; valid until the next read. Throws ModelRunError when a file is gone or too short. */
  read(sources: readonly PixelSource[], length: number): Uint8Array {
    if (this.#buffer.length < length * sources.length) this.#buffer = new Uint8Array(length * sources.length);
    for (const [index, source] of sources.entries()) this.#readOne(source, this.#buffer.subarray(index * length, (index + 1) * length));
    return this.#buffer.subarray(0, length * sources.length);
  }

  #readOne(source: PixelSource, into: Uint8Array): void {
    if (source.kind === 'bytes') {
      if (source.data.length !== into.length) throw new ModelRunError(`expected ${into.length} bytes of pixels, got ${source.data.length}`);
      return into.set(source.data);
    }
    try {
      this.#fill(this.#descriptor(source.path), source, into);
    } catch (error) {
      this.#forget(source.path);
      if (error instanceof ModelRunError) throw error;
      throw new ModelRunError(`expected ${into.length} bytes of pixels at ${source.path}:${source.offset}, got ${String(error)}`, { path: source.path }, { cause: error });
    }
  }

  #fill(fd: number, { path, offset }: { path: string; offset: number }, into: Uint8Array): void {
    for (let filled = 0; filled < into.length; ) {
      const got = readSync(fd, into, filled, into.length - filled, offset + filled);
      if (got === 0) throw new ModelRunError(`expected ${into.length} bytes of pixels at ${path}:${offset}, got ${filled}: the file ends there`, { path });
      filled += got;
    }
  }

  #descriptor(path: string): number {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const oldest = this.#files.size >= MOST_FILES ? this.#files.keys().next().value : undefined;
    if (oldest !== undefined) this.#forget(oldest);
    const fd = openSync(path, 'r');
    this.#files.set(path, fd);
    return fd;
  }

  #forget(path: string): void {
    const fd = this.#files.get(path);
    if (fd === undefined) return;
    this.#files.delete(path);
    closeSync(fd);
  }
}
