import { createHash } from 'node:crypto';
import type { DatasetProblem } from './checksums.js';
import { DiskFile } from './random-file.js';
import { localHeaderOf, SEAL, SEAL_BYTES } from './zip-format.js';
import type { ZipFiles } from './zip-files.js';

const PIECE_BYTES = 2 ** 20;

/**
 * Compares the bytes of an archive with the digest in its comment. One without a comment was packed by somebody else: its files
 * are what counts. Where only headers are others, the file is named whose header it is.
 */
export async function sealProblemOf(path: string, files: ZipFiles): Promise<DatasetProblem[]> {
  if (files.comment === '') return [];
  const sealed = SEAL.exec(files.comment)?.[1];
  const file = await DiskFile.open(path);
  try {
    const hash = createHash('sha256');
    const end = file.bytes - SEAL_BYTES;
    for (let at = 0; at < end; at += PIECE_BYTES) hash.update(await file.read(at, Math.min(end, at + PIECE_BYTES)));
    if (sealed === hash.digest('hex')) return [];
    const problems: DatasetProblem[] = [];
    for (const [name, { offset, bytes, crc32 }] of files.entries) {
      const expected = localHeaderOf({ path: name, bytes, crc32 });
      const found = await file.read(offset, Math.min(file.bytes, offset + expected.length));
      if (!expected.equals(found)) problems.push({ path: name, problem: 'changed: its header in the archive is another' });
    }
    return problems.length > 0 ? problems : [{ path, problem: 'changed: directory or seal of the archive are others, the files in it are not' }];
  } finally {
    await file.close();
  }
}
