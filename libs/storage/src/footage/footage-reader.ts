import type { FileHandle } from 'node:fs/promises';
import { FootageFileError } from './footage-file-error.js';

/** A file of footage that is open, wherever it lies. */
export interface FootageReader {
  readonly size: number;
  /** These bytes, all of them. @throws FootageFileError, RemoteStoreError */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** On a disk. */
export class FootageFile implements FootageReader {
  /** The handle goes over to it. `path`: for errors. */
  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    readonly size: number,
  ) {}

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    for (let have = 0; have < length; ) {
      const { bytesRead } = await this.handle.read(bytes, have, length - have, offset + have);
      if (bytesRead === 0) throw new FootageFileError(this.path, `${offset + length} bytes`, `${offset + have}`);
      have += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
