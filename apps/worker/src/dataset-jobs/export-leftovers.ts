import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetJobId } from '@argus/contracts';
import { messageOf, Rounds, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { removeHalves } from './archives/half-archive.js';
import { datasetExportFolder } from './export-set.js';

export interface ExportLeftoversOptions {
  readonly dataSource: DataSource;
  readonly exportsDir: string;
  readonly keepDays: number;
  /** As exports of footage believe it: a clock that is wrong removes nothing. */
  readonly believedMs: () => Promise<number>;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** What a stopped or failed job left of a file is of no use; whoever had it has noticed by then. */
const HALF_KEPT_MS = 60_000;
/** A folder that no job names is left alone for so long. */
const SETTLED_MS = 3_600_000;

/** Removes files of exported sets that are older than the setting says, each minute, and those of jobs that are gone. */
export class ExportLeftovers {
  readonly #rounds = new Rounds(() =>
    this.removeOld()
      .catch((error: unknown) => this.options.log.warn('old files of sample sets are not removed, trying again in a minute', { error: messageOf(error) }))
      .then(() => EVERY_MS),
  );

  constructor(private readonly options: ExportLeftoversOptions) {}

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Once. */
  async removeOld(): Promise<void> {
    const { dataSource, exportsDir, keepDays, believedMs } = this.options;
    const nowMs = await believedMs();
    for (const name of await readdir(join(exportsDir, 'datasets')).catch(() => [])) {
      const id = DatasetJobId.safeParse(name);
      if (!id.success) continue;
      const folder = datasetExportFolder(exportsDir, id.data);
      const [job] = (await dataSource.query('SELECT ended_at AS "endedAt" FROM dataset_jobs WHERE id = $1', [id.data])) as { endedAt: Date | null }[];
      const sinceMs = job ? job.endedAt?.getTime() : await stat(folder).then(({ mtimeMs }) => mtimeMs, () => undefined);
      if (job?.endedAt && job.endedAt.getTime() < nowMs - HALF_KEPT_MS) await removeHalves(folder);
      if (sinceMs !== undefined && sinceMs < nowMs - (job ? keepDays * DAY_MS : SETTLED_MS)) await rm(folder, { recursive: true, force: true });
    }
  }
}
