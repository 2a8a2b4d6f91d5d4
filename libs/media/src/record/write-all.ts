import type { FileHandle } from 'node:fs/promises';
import { FootageDiskError } from '@argus/footage';

/** Writes all of it, however little the disk takes at a time. Throws FootageDiskError. */
export async function writeAll(handle: FileHandle, path: string, buffers: readonly Buffer[], position: number): Promise<void> {
  let at = position;
  let rest = buffers;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at).catch((error: unknown) => Promise.reject(FootageDiskError.of(path, 'written', error)));
    if (bytesWritten === 0) throw new FootageDiskError(`${path} could not be written: the disk takes no more`, { path, reason: 'ENOSPC' });
    at += bytesWritten;
    rest = behind(rest, bytesWritten);
  }
}

function behind(buffers: readonly Buffer[], written: number): readonly Buffer[] {
  let left = written;
  const first = buffers.findIndex((buffer) => {
    if (left < buffer.length) return true;
    left -= buffer.length;
    return false;
  });
  if (first < 0) return [];
  return [(buffers[first] as Buffer).subarray(left), ...buffers.slice(first + 1)];
}
