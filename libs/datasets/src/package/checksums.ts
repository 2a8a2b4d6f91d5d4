import { createHash } from 'node:crypto';
import { DatasetFileError } from '../errors.js';
import { canonicalJson } from './canonical-json.js';

export interface FileDigest {
  readonly path: string;
  readonly sha256: string;
}

export interface DatasetProblem {
  /** Of the file that is concerned; of the package itself where it is none of its files. */
  readonly path: string;
  readonly problem: string;
}

export const byPath = (a: FileDigest, b: FileDigest): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** A line that `sha256sum -c` reads. Names with a line end are none of ours. */
export const checksumLineOf = ({ path, sha256 }: FileDigest): string => `${sha256}  ${path}\n`;

/** Digest of the whole package: of its list of files, sorted, in canonical JSON. Independent of the container and of its order. */
export class RootDigest {
  readonly #hash = createHash('sha256').update('[');
  #last = '';

  /** Rising by path. */
  add({ path, sha256 }: FileDigest): void {
    if (path <= this.#last) throw new DatasetFileError(`list of files: expected rising names, got ${path} behind ${this.#last}`);
    this.#hash.update(`${this.#last === '' ? '' : ','}${canonicalJson({ path, sha256 })}`);
    this.#last = path;
  }

  value(): string {
    return this.#hash.update(']').digest('hex');
  }
}

/** Throws DatasetFileError, with the line, for what is no such list. */
export function parseChecksums(text: string, where: string): Map<string, string> {
  const digests = new Map<string, string>();
  const lines = text.split('\n');
  const last = lines.pop();
  if (last !== '') throw new DatasetFileError(`${where}: expected a line end at its end`);
  for (const [at, line] of lines.entries()) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined || digests.has(path)) throw new DatasetFileError(`${where}, line ${at + 1}: expected a digest, two spaces and a name that is not there yet, got ${JSON.stringify(line.slice(0, 120))}`);
    digests.set(path, sha256);
  }
  return digests;
}
