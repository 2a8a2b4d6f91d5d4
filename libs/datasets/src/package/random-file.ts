import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';

/** A file, or a stretch of one, that is read from any place. */
export interface RandomFile {
  readonly bytes: number;
  /** From `start` up to `end`. Throws DatasetFileError where it ends before. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Files of a package. */
export interface PackageFiles extends FileTree {
  openFile(path: string): Promise<RandomFile>;
  /** In pieces, for what is large. */
  stream(path: string): AsyncIterable<Uint8Array>;
}

export class DiskFile implements RandomFile {
  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    readonly bytes: number,
  ) {}

  /** Never through a link. */
  static async open(path: string): Promise<DiskFile> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const stats = await handle.stat();
    if (stats.isFile()) return new DiskFile(path, handle, stats.size);
    await handle.close();
    throw new DatasetFileError(`${path}: expected a file`);
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (start < 0 || end < start || end > this.bytes) throw new DatasetFileError(`${this.path}: expected bytes ${start} to ${end}, it has ${this.bytes}`);
    const content = Buffer.allocUnsafeSlow(end - start);
    for (let done = 0; done < content.length; ) {
      const { bytesRead } = await this.handle.read(content, done, content.length - done, start + done);
      if (bytesRead === 0) throw new DatasetFileError(`${this.path}: expected ${this.bytes} bytes, it has become shorter`);
      done += bytesRead;
    }
    return content;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

export function stretchOf(file: RandomFile, offset: number, bytes: number, name: string): RandomFile {
  return {
    bytes,
    read(start, end) {
      if (start < 0 || end < start || end > bytes) throw new DatasetFileError(`${name}: expected bytes ${start} to ${end}, it has ${bytes}`);
      return file.read(offset + start, offset + end);
    },
  };
}

const PIECE_BYTES = 2 ** 20;

export async function* piecesOf(file: RandomFile): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.bytes; at += PIECE_BYTES) yield await file.read(at, Math.min(file.bytes, at + PIECE_BYTES));
}
