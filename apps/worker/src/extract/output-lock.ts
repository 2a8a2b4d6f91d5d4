import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@argus/kernel';
import { OutputError, OutputTakenError } from '../errors.js';

/** A process that cannot be mistaken for a later one with the same number. */
interface Owner {
  readonly pid: number;
  /** Start time in the kernel's ticks; null where /proc does not exist. */
  readonly startTicks: string | null;
}

/** One run writes into a folder at a time. A kill -9 or a reboot leaves nothing to clean up by hand. Returns what gives it free. Throws OutputTakenError, OutputError. */
export function lockOutput(folder: string): () => void {
  const path = join(folder, '.argus-extract.lock');
  const self: Owner = { pid: process.pid, startTicks: startTicksOf(process.pid) };
  const mine = `${path}.${self.pid}`;
  try {
    writeFileSync(mine, JSON.stringify(self));
    for (let tries = 0; tries < 5; tries += 1) {
      if (tryLink(mine, path)) return () => rmSync(path, { force: true });
      const owner = ownerOf(path);
      if (owner !== null && isAlive(owner)) throw new OutputTakenError(`another run (process ${owner.pid}) writes into ${folder}; wait for it, or choose another --out`, { pid: owner.pid });
      takeAway(path, self);
    }
    throw new OutputTakenError(`several runs begin in ${folder} at once; try again`);
  } catch (error) {
    if (error instanceof OutputTakenError) throw error;
    throw new OutputError(`${folder} cannot be written to: ${messageOf(error)}`, { folder }, { cause: error });
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

/** Of two that find the same dead owner, one rename wins; a lock that was new by then is put back. */
function takeAway(path: string, self: Owner): void {
  const aside = `${path}.dead.${self.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = ownerOf(aside);
  if (moved !== null && isAlive(moved)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function ownerOf(path: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner>;
    return typeof owner.pid === 'number' ? { pid: owner.pid, startTicks: owner.startTicks ?? null } : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive({ pid, startTicks }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startTicksOf(pid);
  return now === null || startTicks === null || now === startTicks;
}

function startTicksOf(pid: number): string | null {
  try {
    // The name in brackets may hold blanks: field 22 is the 20th after the last bracket.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
