import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlreadyRunningError } from '../errors.js';
import { type ProcessIdentity, identityOf, isSameProcess } from './process-identity.js';

/** Held while an `argus up` runs on a data directory. */
export interface InstanceLock {
  release(): void;
}

/**
 * One supervisor per data directory. The lock names its owner by number and start time, so that a kill -9, a reboot or a reused
 * number leaves nothing to clean up by hand.
 * @throws AlreadyRunningError with the owner's `pid` in its context
 */
export function lockDataFolder(dataFolder: string, self: ProcessIdentity = identityOf(process.pid)): InstanceLock {
  const path = join(dataFolder, 'lock');
  const mine = `${path}.${self.pid}`;
  writeFileSync(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 5; tries += 1) {
      if (tryLink(mine, path)) return { release: () => releaseOwn(path, self) };
      const owner = readOwner(path);
      if (owner !== null && isSameProcess(owner)) throw new AlreadyRunningError(`Argus already runs on ${dataFolder} (process ${owner.pid})`, { pid: owner.pid });
      takeAway(path, self);
    }
    throw new AlreadyRunningError(`several starts on ${dataFolder} at once; try again`, {});
  } finally {
    rmSync(mine, { force: true });
  }
}

/** link() is atomic and fails when the name exists: the file appears whole or not at all. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): ProcessIdentity | null {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessIdentity>;
    return typeof owner.pid === 'number' ? { pid: owner.pid, startTicks: owner.startTicks ?? null } : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Of two that find the same dead owner, one rename wins; the other finds the new lock on its next try. */
function takeAway(path: string, self: ProcessIdentity): void {
  const aside = `${path}.dead.${self.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readOwner(aside);
  if (moved !== null && isSameProcess(moved)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function releaseOwn(path: string, self: ProcessIdentity): void {
  if (readOwner(path)?.pid === self.pid) rmSync(path, { force: true });
}
