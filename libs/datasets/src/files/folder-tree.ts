import { constants, createReadStream } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { nameKey, requireEntryName } from './entry-name.js';
import { requireSize } from './read-whole.js';

/** A folder to read from. Links are followed as long as they stay inside; what leads out is no part of it. */
export class FolderTree implements FileTree {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(folder: string): Promise<FolderTree> {
    const root = await realpath(folder).catch((cause) => {
      throw new DatasetFileError(`${folder}: there is no such folder`, { file: folder }, { cause });
    });
    if (!(await stat(root)).isDirectory()) throw new DatasetFileError(`${folder}: expected a folder, found a file`, { file: folder });
    return new FolderTree(root);
  }

  async *files(): AsyncIterable<{ readonly path: string; readonly bytes: number }> {
    yield* this.#walk('');
  }

  async *#walk(below: string): AsyncIterable<{ readonly path: string; readonly bytes: number }> {
    const entries = (await readdir(join(this.#root, below), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = requireEntryName(below ? `${below}/${entry.name}` : entry.name, this.#root);
      if (entry.isDirectory()) yield* this.#walk(path);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const real = await this.#inside(path);
        const known = real && (await stat(real));
        if (known && known.isFile()) yield { path, bytes: known.size };
      }
    }
  }

  async read(path: string, mostBytes?: number): Promise<Uint8Array> {
    const real = await this.#require(path);
    // What was looked at may have become a link meanwhile: O_NOFOLLOW.
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      requireSize(path, (await handle.stat()).size, mostBytes);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  async *stream(path: string): AsyncIterable<Uint8Array> {
    yield* createReadStream(await this.#require(path), { highWaterMark: 256 * 1024 });
  }

  async has(path: string): Promise<boolean> {
    return (await this.#find(path)) !== null;
  }

  async close(): Promise<void> {}

  async #require(path: string): Promise<string> {
    const real = await this.#find(path);
    if (!real) throw new DatasetFileError(`${path}: there is no such file in ${this.#root}`, { file: path });
    return real;
  }

  async #find(path: string): Promise<string | null> {
    requireEntryName(path, this.#root);
    const real = (await this.#inside(path)) ?? (await this.#spelledOtherwise(path));
    return real && (await stat(real)).isFile() ? real : null;
  }

  /** The same name in other code points. */
  async #spelledOtherwise(path: string): Promise<string | null> {
    // Names of ASCII have one spelling.
    if (!/[^\u0000-\u007f]/.test(path)) return null; // oxlint-disable-line no-control-regex
    let below = '';
    for (const part of path.split('/')) {
      const names = await readdir(join(this.#root, below)).catch(() => []);
      const name = names.find((one) => nameKey(one) === nameKey(part));
      if (name === undefined) return null;
      below = below ? `${below}/${name}` : name;
      if ((await lstat(join(this.#root, below))).isSymbolicLink() && !(await this.#inside(below))) return null;
    }
    return this.#inside(below);
  }

  async #inside(path: string): Promise<string | null> {
    const real = await realpath(join(this.#root, path)).catch(() => null);
    return real?.startsWith(this.#root === sep ? sep : this.#root + sep) ? real : null;
  }
}
