import { constants, type Stats } from 'node:fs';
import { open, opendir, realpath, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { FootageFile, FootageFileError, type FootageSource } from '@argus/footage';
import { requireBlobKey } from '../blob-key.js';

/** Files of one folder in the recordings folder. */
export interface FootageFolder {
  /** Below the recordings folder; empty: itself. */
  readonly path: string;
  readonly names: readonly string[];
}

/** The recordings folder: nothing outside of it is opened or removed, whatever a row says and wherever a link leads. */
export class RecordingsFolder {
  constructor(readonly root: string) {}

  /** For reading; the caller closes it. @throws FootageFileError */
  async open(path: string): Promise<FileHandle> {
    const place = this.#placeOf(path);
    try {
      const real = await realpath(place);
      if (!real.startsWith((await realpath(this.root)) + sep)) throw FootageFileError.of(path, 'a file below the recordings folder', 'a link that leads out of it');
      const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW);
      if ((await file.stat()).isFile()) return file;
      await file.close();
      throw FootageFileError.of(path, 'a file', 'something else');
    } catch (error) {
      if (error instanceof FootageFileError) throw error;
      throw FootageFileError.of(path, 'a file that can be read', codeOf(error) === 'ENOENT' ? 'none' : String(codeOf(error)), { cause: error });
    }
  }

  /** The same, to be read as footage. @throws FootageFileError */
  async openFootage(path: string): Promise<FootageSource> {
    const file = await this.open(path);
    return new FootageFile(file, path, (await file.stat()).size);
  }

  /** False: there is no such file. @throws FootageFileError for a path that leads out; what the disk refuses as it is */
  async remove(path: string): Promise<boolean> {
    const place = this.#placeOf(path);
    try {
      const parent = await realpath(dirname(place));
      const root = await realpath(this.root);
      if (parent !== root && !parent.startsWith(root + sep)) throw FootageFileError.of(path, 'a file below the recordings folder', 'a folder that leads out of it');
      // The name itself may be a link: then the link goes, and not what it names.
      await unlink(join(parent, basename(place)));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** Names of the files in a folder of it; empty: there is no such folder. What the disk refuses is thrown as it is. */
  async namesIn(path: string): Promise<Set<string>> {
    const names = new Set<string>();
    try {
      for await (const entry of await opendir(path === '' ? this.root : this.#placeOf(path))) if (entry.isFile()) names.add(entry.name);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    return names;
  }

  /** Every folder with its files; links are not followed. Throws where there is no recordings folder. */
  async *folders(path = ''): AsyncGenerator<FootageFolder> {
    const [names, inner]: [string[], string[]] = [[], []];
    for await (const entry of await opendir(join(this.root, path))) {
      if (entry.isFile()) names.push(entry.name);
      else if (entry.isDirectory()) inner.push(entry.name);
    }
    yield { path, names };
    for (const name of inner) yield* this.folders(path === '' ? name : `${path}/${name}`);
  }

  /** When a file was last written; null: it is gone. What the disk refuses is thrown as it is. */
  async modifiedMs(path: string): Promise<number | null> {
    return (await this.#find(path))?.mtimeMs ?? null;
  }

  /** null: it is gone. What the disk refuses is thrown as it is. */
  async sizeOf(path: string): Promise<number | null> {
    return (await this.#find(path))?.size ?? null;
  }

  /** Removes a folder that nobody has put anything into since; one with files in it stays. */
  async removeEmpty(path: string, olderThanMs: number): Promise<void> {
    const changed = await this.modifiedMs(path);
    if (changed !== null && changed < olderThanMs) await rmdir(join(this.root, path)).catch(() => undefined);
  }

  async #find(path: string): Promise<Stats | null> {
    try {
      return await stat(join(this.root, path));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  #placeOf(path: string): string {
    try {
      return join(this.root, requireBlobKey(path));
    } catch (error) {
      throw FootageFileError.of(path, 'a path of plain names below the recordings folder', 'another', { cause: error });
    }
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException | null)?.code;
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
