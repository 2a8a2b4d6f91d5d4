import type { AuditEntry, Page, PageQuery } from '@argus/contracts';
import { AuditEntity } from '@argus/database';
import { newId, redactCredentials, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { CLOCK } from '../tokens.js';

/** Who acts, as the audit needs to know it. */
export type Actor = Pick<Principal, 'name' | 'remoteAddress'>;

export interface AuditRecord {
  /** `camera.create`, `auth.sign-in`, … */
  readonly action: string;
  readonly subject: string;
  readonly subjectId: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

const SECRETS = new Set(['password', 'passwordHash', 'secret', 'sealedSecret', 'sealedUrl', 'sealedAnalysisUrl', 'key', 'keyHash', 'token']);

/** One row for every change, every sign-in and every look at footage. Changes write theirs in their own transaction by passing its manager. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the row's id */
  async record(actor: Actor, entry: AuditRecord, manager: EntityManager = this.dataSource.manager): Promise<string> {
    const id = newId();
    await manager.insert(AuditEntity, {
      id,
      at: new Date(this.clock.nowMs()),
      actor: actor.name,
      action: entry.action,
      subject: entry.subject,
      subjectId: entry.subjectId,
      details: withoutSecrets(entry.details ?? {}) as Record<string, never>,
      remoteAddress: actor.remoteAddress,
    });
    return id;
  }

  /** For what goes on after its row was written: a look at footage that becomes longer. */
  async amend(id: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    await this.dataSource.manager.update(AuditEntity, { id }, { details: withoutSecrets(details) as Record<string, never> });
  }

  async list(query: PageQuery, caller: Principal): Promise<Page<AuditEntry>> {
    requireAllCameras(caller, 'the audit');
    const after = idAfter(query);
    const rows = await this.dataSource.getRepository(AuditEntity).find({ where: after ? { id: LessThan(after) } : {}, order: { id: 'DESC' }, take: query.limit + 1 });
    return pageById(rows, query, ({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  }
}

/** Secret fields are named but not shown; credentials inside URLs are cut out. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return redactCredentials(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, SECRETS.has(key) && inner !== undefined ? '***' : withoutSecrets(inner)]));
}
