import { SessionEntity } from '@argus/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, runGateway, SET_UP_TOKEN, Visitor, type RunningGateway } from '../../test/running-gateway.js';
import { SESSION_LONGEST_MS } from './session.repository.js';

/** Real: PostgreSQL, HTTP, scrypt. */
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway?.stop());

const CAMERA = { name: 'Door', url: 'rtsp://10.0.0.2/1' };

describe('set-up', () => {
  it('takes the link once: a wrong token, then the first admin, then nobody', async () => {
    const visitor = gateway.nobody();
    expect((await visitor.call('getAuthState')).body).toEqual({ needsSetUp: true, account: null });
    const wrong = await visitor.call('setUp', { body: { token: 'guessed', name: 'Mallory', password: PASSWORD } });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.set-up-token']);
    const short = await visitor.call('setUp', { body: { token: SET_UP_TOKEN, name: 'Ada', password: 'short' } });
    expect([short.status, short.body.errors[0].path]).toEqual([400, 'password']);

    const racing = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => new Visitor(gateway.url).call('setUp', { body: { token: SET_UP_TOKEN, name, password: PASSWORD } })));
    expect(racing.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    const { body } = racing.find((answer) => answer.status === 200) as (typeof racing)[0];
    expect(body.account).toMatchObject({ kind: 'user', role: 'admin', cameraScope: null });
    const again = await visitor.call('setUp', { body: { token: SET_UP_TOKEN, name: 'Late', password: PASSWORD } });
    expect([again.status, again.body.code]).toEqual([409, 'auth.set-up-done']);
    expect((await visitor.call('getAuthState')).body.needsSetUp).toBe(false);
  });
});

describe('sessions', () => {
  it('live in a cookie that scripts and other sites cannot use, and end with the sign-out', async () => {
    const { visitor, user } = await gateway.withUser('viewer');
    const answer = await new Visitor(gateway.url).call('signIn', { body: { name: user.name.toUpperCase(), password: PASSWORD } });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^argus_session=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('set-cookie')).not.toContain('Secure');
    const behindTls = await new Visitor(gateway.url).call('signIn', { body: { name: user.name, password: PASSWORD }, headers: { 'x-forwarded-proto': 'https' } });
    expect(behindTls.headers.get('set-cookie')).toContain('Secure');

    const kept = visitor.cookie;
    expect((await visitor.call('getAuthState')).body.account.name).toBe(user.name);
    expect((await visitor.call('signOut')).status).toBe(204);
    expect(visitor.cookie).toBeNull();
    visitor.cookie = kept;
    expect((await visitor.call('listCameras')).status).toBe(401);
    const stored = await gateway.dataSource.getRepository(SessionEntity).find();
    expect(stored.every((session) => !kept?.includes(session.tokenHash))).toBe(true);
  });

  it('end when they expire, and when the user is disabled, changed or removed', async () => {
    const { visitor, user } = await gateway.withUser('viewer');
    const sessions = gateway.dataSource.getRepository(SessionEntity);
    await sessions.update({ userId: user.id }, { expiresAt: new Date(Date.now() - 1) });
    expect((await visitor.call('listCameras')).status).toBe(401);

    for (const change of [{ disabled: true }, { disabled: false, password: 'another long password' }]) {
      await gateway.owner.call('updateUser', { params: { id: user.id }, body: { disabled: false, password: PASSWORD } });
      await visitor.call('signIn', { body: { name: user.name, password: PASSWORD } });
      expect((await visitor.call('listCameras')).status).toBe(200);
      await gateway.owner.call('updateUser', { params: { id: user.id }, body: change });
      expect((await visitor.call('listCameras')).status).toBe(401);
    }
    await gateway.owner.call('deleteUser', { params: { id: user.id } });
    expect((await visitor.call('signIn', { body: { name: user.name, password: PASSWORD } })).status).toBe(401);
  });

  it('move their end along with use, but not for ever', async () => {
    const { visitor, user } = await gateway.withUser('viewer');
    const sessions = gateway.dataSource.getRepository(SessionEntity);
    const longAgo = Date.now() - SESSION_LONGEST_MS + 1000;
    await sessions.update({ userId: user.id }, { createdAt: new Date(longAgo), lastSeenAt: new Date(longAgo), expiresAt: new Date(Date.now() + 500_000) });
    expect((await visitor.call('listCameras')).status).toBe(200);
    const session = await sessions.findOneByOrFail({ userId: user.id });
    expect(session.expiresAt.getTime()).toBe(longAgo + SESSION_LONGEST_MS);
    expect(Date.now() - session.lastSeenAt.getTime()).toBeLessThan(10_000);
  });

  it('cannot be used from a page of another site', async () => {
    const { visitor } = await gateway.withUser('operator');
    const host = new URL(gateway.url).host;
    const tries: [Record<string, string>, number][] = [
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site', origin: gateway.url }, 403],
      [{ origin: 'https://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ origin: `http://${host}` }, 201],
      [{ 'sec-fetch-site': 'same-origin' }, 201],
      [{}, 201],
    ];
    for (const [headers, status] of tries) expect([headers, (await visitor.call('createCamera', { body: CAMERA, headers })).status]).toEqual([headers, status]);
    expect((await gateway.owner.call('createCamera', { body: CAMERA, headers: { origin: 'https://evil.example' } })).status).toBe(201);
    const login = await gateway.nobody().call('signIn', { body: { name: 'x', password: 'y' }, headers: { origin: 'https://evil.example' } });
    expect(login.body.code).toBe('request.cross-origin');
  });
});

describe('sign-in', () => {
  it('tells a guesser nothing and slows them down, also for names that do not exist', async () => {
    const { user } = await gateway.withUser('viewer');
    const from = { 'x-forwarded-for': '203.0.113.7' };
    for (const name of [user.name, 'nobody of this name']) {
      const answers = [];
      for (let i = 0; i < 6; i += 1) answers.push(await gateway.nobody().call('signIn', { body: { name, password: 'wrong' }, headers: from }));
      expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401, 429]);
      expect(answers[0]?.body.code).toBe('auth.sign-in-failed');
      expect(answers[5]?.body.code).toBe('auth.too-many-attempts');
      expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThan(20);
    }
    const right = await gateway.nobody().call('signIn', { body: { name: user.name, password: PASSWORD }, headers: from });
    expect(right.status).toBe(429);
  });
});

describe('API keys', () => {
  it('may what they say, are shown once, and end', async () => {
    const reader = await gateway.withKey(['camera.read']);
    expect((await reader.call('listCameras')).status).toBe(200);
    expect((await reader.call('listRules')).body.code).toBe('auth.forbidden');
    const { body } = await gateway.owner.call('listApiKeys', { query: { limit: '500' } });
    expect(JSON.stringify(body)).not.toContain(reader.key);
    expect(body.items.at(-1).lastUsedAt).not.toBeNull();

    const late = await gateway.owner.call('createApiKey', { body: { name: 'late', permissions: ['camera.read'], expiresAt: '2020-01-01T00:00:00Z' } });
    expect((await new Visitor(gateway.url, late.body.key).call('listCameras')).status).toBe(401);
    await gateway.owner.call('deleteApiKey', { params: { id: body.items.at(-1).id } });
    expect((await reader.call('listCameras')).status).toBe(401);
    for (const key of ['x', 'argus_key_unknown-but-long-enough', `argus_cli_${'y'.repeat(43)}`]) expect((await new Visitor(gateway.url, key).call('listCameras')).status).toBe(401);
  });

  it('do not fall back to a cookie', async () => {
    const { visitor } = await gateway.withUser('admin');
    expect((await visitor.call('listCameras', { headers: { authorization: 'Bearer unknown-but-long-enough' } })).status).toBe(401);
  });

  it('cannot make more of themselves', async () => {
    const keyMaker = await gateway.withKey(['api-key.write', 'camera.read', 'user.write']);
    expect((await keyMaker.call('createApiKey', { body: { name: 'same', permissions: ['camera.read'] } })).status).toBe(201);
    const more = await keyMaker.call('createApiKey', { body: { name: 'more', permissions: ['camera.write'] } });
    expect([more.status, more.body.code]).toEqual([403, 'auth.beyond-own-rights']);
    const admin = await keyMaker.call('createUser', { body: { name: 'own admin', password: PASSWORD, role: 'admin' } });
    expect(admin.body.code).toBe('auth.beyond-own-rights');
    const { user } = await gateway.withUser('admin');
    const takeOver = await keyMaker.call('updateUser', { params: { id: user.id }, body: { password: 'taken over by me' } });
    expect(takeOver.body.code).toBe('auth.beyond-own-rights');
    const scoped = await gateway.withKey(['api-key.write', 'camera.read'], []);
    expect((await scoped.call('createApiKey', { body: { name: 'wider', permissions: ['camera.read'], cameraScope: null } })).body.code).toBe('auth.beyond-own-rights');
  });
});

describe('users', () => {
  it('have names of their own, and one admin always remains', async () => {
    const { user } = await gateway.withUser('viewer');
    const twin = await gateway.owner.call('createUser', { body: { name: ` ${user.name.toUpperCase()} `, password: PASSWORD, role: 'viewer' } });
    expect([twin.status, twin.body.code]).toEqual([409, 'user.name-taken']);
    const { body } = await gateway.owner.call('listUsers', { query: { limit: '500' } });
    const admins = body.items.filter((one: { role: string }) => one.role === 'admin');
    const answers = [];
    for (const admin of admins) answers.push(await gateway.owner.call('updateUser', { params: { id: admin.id }, body: { role: 'viewer' } }));
    expect([answers.at(-1)?.status, answers.at(-1)?.body.code]).toEqual([409, 'user.last-admin']);
    expect(JSON.stringify(body)).not.toContain('scrypt');
  });

  it.each(['viewer', 'annotator', 'operator'] as const)('%s cannot administer', async (role) => {
    const { visitor } = await gateway.withUser(role);
    for (const route of ['listUsers', 'listApiKeys', 'listAudit'] as const) expect((await visitor.call(route)).status).toBe(403);
    expect((await visitor.call('createUser', { body: { name: 'x', password: PASSWORD, role: 'admin' } })).status).toBe(403);
    expect((await visitor.call('createCamera', { body: CAMERA })).status).toBe(role === 'operator' ? 201 : 403);
  });
});

describe('the audit', () => {
  it('tells who did what and no secret', async () => {
    const { visitor, user } = await gateway.withUser('operator');
    const created = await visitor.call('createCamera', { body: { ...CAMERA, url: 'rtsp://admin:s3cret@10.0.0.9/1?token=abc123' } });
    await visitor.call('signOut');
    const { body } = await gateway.owner.call('listAudit', { query: { limit: '500' } });
    const mine = body.items.filter((entry: { actor: string }) => entry.actor === user.name);
    expect(mine.map((entry: { action: string }) => entry.action)).toEqual(['auth.sign-out', 'camera.create', 'auth.sign-in']);
    expect(mine[1]).toMatchObject({ subject: 'camera', subjectId: created.body.id, remoteAddress: '127.0.0.1' });
    expect(body.items.map((entry: { action: string }) => entry.action)).toEqual(expect.arrayContaining(['auth.set-up', 'auth.sign-in-failed', 'user.create', 'user.update', 'user.delete', 'api-key.create', 'api-key.delete']));
    for (const secret of ['s3cret', 'abc123', PASSWORD, SET_UP_TOKEN, 'another long password']) expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('is walked page by page without gaps', async () => {
    const whole = (await gateway.owner.call('listAudit', { query: { limit: '500' } })).body.items.map((entry: { id: string }) => entry.id);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await gateway.owner.call('listAudit', { query: { limit: '7', ...(cursor ? { cursor } : {}) } });
      walked.push(...body.items.map((entry: { id: string }) => entry.id));
      cursor = body.nextCursor;
    }
    expect(walked).toEqual(whole);
  });
});
