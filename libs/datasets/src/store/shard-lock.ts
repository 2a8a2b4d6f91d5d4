import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShardLockedError } from '../errors.js';

interface LockOwner {
  readonly pid: number;
  /** A machine that was started again has other processes under the same numbers. */
  readonly boot: string | null;
  /** So has one whose numbers went round. Clock ticks since boot. */
  readonly startedAt: string | null;
}

/**
 * One writer per folder. The lock names its holder, so that one which was left by a crash is told from one that is held.
 * All processes that write to a folder must see each other's numbers: one machine, one container.
 */
export async function lockShards(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, 'lock');
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(await ownerOf(process.pid)), { flag: 'wx', mode: 0o600 });
  try {
    while (!(await linked(mine, path))) await removeIfStale(path, folder);
  } finally {
    await rm(mine, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** A link appears with its content or not at all; a file that is created and then written does not. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfStale(path: string, folder: string): Promise<void> {
  const text = await readOrNull(path);
  if (text === null) return;
  const owner = parsed(text);
  if (owner && (await isAlive(owner))) throw new ShardLockedError(`${folder}: expected nobody else to write there, but process ${owner.pid} does; let it finish or stop it`, { folder, pid: owner.pid });
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(ignoreAbsent);
  // Another may have been quicker, and what was put aside is its new lock: it gets it back.
  if (((await readOrNull(aside)) ?? text) !== text) await linked(aside, path);
  await rm(aside, { force: true });
}

async function isAlive({ pid, boot, startedAt }: LockOwner): Promise<boolean> {
  const now = await ownerOf(pid);
  if (now.boot !== boot || now.startedAt !== startedAt) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where there is no /proc, numbers alone must do. */
async function ownerOf(pid: number): Promise<LockOwner> {
  const boot = (await readOrNull('/proc/sys/kernel/random/boot_id'))?.trim() ?? null;
  // The name of the program, in brackets, may hold anything; the 20th field behind it is the time of the start.
  const state = await readOrNull(`/proc/${pid}/stat`);
  return { pid, boot, startedAt: state?.slice(state.lastIndexOf(')') + 2).split(' ')[19] ?? null };
}

function parsed(text: string): LockOwner | null {
  try {
    const owner = JSON.parse(text) as LockOwner;
    return Number.isInteger(owner?.pid) && owner.pid > 0 ? owner : null;
  } catch {
    return null;
  }
}

const readOrNull = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(ignoreAbsent);

function ignoreAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
  throw error;
}
