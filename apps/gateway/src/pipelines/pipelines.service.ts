import type { ModelId, Page, PageQuery, PipelineId, PipelineSettings, PipelineView, RolloutSettings } from '@argus/contracts';
import { CameraEntity, ModelEntity, PipelineEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, MoreThan, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { DefaultPipelineError, ModelNotReadyError, NoPreviousDetectorError, NoRolloutError, PipelineInUseError } from './errors.js';
import { pipelineViews } from './pipeline-views.js';

type Change = (old: PipelineEntity, manager: EntityManager) => Partial<PipelineSettings> | Promise<Partial<PipelineSettings>>;

/** Pipelines concern every camera that uses them, so only who sees all cameras may change one. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery, caller: Principal): Promise<Page<PipelineView>> {
    const after = idAfter(query) as PipelineId | undefined;
    const rows = await this.dataSource.getRepository(PipelineEntity).find({ where: after ? { id: MoreThan(after) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
    const views = new Map((await pipelineViews(rows, caller.cameraScope, this.dataSource.manager)).map((view) => [view.id, view]));
    return pageById(rows, query, (row) => views.get(row.id) as PipelineView);
  }

  async create(body: PipelineSettings, caller: Principal): Promise<PipelineView> {
    requireAllCameras(caller, 'a pipeline');
    const now = new Date(this.clock.nowMs());
    const pipeline = this.dataSource.manager.create(PipelineEntity, { ...body, id: newId<PipelineId>(), isDefault: false, previousDetector: null, createdAt: now, updatedAt: now });
    return this.#change(async (manager) => {
      await requireRollout(body.rollout, body.detector, 'rollout.', manager);
      await manager.insert(PipelineEntity, pipeline);
      await this.audit.record(caller, { action: 'pipeline.create', subject: 'pipeline', subjectId: pipeline.id, details: body }, manager);
      return this.#view(pipeline, caller, manager);
    });
  }

  update(id: PipelineId, body: PipelineSettings, caller: Principal): Promise<PipelineView> {
    return this.#rewrite(id, caller, 'pipeline.update', async (_old, manager) => {
      await requireRollout(body.rollout, body.detector, 'rollout.', manager);
      return body;
    });
  }

  startRollout(id: PipelineId, rollout: RolloutSettings, caller: Principal): Promise<PipelineView> {
    return this.#rewrite(id, caller, 'pipeline.start-rollout', async (old, manager) => {
      await requireRollout(rollout, old.detector, '', manager);
      return { rollout };
    });
  }

  endRollout(id: PipelineId, caller: Principal): Promise<PipelineView> {
    return this.#rewrite(id, caller, 'pipeline.end-rollout', () => ({ rollout: null }));
  }

  promote(id: PipelineId, caller: Principal): Promise<PipelineView> {
    return this.#rewrite(id, caller, 'pipeline.promote', async (old, manager) => {
      if (!old.rollout) throw new NoRolloutError();
      await requireUsable(old.rollout.candidate, manager);
      return { detector: old.rollout.candidate, rollout: null };
    });
  }

  /** Twice is back where it began: what was rolled back from is the previous detector now. */
  rollBack(id: PipelineId, caller: Principal): Promise<PipelineView> {
    return this.#rewrite(id, caller, 'pipeline.roll-back', async (old, manager) => {
      if (old.previousDetector === null) throw new NoPreviousDetectorError();
      await requireUsable(old.previousDetector, manager);
      return { detector: old.previousDetector, ...(old.rollout?.candidate === old.previousDetector ? { rollout: null } : {}) };
    });
  }

  async remove(id: PipelineId, caller: Principal): Promise<void> {
    requireAllCameras(caller, 'a pipeline');
    await this.#change(async (manager) => {
      // The row is locked, so no camera can start to use it between this look and the removal.
      const pipeline = await requirePipeline(id, manager);
      if (pipeline.isDefault) throw new DefaultPipelineError();
      const users = await manager.countBy(CameraEntity, { pipelineId: id });
      if (users > 0) throw new PipelineInUseError(users);
      await manager.delete(PipelineEntity, { id });
      await this.audit.record(caller, { action: 'pipeline.delete', subject: 'pipeline', subjectId: id, details: { name: pipeline.name } }, manager);
    });
  }

  /** One change of a locked row with its audit row; a detector that is replaced is remembered. */
  async #rewrite(id: PipelineId, caller: Principal, action: string, change: Change): Promise<PipelineView> {
    requireAllCameras(caller, 'a pipeline');
    return this.#change(async (manager) => {
      const old = await requirePipeline(id, manager);
      const changed = await change(old, manager);
      const previousDetector = changed.detector === undefined || changed.detector === old.detector ? old.previousDetector : old.detector;
      const pipeline = manager.create(PipelineEntity, { ...old, ...changed, previousDetector, updatedAt: new Date(this.clock.nowMs()) });
      await manager.save(PipelineEntity, pipeline);
      await this.audit.record(caller, { action, subject: 'pipeline', subjectId: id, details: { name: old.name, ...changed, previousDetector } }, manager);
      return this.#view(pipeline, caller, manager);
    });
  }

  async #view(pipeline: PipelineEntity, caller: Principal, manager: EntityManager): Promise<PipelineView> {
    return (await pipelineViews([pipeline], caller.cameraScope, manager))[0] as PipelineView;
  }

  async #change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(work);
    this.changes.announce('pipeline');
    return result;
  }
}

async function requirePipeline(id: PipelineId, manager: EntityManager): Promise<PipelineEntity> {
  const pipeline = await manager.findOne(PipelineEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!pipeline) throw new NotFoundError('pipeline', id);
  return pipeline;
}

/** A candidate is another model, may not be installed yet, but is no classifier; its cameras exist. */
async function requireRollout(rollout: RolloutSettings | null, detector: ModelId, path: string, manager: EntityManager): Promise<void> {
  if (!rollout) return;
  const { candidate, canaryCameraIds } = rollout;
  if (candidate === detector) throw InvalidRequestError.ofField(`${path}candidate`, 'expected another model than the detector in use');
  const model = await manager.findOneBy(ModelEntity, { id: candidate });
  if (model && model.summary.task !== 'detect') throw InvalidRequestError.ofField(`${path}candidate`, `expected a detector, got a model that can ${model.summary.task}`);
  const known = new Set((await manager.find(CameraEntity, { where: { id: In(canaryCameraIds) }, select: { id: true } })).map((camera) => camera.id));
  const missing = canaryCameraIds.findIndex((id) => !known.has(id));
  if (missing >= 0) throw InvalidRequestError.ofField(`${path}canaryCameraIds.${missing}`, 'there is no such camera');
}

/** Cameras must not be left without a detector by a button. */
async function requireUsable(id: ModelId, manager: EntityManager): Promise<void> {
  const summary = (await manager.findOneBy(ModelEntity, { id }))?.summary;
  if (!summary) throw new ModelNotReadyError(id, 'it is not installed');
  if (summary.state === 'refused') throw new ModelNotReadyError(id, summary.problem ?? 'it was refused');
}
