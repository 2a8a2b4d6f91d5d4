import type { Page, PageQuery, Pipeline, PipelineId, PipelineSettings } from '@argus/contracts';
import { CameraEntity, PipelineEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { DefaultPipelineError, PipelineInUseError } from './errors.js';

/** Pipelines concern every camera that uses them, so only who sees all cameras may change one. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery): Promise<Page<Pipeline>> {
    const after = idAfter(query) as PipelineId | undefined;
    const rows = await this.dataSource.getRepository(PipelineEntity).find({ where: after ? { id: MoreThan(after) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
    return pageById(rows, query, pipelineOf);
  }

  async create(body: PipelineSettings, caller: Principal): Promise<Pipeline> {
    requireAllCameras(caller, 'a pipeline');
    const now = new Date(this.clock.nowMs());
    const pipeline = this.dataSource.manager.create(PipelineEntity, { ...body, id: newId<PipelineId>(), isDefault: false, createdAt: now, updatedAt: now });
    await this.#change(async (manager) => {
      await manager.insert(PipelineEntity, pipeline);
      await this.audit.record(caller, { action: 'pipeline.create', subject: 'pipeline', subjectId: pipeline.id, details: body }, manager);
    });
    return pipelineOf(pipeline);
  }

  async update(id: PipelineId, body: PipelineSettings, caller: Principal): Promise<Pipeline> {
    requireAllCameras(caller, 'a pipeline');
    return this.#change(async (manager) => {
      const old = await requirePipeline(id, manager);
      const pipeline = manager.create(PipelineEntity, { ...old, ...body, updatedAt: new Date(this.clock.nowMs()) });
      await manager.save(PipelineEntity, pipeline);
      await this.audit.record(caller, { action: 'pipeline.update', subject: 'pipeline', subjectId: id, details: body }, manager);
      return pipelineOf(pipeline);
    });
  }

  async remove(id: PipelineId, caller: Principal): Promise<void> {
    requireAllCameras(caller, 'a pipeline');
    await this.#change(async (manager) => {
      const pipeline = await requirePipeline(id, manager);
      if (pipeline.isDefault) throw new DefaultPipelineError();
      // The row is locked, so no camera can start to use it between this look and the removal.
      await manager.query('SELECT 1 FROM pipelines WHERE id = $1 FOR UPDATE', [id]);
      const users = await manager.countBy(CameraEntity, { pipelineId: id });
      if (users > 0) throw new PipelineInUseError(users);
      await manager.delete(PipelineEntity, { id });
      await this.audit.record(caller, { action: 'pipeline.delete', subject: 'pipeline', subjectId: id, details: { name: pipeline.name } }, manager);
    });
  }

  async #change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(work);
    this.changes.announce('pipeline');
    return result;
  }
}

async function requirePipeline(id: PipelineId, manager: EntityManager): Promise<PipelineEntity> {
  const pipeline = await manager.findOneBy(PipelineEntity, { id });
  if (!pipeline) throw new NotFoundError('pipeline', id);
  return pipeline;
}

const pipelineOf = ({ createdAt, updatedAt, ...settings }: PipelineEntity): Pipeline => ({ ...settings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });
