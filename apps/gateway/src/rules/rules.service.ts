import type { CameraId, CameraScope, Page, PageQuery, Rule, RuleId, RuleSettings, SavedRule } from '@argus/contracts';
import { CameraEntity, PipelineEntity, RuleEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { ArrayOverlap, DataSource, In, IsNull, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { OutsideScopeError } from '../auth/errors.js';
import { scopeWithin, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { ruleWarnings } from './rule-warnings.js';

/** Rules. A scoped caller sees the rules of their cameras, and changes those that concern no other camera. */
@Injectable()
export class RulesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery, caller: Principal): Promise<Page<Rule>> {
    const after = idAfter(query) as RuleId | undefined;
    const where = visibleTo(caller.cameraScope).map((visible) => (after ? { ...visible, id: MoreThan(after) } : visible));
    const rows = await this.dataSource.getRepository(RuleEntity).find({ where, order: { id: 'ASC' }, take: query.limit + 1 });
    return pageById(rows, query, (row) => ruleFor(row, caller.cameraScope));
  }

  async get(id: RuleId, caller: Principal): Promise<Rule> {
    return ruleFor(await requireRule(id, caller, this.dataSource.manager), caller.cameraScope);
  }

  async create(body: RuleSettings, caller: Principal): Promise<SavedRule> {
    requireOwnCameras(body.cameraIds, caller);
    const now = new Date(this.clock.nowMs());
    const rule = this.dataSource.manager.create(RuleEntity, { ...body, id: newId<RuleId>(), createdAt: now, updatedAt: now });
    return this.#change(async (manager) => {
      const warnings = await this.#check(body, manager);
      await manager.insert(RuleEntity, rule);
      await this.audit.record(caller, { action: 'rule.create', subject: 'rule', subjectId: rule.id, details: body }, manager);
      return { ...ruleFor(rule, null), warnings };
    });
  }

  async update(id: RuleId, body: RuleSettings, caller: Principal): Promise<SavedRule> {
    return this.#change(async (manager) => {
      const old = await requireRule(id, caller, manager);
      requireOwnCameras(old.cameraIds, caller);
      requireOwnCameras(body.cameraIds, caller);
      const warnings = await this.#check(body, manager);
      const rule = manager.create(RuleEntity, { ...old, ...body, updatedAt: new Date(this.clock.nowMs()) });
      await manager.save(RuleEntity, rule);
      await this.audit.record(caller, { action: 'rule.update', subject: 'rule', subjectId: id, details: body }, manager);
      return { ...ruleFor(rule, null), warnings };
    });
  }

  async remove(id: RuleId, caller: Principal): Promise<void> {
    await this.#change(async (manager) => {
      const rule = await requireRule(id, caller, manager);
      requireOwnCameras(rule.cameraIds, caller);
      await manager.delete(RuleEntity, { id });
      await this.audit.record(caller, { action: 'rule.delete', subject: 'rule', subjectId: id, details: { name: rule.name } }, manager);
    });
  }

  /** Refuses unknown cameras; says what may keep the rule silent. */
  async #check(body: RuleSettings, manager: EntityManager): Promise<string[]> {
    const cameras = await manager.find(CameraEntity, { where: body.cameraIds ? { id: In(body.cameraIds) } : {}, order: { id: 'ASC' } });
    const missing = body.cameraIds?.findIndex((id) => !cameras.some((camera) => camera.id === id)) ?? -1;
    if (missing >= 0) throw InvalidRequestError.ofField(`cameraIds.${missing}`, 'there is no such camera');
    return ruleWarnings(body, cameras, await manager.find(PipelineEntity));
  }

  async #change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(work);
    this.changes.announce('rule');
    return result;
  }
}

const visibleTo = (scope: CameraScope): FindOptionsWhere<RuleEntity>[] => (scope === null ? [{}] : [{ cameraIds: IsNull() }, { cameraIds: ArrayOverlap(scope) }]);

async function requireRule(id: RuleId, caller: Principal, manager: EntityManager): Promise<RuleEntity> {
  const rule = await manager.findOne(RuleEntity, { where: visibleTo(caller.cameraScope).map((visible) => ({ ...visible, id })) });
  if (!rule) throw new NotFoundError('rule', id);
  return rule;
}

function requireOwnCameras(cameraIds: readonly CameraId[] | null, caller: Principal): void {
  if (!scopeWithin(cameraIds === null ? null : [...cameraIds], caller.cameraScope)) throw new OutsideScopeError('this rule');
}

/** Ids of cameras that the reader may not see are left out. */
function ruleFor({ createdAt, updatedAt, ...settings }: RuleEntity, scope: CameraScope): Rule {
  const cameraIds = scope === null ? settings.cameraIds : (settings.cameraIds?.filter((id) => scope.includes(id)) ?? null);
  return { ...settings, cameraIds, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
