import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { contentTypeOf, requireBlobKey } from './blob-key.js';

export interface BlobStream {
  readonly body: Readable;
  readonly byteLength: number;
  readonly contentType: string;
}

/**
 * Blobs as files below one folder. A blob is whole or absent: it is written beside its place, flushed to disk and renamed.
 * All methods throw BlobKeyError for an unsafe key and Node's own errors (ENOSPC, EACCES …) for what the disk refuses.
 */
export class FileBlobStore {
  constructor(private readonly root: string) {}

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(key);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      const file = await openNew(temporary);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** null when there is no such blob. */
  async find(key: string): Promise<Uint8Array | null> {
    return absentAsNull(readFile(this.#pathOf(key)));
  }

  /** null when there is no such blob. The caller reads or destroys `body`. */
  async findStream(key: string): Promise<BlobStream | null> {
    const path = this.#pathOf(key);
    const info = await absentAsNull(stat(path));
    if (!info?.isFile()) return null;
    return { body: createReadStream(path), byteLength: info.size, contentType: contentTypeOf(key) };
  }

  /** Deleting what is not there is no error. */
  async delete(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  #pathOf(key: string): string {
    return join(this.root, requireBlobKey(key));
  }
}

async function absentAsNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

/** The folder is there nearly always: it is made only when it is missed. */
async function openNew(path: string): Promise<FileHandle> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  try {
    return await open(path, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, flags, 0o600);
  }
}
