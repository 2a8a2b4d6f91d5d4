import type { Export, ExportFile, ExportId, ExportProgress } from '@argus/contracts';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { CLAIM_END, MOST_ATTEMPTS } from '../claims.js';
import { ClaimLostError } from '../errors.js';

/** A job that this worker may work on until its claim runs out. */
export interface ClaimedExport extends Pick<Export, 'id' | 'title' | 'note' | 'ranges' | 'options' | 'files' | 'createdBy'> {
  readonly claim: string;
  readonly createdAt: Date;
}

/** The gateway looks each minute, and is started anew at times. */
const SEEN_WITHIN_MS = 600_000;

const CLAIM = `
  UPDATE exports SET state = 'running', claim = $1, claimed_until = ${CLAIM_END}, attempts = attempts + 1, error = NULL
  WHERE id = (SELECT id FROM exports WHERE state = 'queued' OR (state = 'running' AND claimed_until < now()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, title, note, ranges, options, files, claim, created_by AS "createdBy", created_at AS "createdAt", attempts`;

const GIVEN_UP = `workers ended ${MOST_ATTEMPTS} times at the same file of this export, most likely for want of memory (their log and the system's say more); give them more and go on with the export, or export a shorter range`;

/** The rows of exports as their worker writes them. What is not claimed by this worker any more is a ClaimLostError. */
export class ExportStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The oldest that waits, or that a dead worker left; null: none. One that killed its workers is given up. */
  async claim(): Promise<ClaimedExport | null> {
    for (;;) {
      const [[job]] = (await this.dataSource.query(CLAIM, [newId()])) as [(ClaimedExport & { attempts: number })[], number];
      if (!job) return null;
      if (job.attempts <= MOST_ATTEMPTS) return job;
      await this.fail(job, GIVEN_UP);
    }
  }

  /** Renews the claim. */
  async report(job: ClaimedExport, progress: ExportProgress): Promise<void> {
    await this.#update(job, `progress = $3, claimed_until = ${CLAIM_END}`, [JSON.stringify(progress)]);
  }

  async addFile(job: ClaimedExport, file: ExportFile): Promise<void> {
    await this.#update(job, 'files = files || $3::jsonb, attempts = 0', [JSON.stringify([file])]);
  }

  /** Files of ranges that are begun anew, because not all of them were whole. */
  async keepFiles(job: ClaimedExport, files: readonly ExportFile[]): Promise<void> {
    await this.#update(job, 'files = $3', [JSON.stringify(files)]);
  }

  async finish(job: ClaimedExport, progress: ExportProgress, manifestSha256: string): Promise<void> {
    await this.#update(job, `state = 'done', claim = NULL, claimed_until = NULL, progress = $3, manifest_sha256 = $4, finished_at = $5`, [JSON.stringify(progress), manifestSha256, isoTime(this.clock.nowMs())]);
  }

  async fail(job: ClaimedExport, error: string): Promise<void> {
    await this.#update(job, `state = 'failed', claim = NULL, claimed_until = NULL, error = $3, finished_at = $4, ${NOTHING_RUNS}`, [error.slice(0, 2000), isoTime(this.clock.nowMs())]);
  }

  /** Puts it back for the next worker. */
  async release(job: ClaimedExport): Promise<void> {
    await this.#update(job, `state = 'queued', claim = NULL, claimed_until = NULL, attempts = greatest(0, attempts - 1), ${NOTHING_RUNS}`, []);
  }

  async exists(id: ExportId): Promise<boolean> {
    return ((await this.dataSource.query('SELECT 1 FROM exports WHERE id = $1', [id])) as unknown[]).length > 0;
  }

  /** The clock, unless it was set ahead: then as far as the gateway, which looks once a minute, lets footage grow old. Without a gateway nothing does. */
  async believedMs(): Promise<number> {
    const [row] = (await this.dataSource.query('SELECT seen_at FROM recording_clock')) as { seen_at: Date }[];
    return Math.min(this.clock.nowMs(), row ? row.seen_at.getTime() + SEEN_WITHIN_MS : Infinity);
  }

  /** Finished before; at most some at once. */
  async finishedBefore(moment: Date): Promise<ExportId[]> {
    const rows = (await this.dataSource.query('SELECT id FROM exports WHERE finished_at < $1 ORDER BY finished_at LIMIT 100', [moment])) as { id: ExportId }[];
    return rows.map(({ id }) => id);
  }

  /** Unless somebody took it up again meanwhile. */
  async removeFinished(id: ExportId, before: Date): Promise<void> {
    await this.dataSource.query('DELETE FROM exports WHERE id = $1 AND finished_at < $2', [id, before]);
  }

  async #update(job: ClaimedExport, set: string, values: readonly unknown[]): Promise<void> {
    const [, count] = (await this.dataSource.query(`UPDATE exports SET ${set} WHERE id = $1 AND claim = $2`, [job.id, job.claim, ...values])) as [unknown[], number];
    if (count === 0) throw new ClaimLostError(job.id);
  }
}

const NOTHING_RUNS = `progress = progress || '{"bytesPerSecond": null, "secondsLeft": null}'`;
