import type { ApiKey, ApiKeyId, CreateApiKey, CreatedApiKey, Page, PageQuery } from '@argus/contracts';
import { ApiKeyEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireWithinOwnRights } from '../auth/own-rights.js';
import type { Principal } from '../auth/principal.js';
import { hashToken, newSecretToken } from '../auth/secret-token.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery): Promise<Page<ApiKey>> {
    const after = idAfter(query) as ApiKeyId | undefined;
    const rows = await this.dataSource.getRepository(ApiKeyEntity).find({ where: after ? { id: MoreThan(after) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
    return pageById(rows, query, apiKeyOf);
  }

  async create(body: z.output<typeof CreateApiKey>, caller: Principal): Promise<z.output<typeof CreatedApiKey>> {
    requireWithinOwnRights(caller, body);
    const key = newSecretToken('argus_key_');
    const entity = this.dataSource.manager.create(ApiKeyEntity, {
      id: newId<ApiKeyId>(),
      name: body.name,
      permissions: body.permissions,
      cameraScope: body.cameraScope,
      groupRights: body.groupRights,
      keyHash: hashToken(key),
      createdAt: new Date(this.clock.nowMs()),
      createdBy: caller.name,
      lastUsedAt: null,
      expiresAt: body.expiresAt === null ? null : new Date(body.expiresAt),
    });
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(ApiKeyEntity, entity);
      await this.audit.record(caller, { action: 'api-key.create', subject: 'api-key', subjectId: entity.id, details: body }, manager);
    });
    this.changes.announce('api-key');
    return { ...apiKeyOf(entity), key };
  }

  async remove(id: ApiKeyId, caller: Principal): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const key = await manager.findOneBy(ApiKeyEntity, { id });
      if (!key) throw new NotFoundError('api-key', id);
      await manager.delete(ApiKeyEntity, { id });
      await this.audit.record(caller, { action: 'api-key.delete', subject: 'api-key', subjectId: id, details: { name: key.name, permissions: key.permissions, cameraScope: key.cameraScope, groupRights: key.groupRights } }, manager);
    });
    this.changes.announce('api-key');
  }
}

const apiKeyOf = (key: ApiKeyEntity): ApiKey => ({
  id: key.id,
  name: key.name,
  permissions: key.permissions,
  cameraScope: key.cameraScope,
  groupRights: key.groupRights,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  expiresAt: key.expiresAt?.toISOString() ?? null,
});
