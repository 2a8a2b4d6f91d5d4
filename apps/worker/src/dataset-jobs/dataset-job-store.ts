import { DatasetJobOptions, type DatasetId, type DatasetJob, type DatasetJobId, type DatasetJobResult } from '@argus/contracts';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { CLAIM_END, MOST_ATTEMPTS } from '../claims.js';
import { DatasetJobClaimLostError } from '../errors.js';

/** A job that this worker may work on until its claim runs out. */
export interface ClaimedDatasetJob {
  readonly id: DatasetJobId;
  readonly datasetId: DatasetId;
  readonly claim: string;
  readonly options: DatasetJobOptions;
  readonly cursor: Readonly<Record<string, unknown>>;
  readonly progress: DatasetJob['progress'];
  readonly createdBy: string;
}

/** Of one set one job at a time: what one chooses another may take out. */
const CLAIM = `
  UPDATE dataset_jobs SET state = 'running', claim = $1, claimed_until = ${CLAIM_END}, attempts = attempts + 1, started_at = coalesce(started_at, $2)
  WHERE id = (
    SELECT job.id FROM dataset_jobs AS job
    WHERE (job.state = 'queued' OR (job.state = 'running' AND job.claimed_until < now()))
      AND NOT EXISTS (SELECT 1 FROM dataset_jobs AS other WHERE other.dataset_id = job.dataset_id AND other.state = 'running' AND other.claimed_until >= now())
    ORDER BY job.id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, dataset_id AS "datasetId", claim, options, cursor, progress, created_by AS "createdBy", attempts`;

/** The rows of jobs as their worker writes them. What is not claimed by this worker any more is a DatasetJobClaimLostError. */
export class DatasetJobStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The oldest that waits, or that a dead worker left; null: none. One that killed its workers is given up. */
  async claim(): Promise<ClaimedDatasetJob | null> {
    for (;;) {
      const [[job]] = (await this.dataSource.query(CLAIM, [newId(), isoTime(this.clock.nowMs())])) as [(ClaimedDatasetJob & { attempts: number })[], number];
      if (!job) return null;
      if (job.attempts <= MOST_ATTEMPTS) return { ...job, options: DatasetJobOptions.parse(job.options) };
      await this.fail(job, 'workers died at this place of the job three times');
    }
  }

  /** Says that it is still at it. */
  async renew(job: ClaimedDatasetJob): Promise<void> {
    await this.#update(this.dataSource.manager, job, `claimed_until = ${CLAIM_END}`, []);
  }

  /** How far it is. Of a job that is begun anew after a crash this is no step: the attempts count on. */
  async tell(job: ClaimedDatasetJob, progress: DatasetJob['progress']): Promise<void> {
    await this.#update(this.dataSource.manager, job, 'progress = $3', [JSON.stringify(progress)]);
  }

  /** What was done and the place behind it, or none of both. Nothing of a job that was stopped is written any more. */
  async advance<Done extends { readonly cursor: object }>(job: ClaimedDatasetJob, progress: DatasetJob['progress'], write: (manager: EntityManager) => Promise<Done>): Promise<Done> {
    return this.dataSource.transaction(async (manager) => {
      await this.#update(manager, job, `progress = $3, claimed_until = ${CLAIM_END}, attempts = 0`, [JSON.stringify(progress)]);
      const done = await write(manager);
      await this.#update(manager, job, 'cursor = $3', [JSON.stringify(done.cursor)]);
      return done;
    });
  }

  /** What came out, with what it changes. */
  async finish(job: ClaimedDatasetJob, progress: DatasetJob['progress'], conclude: (manager: EntityManager) => Promise<DatasetJobResult>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.#update(manager, job, `claimed_until = ${CLAIM_END}`, []);
      const result = await conclude(manager);
      await this.#update(manager, job, `state = 'done', claim = NULL, claimed_until = NULL, progress = $3, result = $4, ended_at = $5`, [JSON.stringify(progress), JSON.stringify(result), isoTime(this.clock.nowMs())]);
    });
  }

  async fail(job: ClaimedDatasetJob, problem: string): Promise<void> {
    await this.#update(this.dataSource.manager, job, `state = 'failed', claim = NULL, claimed_until = NULL, problem = $3, ended_at = $4`, [problem.slice(0, 2000), isoTime(this.clock.nowMs())]);
  }

  /** Puts it back for the next worker: it was not the job's fault. */
  async release(job: ClaimedDatasetJob): Promise<void> {
    await this.#update(this.dataSource.manager, job, `state = 'queued', claim = NULL, claimed_until = NULL, attempts = greatest(0, attempts - 1)`, []);
  }

  async #update(manager: EntityManager, { id, claim }: ClaimedDatasetJob, set: string, values: readonly unknown[]): Promise<void> {
    const [, count] = (await manager.query(`UPDATE dataset_jobs SET ${set} WHERE id = $1 AND claim = $2`, [id, claim, ...values])) as [unknown[], number];
    if (count === 0) throw new DatasetJobClaimLostError(id);
  }
}
