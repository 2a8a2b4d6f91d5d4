import { ROLE_PERMISSIONS, type CreateUser, type Page, type PageQuery, type UpdateUser, type User, type UserId } from '@argus/contracts';
import { UserEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { AuditTrail } from '../audit/audit-trail.js';
import { nameKeyOf } from '../auth/auth.service.js';
import { hashPassword } from '../auth/password.js';
import type { Principal } from '../auth/principal.js';
import { requireWithinOwnRights, type GivenRights } from '../auth/own-rights.js';
import { SessionRepository } from '../auth/session.repository.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { LastAdminError, UserNameTakenError } from './errors.js';

/** Any number: changes of users take turns by it, so that two admins cannot remove each other. */
const USERS_LOCK = 7300_2;

@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionRepository,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery): Promise<Page<User>> {
    const after = idAfter(query) as UserId | undefined;
    const rows = await this.dataSource.getRepository(UserEntity).find({ where: after ? { id: MoreThan(after) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
    return pageById(rows, query, userOf);
  }

  async create(body: z.output<typeof CreateUser>, caller: Principal): Promise<User> {
    requireWithinOwnRights(caller, rightsOf(body));
    const passwordHash = await hashPassword(body.password);
    const now = new Date(this.clock.nowMs());
    const { name, role, cameraScope, groupRights } = body;
    return this.#change(async (manager) => {
      if (await manager.existsBy(UserEntity, { nameKey: nameKeyOf(name) })) throw new UserNameTakenError(name);
      const user = manager.create(UserEntity, { id: newId<UserId>(), name, nameKey: nameKeyOf(name), role, cameraScope, groupRights, passwordHash, disabled: false, lastSignInAt: null, createdAt: now, updatedAt: now });
      await manager.insert(UserEntity, user);
      await this.audit.record(caller, { action: 'user.create', subject: 'user', subjectId: user.id, details: { name, role, cameraScope, groupRights } }, manager);
      return userOf(user);
    });
  }

  /** A new password, a disabled user or fewer rights end the sessions that were open. */
  async update(id: UserId, body: z.output<typeof UpdateUser>, caller: Principal): Promise<User> {
    const { password, ...changed } = body;
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    return this.#change(async (manager) => {
      const user = await this.#require(id, caller, manager);
      const before = shownRightsOf(user);
      Object.assign(user, definedOf({ ...changed, passwordHash }), { updatedAt: new Date(this.clock.nowMs()) });
      requireWithinOwnRights(caller, rightsOf(user));
      await manager.save(UserEntity, user);
      await requireAnAdmin(manager);
      await this.sessions.endAllOf(id, manager);
      await this.audit.record(caller, { action: 'user.update', subject: 'user', subjectId: id, details: { name: user.name, ...body, before, after: shownRightsOf(user) } }, manager);
      return userOf(user);
    });
  }

  async remove(id: UserId, caller: Principal): Promise<void> {
    await this.#change(async (manager) => {
      const user = await this.#require(id, caller, manager);
      await manager.delete(UserEntity, { id });
      await requireAnAdmin(manager);
      await this.audit.record(caller, { action: 'user.delete', subject: 'user', subjectId: id, details: { name: user.name } }, manager);
    });
  }

  async #require(id: UserId, caller: Principal, manager: EntityManager): Promise<UserEntity> {
    const user = await manager.findOneBy(UserEntity, { id });
    if (!user) throw new NotFoundError('user', id);
    requireWithinOwnRights(caller, rightsOf(user));
    return user;
  }

  async #change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [USERS_LOCK]);
      return work(manager);
    });
    this.changes.announce('user');
    return result;
  }
}

async function requireAnAdmin(manager: EntityManager): Promise<void> {
  const [row] = (await manager.query(`SELECT count(*)::int AS admins FROM users WHERE role = 'admin' AND NOT disabled AND camera_scope IS NULL AND group_rights IS NULL`)) as { admins: number }[];
  if (!row || row.admins === 0) throw new LastAdminError();
}

const definedOf = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const rightsOf = ({ role, cameraScope, groupRights }: Pick<UserEntity, 'role' | 'cameraScope' | 'groupRights'>): GivenRights => ({ permissions: ROLE_PERMISSIONS[role], cameraScope, groupRights });

/** As the audit shows them, before and after a change. */
const shownRightsOf = ({ role, cameraScope, groupRights, disabled }: UserEntity) => ({ role, cameraScope, groupRights, disabled });

const userOf = (user: UserEntity): User => ({
  id: user.id,
  name: user.name,
  role: user.role,
  cameraScope: user.cameraScope,
  groupRights: user.groupRights,
  disabled: user.disabled,
  createdAt: user.createdAt.toISOString(),
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
});
