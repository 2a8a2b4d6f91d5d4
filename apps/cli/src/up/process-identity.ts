import { readFileSync } from 'node:fs';
import { isProcessAlive } from './run-file.js';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the kernel's ticks; null where /proc does not exist. */
  readonly startTicks: string | null;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTicks: startTicksOf(pid) };
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  if (!isProcessAlive(identity.pid)) return false;
  const now = startTicksOf(identity.pid);
  return now === null || identity.startTicks === null || now === identity.startTicks;
}

function startTicksOf(pid: number): string | null {
  try {
    // The name in brackets may hold blanks: field 22 is the 20th after the last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
