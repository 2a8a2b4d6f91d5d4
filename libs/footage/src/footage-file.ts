import { open, type FileHandle } from 'node:fs/promises';
import { FootageDiskError } from './footage-disk-error.js';
import { FootageFileError } from './footage-file-error.js';
import type { FootageSource } from './footage-source.js';

/** A file of footage on a disk. */
export class FootageFile implements FootageSource {
  /** The handle goes over to it. `path`: for errors. */
  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    readonly size: number,
  ) {}

  /** Throws FootageDiskError. */
  static async open(path: string): Promise<FootageFile> {
    const handle = await open(path).catch((error: unknown) => Promise.reject(FootageDiskError.of(path, 'opened', error)));
    try {
      return new FootageFile(handle, path, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw FootageDiskError.of(path, 'opened', error);
    }
  }

  async read(offset: number, length: number, into: Buffer = Buffer.allocUnsafe(length)): Promise<Buffer> {
    const buffer = into.subarray(0, length);
    for (let have = 0; have < length; ) {
      const { bytesRead } = await this.handle.read(buffer, have, length - have, offset + have).catch((error: unknown) => Promise.reject(FootageDiskError.of(this.path, 'read', error)));
      if (bytesRead === 0) throw FootageFileError.of(this.path, `${offset + length} bytes`, `${offset + have}`);
      have += bytesRead;
    }
    return buffer;
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
