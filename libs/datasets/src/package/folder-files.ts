import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import { DiskFile, piecesOf, type PackageFiles, type RandomFile } from './random-file.js';
import { requireSafePath } from './safe-path.js';

const MOST_READ_BYTES = 2 ** 30;

/** A folder as files. No link within it is followed. */
export class FolderFiles implements PackageFiles {
  readonly #kept: DiskFile[] = [];

  private constructor(private readonly root: string) {}

  static async open(path: string): Promise<FolderFiles> {
    return new FolderFiles(await realpath(path));
  }

  async *files(): AsyncGenerator<{ readonly path: string; readonly bytes: number }> {
    yield* this.#walk('');
  }

  async has(path: string): Promise<boolean> {
    try {
      await (await this.#open(path)).close();
      return true;
    } catch (error) {
      if (error instanceof DatasetFileError) return false;
      throw error;
    }
  }

  async read(path: string, mostBytes = MOST_READ_BYTES): Promise<Uint8Array> {
    const file = await this.#open(path);
    try {
      if (file.bytes > mostBytes) throw new DatasetFileError(`${path}: expected ${mostBytes} bytes at most, it has ${file.bytes}`, { path });
      return await file.read(0, file.bytes);
    } finally {
      await file.close();
    }
  }

  /** Open until the folder is closed. */
  async openFile(path: string): Promise<RandomFile> {
    const file = await this.#open(path);
    this.#kept.push(file);
    return file;
  }

  async *stream(path: string): AsyncGenerator<Uint8Array> {
    const file = await this.#open(path);
    try {
      yield* piecesOf(file);
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#kept.splice(0).map((file) => file.close()));
  }

  async #open(path: string): Promise<DiskFile> {
    const full = join(this.root, requireSafePath(path, this.root));
    try {
      const folder = await realpath(dirname(full));
      if (folder !== this.root && !folder.startsWith(this.root + sep)) throw new HostileArchiveError(`${this.root}: entry ${path}: expected a file in it, its folder is a link to ${folder}`, { entry: path });
      return await DiskFile.open(full);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP') throw new HostileArchiveError(`${this.root}: entry ${path}: expected a file, not a link`, { entry: path });
      if (code === 'ENOENT' || code === 'ENOTDIR') throw new DatasetFileError(`${this.root}: expected the file ${path}, it is not there`, { path });
      throw error;
    }
  }

  async *#walk(folder: string): AsyncGenerator<{ readonly path: string; readonly bytes: number }> {
    const entries = await readdir(join(this.root, folder), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.#walk(path);
      else if (entry.isFile()) {
        const file = await this.#open(path);
        await file.close();
        yield { path, bytes: file.bytes };
      } else throw new HostileArchiveError(`${this.root}: entry ${path}: expected a file or a folder, not a link or a device`, { entry: path });
    }
  }
}
