import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ArgusError } from './errors.js';

/** A process that cannot be mistaken for a later one with the same number. Where there is no /proc, numbers alone must do. */
export interface ProcessIdentity {
  readonly pid: number;
  /** A machine that was started again has other processes under the same numbers. */
  readonly boot: string | null;
  /** So has one whose numbers went round. Clock ticks since boot. */
  readonly startTicks: string | null;
}

export interface ProcessLock {
  /** Does nothing where somebody else has the lock by now. */
  release(): void;
}

/** `pid`: the process that has the lock; null where several begin at once and nobody is first. */
export class LockHeldError extends ArgusError {
  readonly code = 'lock.held';

  constructor(
    readonly path: string,
    readonly pid: number | null,
  ) {
    super(pid === null ? `${path}: several processes ask for this lock at once; try again` : `${path}: expected a lock that is free, but process ${pid} has it`, { path, pid });
  }
}

const TRIES = 5;

/**
 * One process at a time. The file at `path` names its holder by number, boot and time of start, so that a kill -9, a reboot or a
 * number that was given away again leaves nothing to clean up by hand. All that ask must see each other's process numbers: one machine, one container.
 * @throws LockHeldError
 */
export function lockByProcess(path: string): ProcessLock {
  const self = identityOf(process.pid);
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (isLinked(mine, path)) return { release: () => holderOf(path)?.pid === self.pid && rmSync(path, { force: true }) };
      const holder = holderOf(path);
      if (holder !== null && isSameProcess(holder)) throw new LockHeldError(path, holder.pid);
      takeAway(path);
    }
    throw new LockHeldError(path, null);
  } finally {
    rmSync(mine, { force: true });
  }
}

export function identityOf(pid: number): ProcessIdentity {
  const boot = textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
  // The name of the program, in brackets, may hold anything; the 20th field behind it is the time of the start.
  const state = textOf(`/proc/${pid}/stat`);
  return { pid, boot, startTicks: state?.slice(state.lastIndexOf(')') + 2).split(' ')[19] ?? null };
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  if (!isProcessAlive(identity.pid)) return false;
  const now = identityOf(identity.pid);
  return (['boot', 'startTicks'] as const).every((key) => now[key] === null || identity[key] === null || now[key] === identity[key]);
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A link appears with its content or not at all, and not where there is one; a file that is created and then written does not. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Of two that find the same dead holder one rename wins; a lock that was new by then is put back. */
function takeAway(path: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = holderOf(aside);
  if (moved !== null && isSameProcess(moved)) isLinked(aside, path);
  rmSync(aside, { force: true });
}

/** null: there is none, or a file that names nobody. */
function holderOf(path: string): ProcessIdentity | null {
  try {
    const holder = JSON.parse(textOf(path) ?? 'null') as Partial<ProcessIdentity> | null;
    return Number.isInteger(holder?.pid) && (holder?.pid ?? 0) > 0 ? { pid: holder?.pid as number, boot: holder?.boot ?? null, startTicks: holder?.startTicks ?? null } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
