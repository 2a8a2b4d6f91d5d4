import { join } from 'node:path';
import { LockHeldError, lockByProcess, messageOf, type ProcessLock } from '@argus/kernel';
import { OutputError, OutputTakenError } from '../errors.js';

/** One run writes into a folder at a time. Throws OutputTakenError, OutputError. */
export function lockOutput(folder: string): ProcessLock {
  try {
    return lockByProcess(join(folder, '.argus-extract.lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw new OutputError(`${folder} cannot be written to: ${messageOf(error)}`, { folder }, { cause: error });
    if (error.pid === null) throw new OutputTakenError(`several runs begin in ${folder} at once; try again`, {}, { cause: error });
    throw new OutputTakenError(`another run (process ${error.pid}) writes into ${folder}; wait for it, or choose another --out`, { pid: error.pid }, { cause: error });
  }
}
