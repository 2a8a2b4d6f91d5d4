import { HostileArchiveError } from '../errors.js';

/** A name within an archive or folder that leads nowhere else, on any system. */
export function requireSafePath(path: string, archive: string): string {
  const parts = path.split('/');
  const wrong =
    path.length === 0 || path.length > 1000 ? 'a name of 1 to 1000 characters' : /[\\\0]/.test(path) || /^[A-Za-z]:/.test(path) ? 'a relative name with "/"' : parts.some((part) => part === '' || part === '.' || part === '..') ? 'a name that does not lead out of it' : null;
  if (wrong) throw new HostileArchiveError(`${archive}: entry ${JSON.stringify(path.slice(0, 200))}: expected ${wrong}`, { entry: path.slice(0, 200) });
  return path;
}

/** What is still opened. Far above what a set of ours has; a foreign file that has more is not for us. */
export interface ArchiveLimits {
  readonly mostEntries: number;
  /** Of one file, unpacked. */
  readonly mostFileBytes: number;
  /** Of all. */
  readonly mostBytes: number;
  /** Unpacked to packed; small files may have more. */
  readonly mostRatio: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { mostEntries: 10_000_000, mostFileBytes: 2 ** 40, mostBytes: 2 ** 44, mostRatio: 200 };
