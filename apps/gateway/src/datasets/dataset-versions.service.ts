import type { ChangeVersion, DatasetId, DatasetVersion } from '@argus/contracts';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { DatasetsService } from './datasets.service.js';
import { DatasetInUseError, VersionKeptError } from './errors.js';

interface VersionRow extends Pick<DatasetVersion, 'counts' | 'message'> {
  readonly digest: Buffer;
  readonly parents: readonly Buffer[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly is_kept: boolean;
  readonly gone_at: Date | null;
  readonly originals: number;
}

const COLUMNS = 'digest, parents, counts, message, created_by, created_at, is_kept, gone_at, originals';
/** Jobs that read it, or will. */
const AT_WORK = `
  SELECT kind FROM dataset_jobs WHERE dataset_id = $1 AND state IN ('queued', 'running') AND $2 IN (options->>'digest', options->>'version', options->>'from', options->>'to') LIMIT 1`;

/** Sealed states of sample sets. Who does not see a set does not see its versions. */
@Injectable()
export class DatasetVersionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list(id: DatasetId, caller: Principal): Promise<DatasetVersion[]> {
    await this.datasets.require(id, caller);
    const rows = (await this.dataSource.query(`SELECT ${COLUMNS} FROM dataset_versions WHERE dataset_id = $1 ORDER BY seq DESC LIMIT 1000`, [id])) as VersionRow[];
    return rows.map(versionOf);
  }

  /** One whose content is there, and how many of its pictures are originals. @throws NotFoundError */
  async require(id: DatasetId, digest: string): Promise<{ readonly originals: number }> {
    const row = await this.#find(id, digest);
    if (!row || row.gone_at) throw new NotFoundError('dataset-version', digest);
    return row;
  }

  async change(id: DatasetId, digest: string, { isKept }: ChangeVersion, caller: Principal): Promise<DatasetVersion> {
    await this.datasets.require(id, caller);
    await this.dataSource.transaction(async (manager) => {
      const [, count] = (await manager.query('UPDATE dataset_versions SET is_kept = $3 WHERE dataset_id = $1 AND digest = $2 AND gone_at IS NULL', [id, bytesOf(digest), isKept])) as [unknown, number];
      if (count === 0) throw new NotFoundError('dataset-version', digest);
      await this.audit.record(caller, { action: 'dataset.change-version', subject: 'dataset', subjectId: id, details: { digest, isKept } }, manager);
    });
    this.changes.announce('dataset');
    return versionOf((await this.#find(id, digest)) as VersionRow);
  }

  /** Its row stays, so that what was made from it still says so; the worker removes its file. @throws NotFoundError, VersionKeptError, DatasetInUseError */
  async remove(id: DatasetId, digest: string, caller: Principal): Promise<void> {
    await this.datasets.require(id, caller);
    const row = await this.#find(id, digest);
    if (!row || row.gone_at) throw new NotFoundError('dataset-version', digest);
    if (row.is_kept) throw new VersionKeptError(digest);
    await this.dataSource.transaction(async (manager) => {
      const [job] = (await manager.query(AT_WORK, [id, digest])) as { kind: string }[];
      if (job) throw new DatasetInUseError(`a job "${job.kind}" reads this version`);
      const [, count] = (await manager.query('UPDATE dataset_versions SET gone_at = $3 WHERE dataset_id = $1 AND digest = $2 AND NOT is_kept AND gone_at IS NULL', [id, bytesOf(digest), new Date(this.clock.nowMs())])) as [unknown, number];
      if (count === 0) throw new VersionKeptError(digest);
      // What the set is now is in no version any more.
      await manager.query('UPDATE datasets SET head_revision = NULL WHERE id = $1 AND head = $2', [id, bytesOf(digest)]);
      await this.audit.record(caller, { action: 'dataset.delete-version', subject: 'dataset', subjectId: id, details: { digest } }, manager);
    });
    this.changes.announce('dataset');
  }

  async #find(id: DatasetId, digest: string): Promise<VersionRow | undefined> {
    const [row] = (await this.dataSource.query(`SELECT ${COLUMNS} FROM dataset_versions WHERE dataset_id = $1 AND digest = $2`, [id, bytesOf(digest)])) as VersionRow[];
    return row;
  }
}

const bytesOf = (digest: string): Buffer => Buffer.from(digest, 'hex');

const versionOf = ({ digest, parents, counts, message, created_by, created_at, is_kept, gone_at }: VersionRow): DatasetVersion => ({
  digest: digest.toString('hex'), parents: parents.map((one) => one.toString('hex')), counts, message, createdBy: created_by, createdAt: created_at.toISOString(), isKept: is_kept, isGone: gone_at !== null,
});
