import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { LockHeldError, lockByProcess, type ProcessLock } from '@argus/kernel';
import { ShardLockedError } from '../errors.js';

/** For those who cannot see this process: much less than the grace of a collection. */
const SHOW_EVERY_MS = 3_600_000;

export const lockPathOf = (folder: string): string => join(folder, 'lock');

/** One writer per folder, who shows himself from time to time. Throws ShardLockedError. */
export function lockShards(folder: string): ProcessLock {
  const path = lockPathOf(folder);
  const lock = lockOf(folder, path);
  const showing = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), SHOW_EVERY_MS).unref();
  return {
    release: () => {
      clearInterval(showing);
      lock.release();
    },
  };
}

function lockOf(folder: string, path: string): ProcessLock {
  try {
    return lockByProcess(path);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new ShardLockedError(`${folder}: expected nobody else to write there, but ${error.pid === null ? 'others do' : `process ${error.pid} does`}; let it finish or stop it`, { folder, pid: error.pid }, { cause: error });
  }
}
