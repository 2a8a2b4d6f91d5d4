import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetFileError } from '../errors.js';
import type { Container, FileTree } from '../file-tree.js';
import type { ArchiveLimits } from './archive-limits.js';
import { FolderTree } from './folder-tree.js';
import { TarTree } from './tar-tree.js';
import { ZipTree } from './zip-tree.js';

const TAR = /\.(tar|tar\.gz|tgz)$/i;
/** What may lie beside shards without being one. */
const BESIDE = /\.(json|txt|md|sha256)$/i;
/** What macOS adds to archives. */
const LEFT_BY_MACOS = /(^|\/)(__MACOSX\/|\._[^/]*$|\.DS_Store$)/;

export interface OpenOptions {
  readonly limits?: Partial<ArchiveLimits>;
  readonly spool?: string;
}

/** Opens what a path names: a folder, a zip, a tar; a folder, a zip or a tar of nothing but tars (shards); several paths are shards of one tar. */
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
  const archive = (await startsLikeZip(path)) ? await ZipTree.open(path, options.limits) : await TarTree.open([path], options);
  const shards = await shardsWithin(archive);
  if (shards === null) return archive;
  return TarTree.within(archive, shards, options).catch(async (thrown: unknown) => {
    await archive.close();
    throw thrown;
  });
}

/** Plain tars only: packed ones within a packed archive would multiply what a bomb may do. null: something else is in it. */
async function shardsWithin(archive: Container): Promise<string[] | null> {
  const shards: string[] = [];
  for await (const { path } of archive.files()) {
    if (/\.tar$/i.test(path) && !LEFT_BY_MACOS.test(path)) shards.push(path);
    else if (!BESIDE.test(path) && !LEFT_BY_MACOS.test(path)) return null;
  }
  return shards.length > 0 ? shards.sort() : null;
}

async function shardsOf(folder: string): Promise<string[] | null> {
  const entries = await readdir(folder, { withFileTypes: true });
  const tars = entries.filter((entry) => entry.isFile() && TAR.test(entry.name)).map((entry) => join(folder, entry.name)).sort();
  const others = entries.filter((entry) => !TAR.test(entry.name) && !BESIDE.test(entry.name));
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
