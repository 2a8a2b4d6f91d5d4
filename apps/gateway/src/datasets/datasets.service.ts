import type { Dataset, DatasetId, DatasetSettings, Page, PageQuery } from '@argus/contracts';
import { DatasetEntity, nameKeyOf, NO_COUNTS } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { ArrayContainedBy, DataSource, LessThan } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { countDataset } from './count-dataset.js';
import { datasetOf, maySee } from './dataset-view.js';
import { DatasetInUseError, DatasetNameTakenError, VersionKeptError } from './errors.js';

/** What a recipe put into this set of its matrix; the other sets keep theirs. */
const FORGET_OF_MATRIX = `
  DELETE FROM harvest_taken AS taken USING datasets AS gone WHERE gone.id = $1 AND gone.harvest_owner IS NOT NULL AND taken.recipe_id = gone.recipe_id AND taken.segment_id IN (
    SELECT id FROM recording_segments WHERE camera_id IN (SELECT id FROM cameras WHERE id::text = gone.harvest_owner)
    UNION ALL SELECT id FROM harvest_videos WHERE recipe_id = gone.recipe_id AND group_name = gone.harvest_owner)`;

/** Sample sets: what is said of them. */
@Injectable()
export class DatasetsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery, caller: Principal): Promise<Page<Dataset>> {
    const after = idAfter(query) as DatasetId | undefined;
    const { recordings } = caller.access;
    const where = {
      ...(recordings === null ? {} : { cameraIds: ArrayContainedBy(recordings), hasUnknownCameras: false }),
      ...(after ? { id: LessThan(after) } : {}),
    };
    const rows = await this.dataSource.getRepository(DatasetEntity).find({ where, order: { id: 'DESC' }, take: query.limit + 1 });
    const counted = await Promise.all(rows.map((row) => countDataset(this.dataSource, row)));
    return pageById(counted, query, datasetOf);
  }

  async get(id: DatasetId, caller: Principal): Promise<Dataset> {
    return datasetOf(await countDataset(this.dataSource, await this.require(id, caller)));
  }

  /** @throws NotFoundError also for who may not see all of its cameras */
  async require(id: DatasetId, caller: Principal): Promise<DatasetEntity> {
    const row = await this.dataSource.getRepository(DatasetEntity).findOneBy({ id });
    if (row === null || !maySee(row, caller)) throw new NotFoundError('dataset', id);
    return row;
  }

  /** @throws DatasetNameTakenError */
  async create(settings: DatasetSettings, caller: Principal): Promise<Dataset> {
    const now = new Date(this.clock.nowMs());
    const row = this.dataSource.manager.create(DatasetEntity, {
      ...settings,
      id: newId<DatasetId>(),
      nameKey: nameKeyOf(settings.name),
      cameraIds: [],
      hasUnknownCameras: false,
      counts: NO_COUNTS,
      countedRevision: 0,
      revision: 0,
      head: null,
      headRevision: null,
      recipeId: null,
      createdBy: caller.name,
      createdAt: now,
      updatedAt: now,
    });
    await this.dataSource.transaction(async (manager) => {
      if (await manager.existsBy(DatasetEntity, { nameKey: row.nameKey })) throw new DatasetNameTakenError(settings.name);
      await manager.insert(DatasetEntity, row);
      await this.audit.record(caller, { action: 'dataset.create', subject: 'dataset', subjectId: row.id, details: settings }, manager);
    });
    this.changes.announce('dataset');
    return datasetOf(row);
  }

  /** @throws NotFoundError, DatasetNameTakenError */
  async update(id: DatasetId, settings: DatasetSettings, caller: Principal): Promise<Dataset> {
    await this.require(id, caller);
    const nameKey = nameKeyOf(settings.name);
    await this.dataSource.transaction(async (manager) => {
      const other = await manager.findOneBy(DatasetEntity, { nameKey });
      if (other !== null && other.id !== id) throw new DatasetNameTakenError(settings.name);
      await manager.update(DatasetEntity, { id }, { ...settings, nameKey, updatedAt: new Date(this.clock.nowMs()) });
      await this.audit.record(caller, { action: 'dataset.update', subject: 'dataset', subjectId: id, details: settings }, manager);
    });
    this.changes.announce('dataset');
    return this.get(id, caller);
  }

  /** Pictures that no other set has are removed later, by the worker. @throws NotFoundError, DatasetInUseError, VersionKeptError */
  async remove(id: DatasetId, caller: Principal): Promise<void> {
    const { name } = await this.require(id, caller);
    const [run] = (await this.dataSource.query(`SELECT recipe->>'name' AS name FROM harvest_runs AS run WHERE state IN ('queued', 'running') AND (dataset_id = $1 OR EXISTS (SELECT 1 FROM harvest_parts WHERE run_id = run.id AND dataset_id = $1)) LIMIT 1`, [id])) as { name: string }[];
    const [job] = (await this.dataSource.query(`SELECT options->>'kind' AS kind FROM dataset_jobs WHERE state IN ('queued', 'running') AND (dataset_id = $1 OR (options#>>'{target,into}')::uuid = $1) LIMIT 1`, [id])) as { kind: string }[];
    if (job) throw new DatasetInUseError(`a job "${job.kind}" works on it`);
    if (run) throw new DatasetInUseError(`a run of the recipe "${run.name}" writes into it`);
    const [kept] = (await this.dataSource.query(`SELECT encode(digest, 'hex') AS digest FROM dataset_versions WHERE dataset_id = $1 AND is_kept AND gone_at IS NULL LIMIT 1`, [id])) as { digest: string }[];
    if (kept) throw new VersionKeptError(kept.digest);
    await this.dataSource.transaction(async (manager) => {
      // A recipe that took these pictures may take them again, into a new set.
      await manager.query(`DELETE FROM harvest_taken WHERE recipe_id IN (SELECT id FROM harvest_recipes WHERE (recipe->>'datasetId')::uuid = $1)`, [id]);
      await manager.query(FORGET_OF_MATRIX, [id]);
      await manager.delete(DatasetEntity, { id });
      await manager.query(`UPDATE harvest_recipes SET recipe = jsonb_set(recipe, '{datasetId}', 'null') WHERE (recipe->>'datasetId')::uuid = $1`, [id]);
      await this.audit.record(caller, { action: 'dataset.delete', subject: 'dataset', subjectId: id, details: { name } }, manager);
    });
    this.changes.announce('dataset');
  }
}
