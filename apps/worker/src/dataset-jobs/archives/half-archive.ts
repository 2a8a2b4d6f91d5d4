import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockHeldError, lockByProcess, type ProcessLock } from '@argus/kernel';
import { machineName } from '../../harvest/picture-shelf.js';
import { writeDurably } from '../../extract/write-durably.js';

/** A process whose worker was killed ends at once; until then it may still write. */
const WAIT_FOR_HOLDER_MS = 5000;
const ASK_EVERY_MS = 100;

/** So its folder is called, behind what it is of. */
export const HALF = '.half';

/**
 * The folder of an archive under way: whoever comes after a crash finds it again, on the same machine. One process at a time; where another one still writes there, this one has a folder of its own.
 */
export class HalfArchive {
  private constructor(
    readonly folder: string,
    private readonly lock: ProcessLock,
    /** When the first of all that wrote it began. */
    readonly begunAt: string,
  ) {}

  /** @param prefix path without ending, of this archive alone */
  static async take(prefix: string, nowAt: string): Promise<HalfArchive> {
    const usual = `${prefix}.${machineName()}${HALF}`;
    await mkdir(usual, { recursive: true, mode: 0o700 });
    const usualLock = await lockWhenFree(usual);
    if (usualLock) return HalfArchive.#of(usual, usualLock, nowAt);
    const own = `${prefix}.${randomUUID()}${HALF}`;
    await mkdir(own, { mode: 0o700 });
    return HalfArchive.#of(own, lockByProcess(join(own, 'lock')), nowAt);
  }

  static async #of(folder: string, lock: ProcessLock, nowAt: string): Promise<HalfArchive> {
    const begun = await readFile(join(folder, 'begun'), 'utf8').catch(() => '');
    const begunAt = /^\d{4}-.*Z$/.test(begun) ? begun : nowAt;
    if (begunAt !== begun) await writeDurably(join(folder, 'begun'), begunAt);
    return new HalfArchive(folder, lock, begunAt);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** What was finished in it when a worker died before it could say so; null: nothing was, or it was of something else. */
  async result<Result>(about: string): Promise<Result | null> {
    try {
      const kept = JSON.parse(await readFile(this.path('result'), 'utf8')) as { about: string; result: Result };
      return kept.about === about ? kept.result : null;
    } catch {
      return null;
    }
  }

  async keepResult(about: string, result: unknown): Promise<void> {
    await writeDurably(this.path('result'), JSON.stringify({ about, result }));
  }

  /** What is there already, bytes. */
  async bytes(): Promise<number> {
    const names = await readdir(this.folder, { recursive: true });
    const sizes = await Promise.all(names.map((name) => stat(this.path(name)).then((one) => (one.isFile() ? one.size : 0), () => 0)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Begins anew. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.folder)) if (name !== 'lock' && name !== 'begun') await rm(this.path(name), { recursive: true, force: true });
  }

  release(): void {
    this.lock.release();
  }
}

async function lockWhenFree(folder: string): Promise<ProcessLock | null> {
  const until = performance.now() + WAIT_FOR_HOLDER_MS;
  for (;;) {
    try {
      return lockByProcess(join(folder, 'lock'));
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      if (performance.now() > until) return null;
      await sleep(ASK_EVERY_MS);
    }
  }
}

/** Folders of halves that begin so: what they were of is done, or given up. */
export async function removeHalves(folder: string, prefix = ''): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) if (name.startsWith(prefix) && name.endsWith(HALF)) await rm(join(folder, name), { recursive: true, force: true });
}
