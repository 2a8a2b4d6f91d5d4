import { DatasetJobOptions, type DatasetId, type DatasetJob, type DatasetJobId, type DatasetJobSummary, type Page, type PageQuery, type StartDatasetJobs } from '@argus/contracts';
import { DatasetEntity, DatasetJobEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Principal } from '../auth/principal.js';
import { maySee } from '../datasets/dataset-view.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { DatasetJobChecks } from './dataset-job-checks.js';
import { DatasetJobWakeUps } from './dataset-job-wake-ups.js';
import { jobOf, summaryOf } from './dataset-job-rows.js';
import { DatasetJobStateError } from './errors.js';

const CANCEL = `UPDATE dataset_jobs SET state = 'cancelled', ended_at = $2, claim = NULL, claimed_until = NULL WHERE id = $1 AND state IN ('queued', 'running')`;
const RESUME = `UPDATE dataset_jobs SET state = 'queued', ended_at = NULL, problem = NULL, attempts = 0 WHERE id = $1 AND state IN ('failed', 'cancelled')`;

/** Jobs on sample sets as people ask for them; workers do the work. Who does not see a set does not see its jobs. */
@Injectable()
export class DatasetJobsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly wakeUps: DatasetJobWakeUps,
    private readonly checks: DatasetJobChecks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws what DatasetJobChecks throws */
  async create(datasetId: DatasetId, options: DatasetJobOptions, caller: Principal): Promise<DatasetJob> {
    const [job] = await this.createAll({ datasetIds: [datasetId], job: options }, caller);
    return job as DatasetJob;
  }

  /** One job for each set, or none where one of them may not be worked on. @throws as `create` */
  async createAll({ datasetIds, job: options }: StartDatasetJobs, caller: Principal): Promise<DatasetJob[]> {
    const sets: DatasetEntity[] = [];
    for (const id of new Set(datasetIds)) sets.push(await this.datasets.require(id, caller));
    for (const set of sets) await this.checks.require(set, options, caller, false);
    const rows = sets.map(({ id: datasetId }) =>
      this.dataSource.manager.create(DatasetJobEntity, {
        id: newId<DatasetJobId>(), datasetId, kind: options.kind, options, state: 'queued', progress: { done: 0, total: 0, secondsLeft: null }, result: null, problem: null,
        createdBy: caller.name, createdAt: new Date(this.clock.nowMs()), startedAt: null, endedAt: null, claim: null, claimedUntil: null, attempts: 0, cursor: {},
      }),
    );
    await this.dataSource.transaction(async (manager) => {
      for (const [index, row] of rows.entries()) {
        const { id: dataset, name } = sets[index] as DatasetEntity;
        await manager.insert(DatasetJobEntity, row);
        await this.audit.record(caller, { action: 'dataset-job.create', subject: 'dataset-job', subjectId: row.id, details: { dataset, name, ...auditOf(options) } }, manager);
        if (options.kind === 'export') await this.audit.record(caller, { action: 'dataset.export', subject: 'dataset', subjectId: dataset, details: { job: row.id, name, format: options.format, version: options.version, audience: options.audience } }, manager);
      }
    });
    for (const { id } of rows) await this.wakeUps.wake(id);
    return rows.map(jobOf);
  }

  async list(datasetId: DatasetId, query: PageQuery, caller: Principal): Promise<Page<DatasetJobSummary>> {
    await this.datasets.require(datasetId, caller);
    const after = idAfter(query) as DatasetJobId | undefined;
    const rows = await this.dataSource.getRepository(DatasetJobEntity).find({
      select: { id: true, datasetId: true, kind: true, options: true, state: true, progress: true, problem: true, createdBy: true, createdAt: true, startedAt: true, endedAt: true },
      where: { datasetId, ...(after ? { id: LessThan(after) } : {}) },
      order: { id: 'DESC' },
      take: query.limit + 1,
    });
    return pageById(rows, query, summaryOf);
  }

  async get(id: DatasetJobId, caller: Principal): Promise<DatasetJob> {
    return jobOf(await this.#require(id, caller));
  }

  /** The worker stops within the batch in hand; what was done stays. @throws DatasetJobStateError when it is over */
  cancel(id: DatasetJobId, caller: Principal): Promise<DatasetJob> {
    return this.#change(id, caller, 'dataset-job.cancel', CANCEL, [new Date(this.clock.nowMs())], 'only one that waits or works can be stopped');
  }

  /** @throws DatasetJobStateError unless it failed or was stopped */
  async resume(id: DatasetJobId, caller: Principal): Promise<DatasetJob> {
    const { datasetId, options } = await this.#require(id, caller);
    await this.checks.require(await this.datasets.require(datasetId, caller), DatasetJobOptions.parse(options), caller, true);
    const job = await this.#change(id, caller, 'dataset-job.resume', RESUME, [], 'only one that failed or was stopped can be gone on with');
    await this.wakeUps.wake(id);
    return job;
  }

  async #change(id: DatasetJobId, caller: Principal, action: string, sql: string, values: readonly unknown[], wanted: string): Promise<DatasetJob> {
    const { state } = await this.#require(id, caller);
    await this.dataSource.transaction(async (manager) => {
      const [, count] = (await manager.query(sql, [id, ...values])) as [unknown[], number];
      if (count === 0) throw new DatasetJobStateError(wanted, state);
      await this.audit.record(caller, { action, subject: 'dataset-job', subjectId: id }, manager);
    });
    this.changes.announce('dataset');
    return this.get(id, caller);
  }

  async #require(id: DatasetJobId, caller: Principal): Promise<DatasetJobEntity> {
    const row = await this.dataSource.getRepository(DatasetJobEntity).findOneBy({ id });
    const set = row && (await this.dataSource.getRepository(DatasetEntity).findOneBy({ id: row.datasetId }));
    if (!row || !set || !maySee(set, caller)) throw new NotFoundError('dataset-job', id);
    return row;
  }
}

/** Of many parts their pictures: where each lies, the new samples say. */
const auditOf = (options: DatasetJobOptions) => (options.kind === 'transform' ? { ...options, parts: options.parts.map(({ sha256 }) => sha256) } : options);
