import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetFileError } from '../errors.js';
import type { SampleLocation } from './shard-index.js';

const SHARD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/\d{6,12}$/;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

/** Reads pictures by their places, in any order. Keeps the files that were used last open. */
export class ShardReader {
  readonly #files = new Map<string, OpenFile>();

  constructor(
    private readonly root: string,
    private readonly mostOpen = 64,
  ) {}

  /** Throws DatasetFileError where there are other bytes than the digest says, or none. `check: false` takes them as they are. */
  async read({ shard, sha256, offset, bytes }: SampleLocation, { check = true }: { readonly check?: boolean } = {}): Promise<Uint8Array> {
    const file = this.#fileOf(shard);
    file.readers += 1;
    try {
      const handle = await file.handle;
      const where = `${shard}.tar, byte ${offset}`;
      const { size } = await handle.stat();
      // Before memory is asked for: a place may be wrong.
      if (offset + bytes > size) throw new DatasetFileError(`${where}: expected ${bytes} bytes of ${sha256}, the file ends at ${size}`, { shard, sha256 });
      const content = Buffer.allocUnsafeSlow(bytes);
      await handle.read(content, 0, bytes, offset);
      const found = check ? createHash('sha256').update(content).digest('hex') : sha256;
      if (found !== sha256) throw new DatasetFileError(`${where}: expected the picture ${sha256}, found ${found}; the disk may be failing`, { shard, sha256, found });
      return content;
    } finally {
      file.readers -= 1;
    }
  }

  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map(closed));
  }

  #fileOf(shard: string): OpenFile {
    if (!SHARD.test(shard)) throw new DatasetFileError(`shard: expected owner/number, got ${JSON.stringify(shard.slice(0, 120))}`);
    const file = this.#files.get(shard) ?? { handle: open(join(this.root, `${shard}.tar`), 'r'), readers: 0 };
    file.handle.catch(() => this.#files.delete(shard));
    // The newest stands last.
    this.#files.delete(shard);
    this.#files.set(shard, file);
    if (this.#files.size > this.mostOpen) {
      for (const [name, old] of this.#files) {
        if (old.readers > 0 || old === file) continue;
        this.#files.delete(name);
        void closed(old);
        break;
      }
    }
    return file;
  }
}

const closed = ({ handle }: OpenFile): Promise<void> => handle.then((file) => file.close(), () => undefined);
