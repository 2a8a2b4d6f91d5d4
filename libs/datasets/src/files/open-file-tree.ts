import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import type { ArchiveLimits } from './archive-limits.js';
import { FolderTree } from './folder-tree.js';
import { TarTree } from './tar-tree.js';
import { ZipTree } from './zip-tree.js';

const TAR = /\.(tar|tar\.gz|tgz)$/i;

export interface OpenOptions {
  readonly limits?: Partial<ArchiveLimits>;
  readonly spool?: string;
}

/** Opens what a path names: a folder, a zip, a tar, a folder of nothing but tars (shards); several paths are shards of one tar. */
export async function openFileTree(paths: string | readonly string[], options: OpenOptions = {}): Promise<FileTree> {
  if (typeof paths !== 'string' && paths.length !== 1) return TarTree.open(paths, options);
  const path = typeof paths === 'string' ? paths : paths[0]!;
  const known = await stat(path).catch((cause) => {
    throw new DatasetFileError(`${path}: there is no such file or folder`, { file: path }, { cause });
  });
  if (known.isDirectory()) {
    const shards = await shardsOf(path);
    return shards ? TarTree.open(shards, { ...options, apart: true }) : FolderTree.open(path);
  }
  return (await startsLikeZip(path)) ? ZipTree.open(path, options.limits) : TarTree.open([path], options);
}

async function shardsOf(folder: string): Promise<string[] | null> {
  const entries = await readdir(folder, { withFileTypes: true });
  const tars = entries.filter((entry) => entry.isFile() && TAR.test(entry.name)).map((entry) => join(folder, entry.name)).sort();
  const others = entries.filter((entry) => !TAR.test(entry.name) && !/\.(json|txt|md|sha256)$/i.test(entry.name));
  return tars.length > 0 && others.length === 0 ? tars : null;
}

async function startsLikeZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    // An empty zip has its end record only.
    return buffer[0] === 0x50 && buffer[1] === 0x4b && (buffer[2] === 3 || buffer[2] === 5);
  } finally {
    await handle.close();
  }
}
