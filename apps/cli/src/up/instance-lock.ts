import { join } from 'node:path';
import { LockHeldError, lockByProcess, type ProcessLock } from '@argus/kernel';
import { AlreadyRunningError } from '../errors.js';

/**
 * One supervisor per data directory.
 * @throws AlreadyRunningError with the owner's `pid` in its context
 */
export function lockDataFolder(dataFolder: string): ProcessLock {
  try {
    return lockByProcess(join(dataFolder, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    if (error.pid === null) throw new AlreadyRunningError(`several starts on ${dataFolder} at once; try again`, {}, { cause: error });
    throw new AlreadyRunningError(`Argus already runs on ${dataFolder} (process ${error.pid})`, { pid: error.pid }, { cause: error });
  }
}
