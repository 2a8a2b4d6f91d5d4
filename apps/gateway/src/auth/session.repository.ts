import { SessionEntity, UserEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { UserId } from '@argus/contracts';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { CLOCK } from '../tokens.js';
import { hashToken, newSecretToken } from './secret-token.js';

/** A session that is not used for a week ends; one in use ends after a month all the same. */
export const SESSION_IDLE_MS = 7 * 86_400_000;
export const SESSION_LONGEST_MS = 30 * 86_400_000;
/** How exact "last seen" is; saves a write per request. */
const TOUCH_MS = 60_000;

export interface NewSession {
  readonly userId: UserId;
  readonly remoteAddress: string | null;
  readonly userAgent: string | null;
}

@Injectable()
export class SessionRepository {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Returns the token for the cookie; only its hash is stored. */
  async start(session: NewSession, manager: EntityManager = this.dataSource.manager): Promise<string> {
    const token = newSecretToken('');
    const now = this.clock.nowMs();
    await manager.insert(SessionEntity, {
      ...session,
      id: newId(),
      tokenHash: hashToken(token),
      userAgent: session.userAgent?.slice(0, 300) ?? null,
      createdAt: new Date(now),
      lastSeenAt: new Date(now),
      expiresAt: new Date(now + SESSION_IDLE_MS),
    });
    await manager.delete(SessionEntity, { expiresAt: LessThan(new Date(now)) });
    return token;
  }

  /** The session and its user while both may be used; moves the expiry along. */
  async findLive(token: string): Promise<{ session: SessionEntity; user: UserEntity } | null> {
    const session = await this.dataSource.getRepository(SessionEntity).findOneBy({ tokenHash: hashToken(token) });
    const now = this.clock.nowMs();
    if (!session || session.expiresAt.getTime() <= now) return null;
    const user = await this.dataSource.getRepository(UserEntity).findOneBy({ id: session.userId });
    if (!user || user.disabled) return null;
    if (now - session.lastSeenAt.getTime() > TOUCH_MS) {
      const expiresAt = new Date(Math.min(now + SESSION_IDLE_MS, session.createdAt.getTime() + SESSION_LONGEST_MS));
      await this.dataSource.getRepository(SessionEntity).update({ id: session.id }, { lastSeenAt: new Date(now), expiresAt });
    }
    return { session, user };
  }

  async end(id: string): Promise<void> {
    await this.dataSource.getRepository(SessionEntity).delete({ id });
  }

  async endAllOf(userId: UserId, manager: EntityManager = this.dataSource.manager): Promise<void> {
    await manager.delete(SessionEntity, { userId });
  }
}
