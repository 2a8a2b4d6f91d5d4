import type { FileTree } from '../file-tree.js';
import { nameKey } from '../files/entry-name.js';

export const PICTURE = /\.(jpe?g|png|webp|bmp)$/i;

/** Where the pictures of a tree lie whose names labels tell, often with another folder before it, or none. */
export class PictureFinder {
  readonly #tree: FileTree;
  #byBase: Map<string, string | null> | null = null;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** First `name` below each of the folders, then the only picture of that name anywhere. */
  async find(name: string, folders: readonly string[] = []): Promise<string | null> {
    const plain = name.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
    if (plain !== '' && isInside(plain)) {
      for (const folder of ['', ...folders]) {
        const path = folder ? `${folder}/${plain}` : plain;
        if (await this.#tree.has(path)) return path;
      }
    }
    return (await this.#bases()).get(nameKey(baseOf(plain))) ?? null;
  }

  async #bases(): Promise<Map<string, string | null>> {
    if (this.#byBase) return this.#byBase;
    this.#byBase = new Map();
    for await (const { path } of this.#tree.files()) {
      if (!PICTURE.test(path)) continue;
      const key = nameKey(baseOf(path));
      // Two of a name: neither is meant for sure.
      this.#byBase.set(key, this.#byBase.has(key) ? null : path);
    }
    return this.#byBase;
  }
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const isInside = (path: string) => !/^[a-z]:/i.test(path) && !path.split('/').some((part) => part === '..' || part === '.' || part === '');
