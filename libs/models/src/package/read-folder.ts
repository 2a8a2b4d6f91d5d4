import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelPackageError } from '../errors.js';
import { MANIFEST_FILE, type PackageFiles, type PackageLimits } from './package-limits.js';

/** All files of a folder. Refuses links and devices: they could lead out of it. */
export async function readFolder(path: string, limits: PackageLimits): Promise<PackageFiles> {
  const files = new Map<string, Uint8Array>();
  let room = limits.totalBytes;
  for (const name of await listFiles(path, '', limits)) {
    const limit = name === MANIFEST_FILE ? Math.min(room, limits.manifestBytes) : room;
    const bytes = await readLimited(path, name, limit);
    room -= bytes.length;
    files.set(name, bytes);
  }
  return files;
}

async function listFiles(root: string, below: string, limits: PackageLimits): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) names.push(...(await listFiles(root, name, limits)));
    else if (entry.isFile()) names.push(name);
    else throw new ModelPackageError(root, name, 'a plain file', entry.isSymbolicLink() ? 'a symbolic link' : 'a special file');
    if (names.length > limits.files) throw new ModelPackageError(root, 'files', `at most ${limits.files} files`, 'more');
  }
  return names.sort();
}

async function readLimited(root: string, name: string, limit: number): Promise<Uint8Array> {
  const file = await open(join(root, name), 'r');
  try {
    const { size } = await file.stat();
    if (size > limit) throw new ModelPackageError(root, name, `at most ${limit} bytes`, `${size} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
