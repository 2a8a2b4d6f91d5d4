import { createHash } from 'node:crypto';
import { messageOf } from '@argus/kernel';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import { byPath, parseChecksums, RootDigest, type DatasetProblem } from './checksums.js';
import { CHECKSUMS_PATH } from './manifest.js';
import { openPackageFiles } from './open-package-files.js';
import type { PackageFiles } from './random-file.js';
import type { ArchiveLimits } from './safe-path.js';
import { sealProblemOf } from './seal.js';
import { ZipFiles } from './zip-files.js';

/**
 * Compares all files of a package with its list, and the archive with its seal; then, where nothing was found, what is in them
 * (`compareContent`). Returns the root digest; null where there are problems.
 */
export async function comparePackage(path: string, problems: DatasetProblem[], compareContent: (files: PackageFiles, digests: ReadonlyMap<string, string>) => Promise<void>, limits?: ArchiveLimits): Promise<string | null> {
  try {
    const files = await openPackageFiles(path, limits);
    try {
      const digests = await compareFiles(files, problems);
      // What of the archive is not a file of it: names, sizes and dates in its headers.
      if (files instanceof ZipFiles && problems.length === 0) problems.push(...(await sealProblemOf(path, files)));
      if (problems.length > 0) return null;
      await compareContent(files, digests);
      return rootOf(digests);
    } finally {
      await files.close();
    }
  } catch (error) {
    if (!(error instanceof DatasetFileError || error instanceof HostileArchiveError)) throw error;
    problems.push({ path: String(error.context['entry'] ?? error.context['path'] ?? path), problem: messageOf(error) });
    return null;
  }
}

async function compareFiles(files: PackageFiles, problems: DatasetProblem[]): Promise<Map<string, string>> {
  const told = await toldDigests(files, problems);
  const found = new Map<string, string>();
  for await (const { path } of files.files()) {
    if (path === CHECKSUMS_PATH) continue;
    found.set(path, await digestOf(files, path, problems));
    const wanted = told.get(path);
    if (wanted !== undefined && found.get(path) !== wanted) problems.push({ path, problem: `changed: expected ${wanted}, found ${found.get(path)}` });
  }
  const strangers = new Map<string, string[]>();
  for (const [path, sha256] of found) if (!told.has(path)) strangers.set(sha256, [...(strangers.get(sha256) ?? []), path]);
  for (const [path, sha256] of told) {
    if (found.has(path)) continue;
    const now = strangers.get(sha256)?.shift();
    problems.push({ path, problem: now === undefined ? 'missing' : `renamed: it is called ${now} now` });
  }
  for (const path of [...strangers.values()].flat()) problems.push({ path, problem: 'not in the list of files: added' });
  return found;
}

async function toldDigests(files: PackageFiles, problems: DatasetProblem[]): Promise<Map<string, string>> {
  if (!(await files.has(CHECKSUMS_PATH))) {
    problems.push({ path: CHECKSUMS_PATH, problem: 'missing' });
    return new Map();
  }
  return parseChecksums(Buffer.from(await files.read(CHECKSUMS_PATH)).toString('utf8'), CHECKSUMS_PATH);
}

async function digestOf(files: PackageFiles, path: string, problems: DatasetProblem[]): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of files.stream(path)) hash.update(piece);
  } catch (error) {
    if (!(error instanceof DatasetFileError || error instanceof HostileArchiveError)) throw error;
    problems.push({ path, problem: messageOf(error) });
  }
  return hash.digest('hex');
}

function rootOf(digests: ReadonlyMap<string, string>): string {
  const root = new RootDigest();
  for (const file of [...digests].map(([path, sha256]) => ({ path, sha256 })).sort(byPath)) root.add(file);
  return root.value();
}
