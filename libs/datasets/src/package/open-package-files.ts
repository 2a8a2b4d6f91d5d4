import { stat } from 'node:fs/promises';
import { messageOf } from '@argus/kernel';
import type { z } from 'zod';
import { DatasetFileError } from '../errors.js';
import { FolderFiles } from './folder-files.js';
import { MANIFEST_PATH } from './manifest.js';
import type { PackageFiles } from './random-file.js';
import type { ArchiveLimits } from './safe-path.js';
import { ZipFiles } from './zip-files.js';

const MOST_MANIFEST_BYTES = 64 * 2 ** 20;

/** A package as a file, or the folder that it was unpacked to. */
export async function openPackageFiles(path: string, limits?: ArchiveLimits): Promise<ZipFiles | FolderFiles> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new DatasetFileError(`${path}: expected a package, there is nothing`);
    throw error;
  });
  return stats.isDirectory() ? FolderFiles.open(path) : ZipFiles.open(path, limits);
}

/** Throws DatasetFileError, with the fields, for what is no manifest of that kind. */
export async function manifestOf<T>(files: PackageFiles, schema: z.ZodType<T>): Promise<T> {
  const text = Buffer.from(await files.read(MANIFEST_PATH, MOST_MANIFEST_BYTES)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DatasetFileError(`${MANIFEST_PATH}: expected JSON: ${messageOf(error)}`, {}, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DatasetFileError(`${MANIFEST_PATH}: ${parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
