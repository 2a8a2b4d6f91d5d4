import type { IncomingHttpHeaders } from 'node:http';
import { PERMISSIONS, ROLE_PERMISSIONS } from '@argus/contracts';
import { ApiKeyEntity } from '@argus/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@argus/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../tokens.js';
import { CliToken } from './cli-token.js';
import type { Principal } from './principal.js';
import { hashToken } from './secret-token.js';
import { readSessionCookie } from './session-cookie.js';
import { SessionRepository } from './session.repository.js';

const TOUCH_MS = 60_000;

/** Turns a request's headers into who asks. Used by the access guard and by WebSocket upgrades. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionRepository,
    private readonly cliToken: CliToken,
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

  async #bySession(token: string, remoteAddress: string | null): Promise<Principal | null> {
    const live = await this.sessions.findLive(token);
    if (!live) return null;
    const { id, name, role, cameraScope } = live.user;
    return { kind: 'user', id, name, role, permissions: ROLE_PERMISSIONS[role], cameraScope, sessionId: live.session.id, remoteAddress };
  }

  async #byKey(key: string, remoteAddress: string | null): Promise<Principal | null> {
    if (this.cliToken.is(key)) return { kind: 'api-key', id: 'cli', name: 'argus command', role: null, permissions: PERMISSIONS, cameraScope: null, sessionId: null, remoteAddress };
    const keys = this.dataSource.getRepository(ApiKeyEntity);
    const found = await keys.findOneBy({ keyHash: hashToken(key) });
    const now = this.clock.nowMs();
    if (!found || (found.expiresAt && found.expiresAt.getTime() <= now)) return null;
    if (!found.lastUsedAt || now - found.lastUsedAt.getTime() > TOUCH_MS) await keys.update({ id: found.id }, { lastUsedAt: new Date(now) });
    const { id, name, permissions, cameraScope } = found;
    return { kind: 'api-key', id, name, role: null, permissions, cameraScope, sessionId: null, remoteAddress };
  }
}
