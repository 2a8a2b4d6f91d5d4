import { join } from 'node:path';
import { LockHeldError, lockByProcess, type ProcessLock } from '@argus/kernel';
import { ShardLockedError } from '../errors.js';

/** One writer per folder. Throws ShardLockedError. */
export function lockShards(folder: string): ProcessLock {
  try {
    return lockByProcess(join(folder, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new ShardLockedError(`${folder}: expected nobody else to write there, but ${error.pid === null ? 'others do' : `process ${error.pid} does`}; let it finish or stop it`, { folder, pid: error.pid }, { cause: error });
  }
}
