import type { FileHandle } from 'node:fs/promises';
import type { S3Store } from '../remote/s3-store.js';
import { FootageFileError } from './footage-file-error.js';
import type { FootageReader } from './footage-reader.js';
import type { RecordingsFolder } from './recordings-folder.js';

/** Footage wherever it is: on the disk, else in the second tier. What is moved between two reads is found either way. */
export class TieredFootage {
  constructor(
    private readonly folder: RecordingsFolder,
    private readonly remote: S3Store | null,
  ) {}

  /** The caller closes it. @throws FootageFileError, RemoteStoreError */
  async open(path: string): Promise<FootageReader> {
    try {
      const file = await this.folder.open(path);
      return new LocalFile(path, file, (await file.stat()).size);
    } catch (error) {
      const isAbsent = error instanceof FootageFileError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
      const found = isAbsent ? await this.remote?.open(path) : null;
      if (found) return found;
      throw error;
    }
  }
}

class LocalFile implements FootageReader {
  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    readonly size: number,
  ) {}

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) throw new FootageFileError(this.path, `${offset + length} bytes at least`, `${offset + filled}`);
      filled += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
