import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExportId } from '@argus/contracts';
import { messageOf, Rounds, type Logger } from '@argus/kernel';
import type { ExportStore } from './export-store.js';

export interface ExportRetentionOptions {
  readonly store: ExportStore;
  readonly exportsDir: string;
  readonly keepDays: number;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** A folder that no row names is left alone for so long: its row may be on its way. */
const SETTLED_MS = 3_600_000;

/** Removes exports that are older than the setting says, each minute, and folders that no row names. */
export class ExportRetention {
  readonly #rounds = new Rounds(() =>
    this.removeOld()
      .catch((error: unknown) => this.options.log.warn('old exports are not removed, trying again in a minute', { error: messageOf(error) }))
      .then(() => EVERY_MS),
  );

  constructor(private readonly options: ExportRetentionOptions) {}

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Once. The row goes first, so that nobody takes the job up again while its files go. */
  async removeOld(): Promise<void> {
    const { store, exportsDir, keepDays } = this.options;
    const nowMs = await store.believedMs();
    const before = new Date(nowMs - keepDays * DAY_MS);
    for (const id of await store.finishedBefore(before)) {
      await store.removeFinished(id, before);
      if (!(await store.exists(id))) await rm(join(exportsDir, id), { recursive: true, force: true });
    }
    for (const name of await readdir(exportsDir)) {
      const id = ExportId.safeParse(name);
      if (!id.success || (await store.exists(id.data))) continue;
      const folder = join(exportsDir, name);
      const changed = await stat(folder).then(({ mtimeMs }) => mtimeMs, () => null);
      if (changed !== null && changed < nowMs - SETTLED_MS) await rm(folder, { recursive: true, force: true });
    }
  }
}
