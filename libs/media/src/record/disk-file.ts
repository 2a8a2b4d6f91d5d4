import type { FileHandle } from 'node:fs/promises';
import { messageOf } from '@argus/kernel';
import { MediaError } from '../media-error.js';

/** Writes all of it, however little the disk takes at a time. Throws MediaError. */
export async function writeAll(handle: FileHandle, path: string, buffers: readonly Buffer[], position: number): Promise<void> {
  let at = position;
  let rest = buffers;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at).catch((error: unknown) => Promise.reject(diskError(path, 'written', error)));
    if (bytesWritten === 0) throw new MediaError(`${path} could not be written: the disk takes no more`, { path, reason: 'ENOSPC' });
    at += bytesWritten;
    rest = behind(rest, bytesWritten);
  }
}

/** Reads exactly so many bytes. Throws MediaError when the file does not hold them. */
export async function readExactly(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let have = 0; have < length; ) {
    const { bytesRead } = await handle.read(buffer, have, length - have, position + have).catch((error: unknown) => Promise.reject(diskError(path, 'read', error)));
    if (bytesRead === 0) throw new MediaError(`${path}: expected ${length} bytes at byte ${position}, the file ends after ${have} of them`, { path, offset: position });
    have += bytesRead;
  }
  return buffer;
}

/** What the disk said, with its own short name (ENOSPC, EROFS, EIO) as `reason`. */
export function diskError(path: string, what: 'opened' | 'written' | 'read' | 'closed' | 'deleted', cause: unknown): MediaError {
  if (cause instanceof MediaError) return cause;
  const reason = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  return new MediaError(`${path} could not be ${what}: ${messageOf(cause)}`, { path, reason }, { cause });
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
