import type { AuthState, SetUp, SignIn, UserId } from '@argus/contracts';
import { UserEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Settings } from '../settings.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { SetUpDoneError, SetUpTokenError, SignInFailedError } from './errors.js';
import { hashPassword, isPassword } from './password.js';
import type { Principal } from './principal.js';
import { isSameSecret } from './secret-token.js';
import { SessionRepository } from './session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** Where a sign-in comes from. */
export interface Visitor {
  readonly remoteAddress: string | null;
  readonly userAgent: string | null;
}

/** Any number: two set-ups at once take turns by it, and the second finds a user. */
const SET_UP_LOCK = 7300_1;

@Injectable()
export class AuthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionRepository,
    private readonly throttle: SignInThrottle,
    private readonly audit: AuditTrail,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'setUpToken'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async state(caller: Principal | null): Promise<AuthState> {
    const needsSetUp = !(await this.dataSource.getRepository(UserEntity).existsBy({}));
    return { needsSetUp, account: caller && { kind: caller.kind, name: caller.name, role: caller.role, permissions: [...caller.permissions], cameraScope: caller.cameraScope, groupRights: caller.groupRights } };
  }

  /** Makes the first admin and signs in; returns the session's token. The link's token is dead as soon as there is a user. */
  async setUp(body: z.output<typeof SetUp>, visitor: Visitor): Promise<{ token: string; user: UserEntity }> {
    const actor = { name: body.name, remoteAddress: visitor.remoteAddress };
    const attempt = `set-up from ${visitor.remoteAddress}`;
    this.throttle.admit(attempt, visitor.remoteAddress);
    if (await this.dataSource.getRepository(UserEntity).existsBy({})) throw new SetUpDoneError();
    if (this.settings.setUpToken === null || !isSameSecret(body.token, this.settings.setUpToken)) {
      await this.audit.record(actor, { action: 'auth.set-up-failed', subject: 'user', subjectId: null });
      throw new SetUpTokenError();
    }
    const passwordHash = await hashPassword(body.password);
    const signedIn = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [SET_UP_LOCK]);
      if (await manager.existsBy(UserEntity, {})) throw new SetUpDoneError();
      const now = new Date(this.clock.nowMs());
      const user = manager.create(UserEntity, { id: newId<UserId>(), name: body.name, nameKey: nameKeyOf(body.name), role: 'admin', cameraScope: null, groupRights: null, passwordHash, disabled: false, lastSignInAt: now, createdAt: now, updatedAt: now });
      await manager.insert(UserEntity, user);
      await this.audit.record(actor, { action: 'auth.set-up', subject: 'user', subjectId: user.id, details: { role: 'admin' } }, manager);
      return { token: await this.sessions.start({ userId: user.id, ...visitor }, manager), user };
    });
    this.throttle.succeeded(attempt, visitor.remoteAddress);
    return signedIn;
  }

  /** @throws SignInFailedError, TooManyAttemptsError */
  async signIn(body: z.output<typeof SignIn>, visitor: Visitor): Promise<{ token: string; user: UserEntity }> {
    this.throttle.admit(body.name, visitor.remoteAddress);
    const user = await this.dataSource.getRepository(UserEntity).findOneBy({ nameKey: nameKeyOf(body.name) });
    const isRight = await isPassword(body.password, user?.passwordHash ?? null);
    const actor = { name: user?.name ?? body.name, remoteAddress: visitor.remoteAddress };
    if (!user || !isRight || user.disabled) {
      await this.audit.record(actor, { action: 'auth.sign-in-failed', subject: 'user', subjectId: user?.id ?? null });
      throw new SignInFailedError();
    }
    this.throttle.succeeded(body.name, visitor.remoteAddress);
    await this.dataSource.getRepository(UserEntity).update({ id: user.id }, { lastSignInAt: new Date(this.clock.nowMs()) });
    await this.audit.record(actor, { action: 'auth.sign-in', subject: 'user', subjectId: user.id });
    return { token: await this.sessions.start({ userId: user.id, ...visitor }), user };
  }

  /** Ends the caller's session; a key has none to end. */
  async signOut(caller: Principal): Promise<void> {
    if (caller.sessionId === null) return;
    await this.sessions.end(caller.sessionId);
    await this.audit.record(caller, { action: 'auth.sign-out', subject: 'user', subjectId: caller.id });
  }
}

/** Names differ by more than capitals or width. */
export const nameKeyOf = (name: string): string => name.trim().normalize('NFKC').toLowerCase();
