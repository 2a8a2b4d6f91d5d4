import type { IncomingHttpHeaders } from 'node:http';
import { PERMISSIONS, ROLE_PERMISSIONS, type ApiKeyId, type CameraScope, type GroupRights, type UserId } from '@argus/contracts';
import { ApiKeyEntity, UserEntity } from '@argus/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@argus/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../tokens.js';
import { resolveAccess } from './camera-access.js';
import { CameraTags } from './camera-tags.js';
import { CliToken } from './cli-token.js';
import type { CameraAccess, Principal } from './principal.js';
import { hashToken } from './secret-token.js';
import { readSessionCookie } from './session-cookie.js';
import { SessionRepository } from './session.repository.js';

const TOUCH_MS = 60_000;
/** The owner of this machine by the command line. */
const CLI = { id: 'cli', name: 'argus command' } as const;

/** A program of our own that speaks for the owner; who and from where is to be said beside it. */
export const MAY_EVERYTHING = {
  kind: 'api-key',
  role: null,
  permissions: PERMISSIONS,
  cameraScope: null,
  groupRights: null,
  access: resolveAccess(null, null, new Map()),
  sessionId: null,
} as const;

/** Turns a request's headers into who asks. Used by the access guard and by WebSocket upgrades. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionRepository,
    private readonly cliToken: CliToken,
    private readonly tags: CameraTags,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * null: nobody that is known. An authorization header wins over a cookie and never falls back to it. WebSocket upgrades by
   * cookie must also pass `isSameOrigin(headers)`.
   */
  async authenticateRequest(headers: IncomingHttpHeaders, remoteAddress: string | null = null): Promise<Principal | null> {
    if (headers.authorization !== undefined) {
      const key = /^Bearer ([\x21-\x7e]{16,200})$/i.exec(headers.authorization)?.[1];
      return key ? this.#byKey(key, remoteAddress) : null;
    }
    const token = readSessionCookie(headers);
    return token ? this.#bySession(token, remoteAddress) : null;
  }

  /** Somebody on whose behalf something is done later; null: not there any more, disabled, or run out. */
  async findPrincipal(kind: Principal['kind'], id: string): Promise<Principal | null> {
    if (kind === 'api-key' && id === CLI.id) return { ...MAY_EVERYTHING, ...CLI, remoteAddress: null };
    if (kind === 'api-key') return this.#ofKey(await this.dataSource.getRepository(ApiKeyEntity).findOneBy({ id: id as ApiKeyId }), null);
    const user = await this.dataSource.getRepository(UserEntity).findOneBy({ id: id as UserId });
    return user && !user.disabled ? this.#ofUser(user, null, null) : null;
  }

  async #bySession(token: string, remoteAddress: string | null): Promise<Principal | null> {
    const live = await this.sessions.findLive(token);
    if (!live) return null;
    return this.#ofUser(live.user, live.session.id, remoteAddress);
  }

  async #ofUser({ id, name, role, cameraScope, groupRights }: UserEntity, sessionId: string | null, remoteAddress: string | null): Promise<Principal> {
    const access = await this.#accessOf(cameraScope, groupRights);
    return { kind: 'user', id, name, role, permissions: ROLE_PERMISSIONS[role], cameraScope, groupRights, access, sessionId, remoteAddress };
  }

  async #byKey(key: string, remoteAddress: string | null): Promise<Principal | null> {
    if (this.cliToken.is(key)) return { ...MAY_EVERYTHING, ...CLI, remoteAddress };
    return this.#ofKey(await this.dataSource.getRepository(ApiKeyEntity).findOneBy({ keyHash: hashToken(key) }), remoteAddress);
  }

  async #ofKey(found: ApiKeyEntity | null, remoteAddress: string | null): Promise<Principal | null> {
    const now = this.clock.nowMs();
    if (!found || (found.expiresAt && found.expiresAt.getTime() <= now)) return null;
    if (!found.lastUsedAt || now - found.lastUsedAt.getTime() > TOUCH_MS) await this.dataSource.getRepository(ApiKeyEntity).update({ id: found.id }, { lastUsedAt: new Date(now) });
    const { id, name, permissions, cameraScope, groupRights } = found;
    const access = await this.#accessOf(cameraScope, groupRights);
    return { kind: 'api-key', id, name, role: null, permissions, cameraScope, groupRights, access, sessionId: null, remoteAddress };
  }

  /** Tags are asked for only where they decide something. */
  async #accessOf(scope: CameraScope, rights: GroupRights): Promise<CameraAccess> {
    return resolveAccess(scope, rights, rights === null ? new Map() : await this.tags.byCamera());
  }
}
