import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DatasetFileError } from '../errors.js';
import { syncFolder } from '../store/shard-writer.js';
import { byPath, checksumLineOf, RootDigest, type DatasetProblem, type FileDigest } from './checksums.js';
import { CHECKSUMS_PATH } from './manifest.js';
import type { ZipPartOptions } from './zip-part.js';
import { ZipWriter } from './zip-writer.js';

/** Where an archive is made, to be gone on with after a crash. Whoever gives it has it alone, and removes it. */
export interface ResumableWork extends ZipPartOptions {
  readonly folder: string;
  readonly about: string;
  /** Told once: what was there already, or why it is begun anew. */
  readonly onBegin?: (kept: ZipWriter['kept'], refusal: string | null) => void;
}

interface Sealing<T> {
  /** `work`: a folder for what must be written before it goes into the archive. */
  readonly write: (zip: ZipWriter, work: string) => Promise<T>;
  readonly verify: (path: string, written: T) => Promise<{ readonly ok: boolean; readonly problems: readonly DatasetProblem[] }>;
}

/**
 * Writes an archive that is whole or not there: beside its place, flushed, read back and compared, renamed. Throws DatasetFileError
 * where the place is taken.
 */
export async function sealFile<T>(path: string, { overwrite = false, resumable }: { readonly overwrite?: boolean; readonly resumable?: ResumableWork | undefined }, { write, verify }: Sealing<T>): Promise<T> {
  if (!overwrite && (await lstat(path).catch(() => null))) throw new DatasetFileError(`${path}: expected nothing there yet; choose another name`);
  const work = resumable?.folder ?? join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  await mkdir(work, { recursive: true, mode: 0o700 });
  const sealed = join(work, 'package');
  const zip = await ZipWriter.create(sealed, resumable);
  try {
    resumable?.onBegin?.(zip.kept, zip.refusal);
    const written = await write(zip, work);
    await zip.close();
    const found = await verify(sealed, written);
    if (!found.ok) throw new DatasetFileError(`${path}: expected to read what was written; ${found.problems.map(({ path: file, problem }) => `${file}: ${problem}`).join('; ')}`);
    await rename(sealed, path);
    await syncFolder(dirname(path));
    return written;
  } finally {
    await zip.abort();
    if (!resumable) await rm(work, { recursive: true, force: true });
  }
}

/** Adds the list of files to an archive. Returns the root digest. */
export async function addChecksums(zip: ZipWriter, files: readonly FileDigest[], work: string): Promise<string> {
  const lines = createWriteStream(join(work, CHECKSUMS_PATH));
  const root = new RootDigest();
  for (const file of [...files].sort(byPath)) {
    root.add(file);
    if (!lines.write(checksumLineOf(file))) await once(lines, 'drain');
  }
  lines.end();
  await finished(lines);
  await zip.addFile(CHECKSUMS_PATH, join(work, CHECKSUMS_PATH));
  return root.value();
}
