import { type Camera, type CameraId, type GroupRight, type GroupRights, type Permission, type User } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { FileBlobStore } from '@argus/storage';
import { sampleEvent, waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeSegment } from '../../test/footage-files.js';
import { connectEngine, PASSWORD, runGateway, Visitor, type Answer, type RunningGateway } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, WebSockets, the engine's socket, files. The engine is a small client of its protocol. */
const T0 = Date.parse('2026-11-20T10:00:00.000Z');
const RANGE = { from: isoTime(T0), to: isoTime(T0 + 4000) };
const ALL: readonly Permission[] = ['camera.read', 'camera.write', 'live.view', 'recording.view', 'event.read'];
let gateway: RunningGateway;
/** The one who may everything. */
let admin: User;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const open: WebSocket[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  admin = (await gateway.withUser('admin')).user;
  engine = await connectEngine(gateway, (message) => {
    if (message.type === 'snapshot') return { type: 'snapshot', requestId: message.requestId, jpegBase64: Buffer.from('jpeg').toString('base64') };
    if (message.type === 'probe') return { type: 'probed', requestId: message.requestId, result: { ok: false, reason: 'unreachable', message: 'no route', elapsedMs: 5 } };
    return null;
  });
});
afterEach(() => open.splice(0).forEach((socket) => socket.terminate()));
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const only = (tag: string, ...rights: ('live' | 'recordings' | 'exports')[]): GroupRight => ({ tag, live: rights.includes('live'), recordings: rights.includes('recordings'), exports: rights.includes('exports') });

async function addCamera(...tags: string[]): Promise<Camera> {
  return (await gateway.owner.call('createCamera', { body: { name: `Camera ${newId()}`, url: 'rtsp://10.0.0.2/1', enabled: false, tags } })).body as Camera;
}

async function retag(camera: Camera, tags: string[], by: Visitor = gateway.owner): Promise<Answer> {
  const { id, createdAt: _created, updatedAt: _updated, ...settings } = camera;
  return by.call('updateCamera', { params: { id }, body: { ...settings, tags } });
}

/** Footage and an event with both pictures. */
async function givePast(cameraId: CameraId): Promise<string> {
  const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: T0 });
  const key = `events/${newId()}.jpg`;
  await new FileBlobStore(gateway.settings.blobsDir).put(key, Buffer.from('jpeg'));
  const event = sampleEvent({ cameraId, snapshotKey: key, thumbnailKey: key });
  engine.send({ type: 'event', entry: event.id, bootId: newId(), event });
  await engine.record(segment);
  await engine.taken(event.id);
  return event.id;
}

/** An open view and the code that it was closed with, or the status that refused it. */
async function watch(visitor: Visitor, cameraId: string): Promise<{ status: number; closedWith: () => number | null }> {
  const headers = visitor.key ? { authorization: `Bearer ${visitor.key}` } : { cookie: visitor.cookie ?? '' };
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/cameras/${cameraId}/live`, { headers });
  open.push(socket);
  let closedWith: number | null = null;
  socket.on('error', () => undefined).on('close', (code) => (closedWith = code));
  const status = await new Promise<number>((answer) => socket.once('open', () => answer(101)).once('unexpected-response', (_request, response) => answer(response.statusCode ?? 0)));
  return { status, closedWith: () => closedWith };
}

/** What each door says: status, with the code where one came. */
async function doors(visitor: Visitor, cameraId: CameraId, eventId: string): Promise<Record<string, unknown>> {
  const say = (answer: Answer) => answer.body?.code ?? answer.status;
  const params = { id: cameraId };
  return {
    live: (await watch(visitor, cameraId)).status,
    snapshot: say(await visitor.call('getSnapshot', { params })),
    timeline: (await visitor.call('getTimeline', { query: { camera: cameraId, ...RANGE, buckets: '1' } })).body.cameras.length,
    footage: say(await visitor.call('getFootage', { params, query: RANGE })),
    eventSnapshot: say(await visitor.call('getEventSnapshot', { params: { id: eventId } })),
    eventThumbnail: say(await visitor.call('getEventThumbnail', { params: { id: eventId } })),
  };
}

const NO = 'auth.camera-right';
const LIVE_ONLY = { live: 101, snapshot: 200, timeline: 0, footage: NO, eventSnapshot: NO, eventThumbnail: NO };
const PAST_ONLY = { live: 403, snapshot: NO, timeline: 1, footage: 200, eventSnapshot: 200, eventThumbnail: 200 };
const NOTHING = { ...PAST_ONLY, timeline: 0, footage: NO, eventSnapshot: NO, eventThumbnail: NO };
const EVERYTHING = { ...PAST_ONLY, live: 101, snapshot: 200 };

describe('rights by camera group', () => {
  it('hold at every door by which pictures leave', async () => {
    const camera = await addCamera('entrance', 'indoors');
    const event = await givePast(camera.id);
    const cases: [GroupRights, Record<string, unknown>][] = [
      [null, EVERYTHING],
      [[], NOTHING],
      [[only('elsewhere', 'live', 'recordings', 'exports')], NOTHING],
      [[only('entrance', 'live')], LIVE_ONLY],
      [[only('entrance', 'recordings')], PAST_ONLY],
      [[only('entrance', 'exports')], NOTHING],
      [[only('entrance', 'live'), only('indoors', 'recordings')], EVERYTHING],
    ];
    for (const [rights, expected] of cases) {
      const visitor = await gateway.withKey(ALL, null, rights);
      expect([rights, await doors(visitor, camera.id, event)]).toEqual([rights, expected]);
      // What it is called and that something happened is no picture.
      expect((await visitor.call('getCamera', { params: { id: camera.id } })).status).toBe(200);
      expect((await visitor.call('getEvent', { params: { id: event } })).status).toBe(200);
    }
  });

  it('do not widen scope or permissions', async () => {
    const camera = await addCamera('entrance');
    const event = await givePast(camera.id);
    const all = [only('entrance', 'live', 'recordings', 'exports')];
    const outside = await gateway.withKey(ALL, [(await addCamera('entrance')).id], all);
    expect(await doors(outside, camera.id, event)).toEqual({ live: 404, snapshot: 'camera.not-found', timeline: 0, footage: 'camera.not-found', eventSnapshot: 'event.not-found', eventThumbnail: 'event.not-found' });
    const blind = await gateway.withKey(['camera.read'], null, all);
    expect((await watch(blind, camera.id)).status).toBe(403);
    for (const route of ['getSnapshot', 'getFootage'] as const) expect((await blind.call(route, { params: { id: camera.id }, query: RANGE })).body.code).toBe('auth.forbidden');
  });

  it('leave nothing of a camera that is gone', async () => {
    const camera = await addCamera('entrance');
    await givePast(camera.id);
    await gateway.owner.call('deleteCamera', { params: { id: camera.id } });
    const [limited, free] = [await gateway.withKey(ALL, null, [only('entrance', 'recordings')]), await gateway.withKey([...ALL, 'recording.original'])];
    expect((await limited.call('getFootage', { params: { id: camera.id }, query: RANGE })).status).toBe(403);
    expect((await free.call('getFootage', { params: { id: camera.id }, query: RANGE })).status).toBe(200);
  });
});

describe('an open live view ends', () => {
  const rights = [only('entrance', 'live')];

  it('when the camera loses the tag, and not when another one changes', async () => {
    const [camera, other] = [await addCamera('entrance', 'door'), await addCamera('entrance')];
    const visitor = await gateway.withKey(['live.view'], null, rights);
    const [mine, others, owners] = [await watch(visitor, camera.id), await watch(visitor, other.id), await watch(gateway.owner, camera.id)];
    expect([mine.status, others.status, owners.status]).toEqual([101, 101, 101]);
    await retag(camera, ['door']);
    await waitFor(() => mine.closedWith() === 4403, 20_000);
    expect([others.closedWith(), owners.closedWith()]).toEqual([null, null]);
    expect((await watch(visitor, camera.id)).status).toBe(403);
    await retag(camera, ['entrance']);
    expect((await watch(visitor, camera.id)).status).toBe(101);
  });

  it("when the user's rights change, and with the key", async () => {
    const camera = await addCamera('entrance');
    const { visitor, user } = await gateway.withUser('viewer', null, rights);
    const view = await watch(visitor, camera.id);
    expect(view.status).toBe(101);
    await gateway.owner.call('updateUser', { params: { id: user.id }, body: { groupRights: [only('entrance', 'recordings')] } });
    await waitFor(() => view.closedWith() === 4403, 20_000);
    await visitor.call('signIn', { body: { name: user.name, password: PASSWORD } });
    expect((await watch(visitor, camera.id)).status).toBe(403);

    const created = await gateway.owner.call('createApiKey', { body: { name: 'short', permissions: ['live.view'], groupRights: rights } });
    const byKey = await watch(new Visitor(gateway.url, created.body.key), camera.id);
    expect(byKey.status).toBe(101);
    await gateway.owner.call('deleteApiKey', { params: { id: created.body.id } });
    await waitFor(() => byKey.closedWith() === 4403, 20_000);
  });
});

describe('whoever has limits', () => {
  it('hands out no more than that', async () => {
    const mine = [only('entrance', 'live', 'recordings')];
    const maker = await gateway.withKey(['api-key.write', 'user.write', 'live.view'], null, mine);
    const make = async (groupRights: GroupRights) => (await maker.call('createApiKey', { body: { name: 'k', permissions: ['live.view'], groupRights } })).body.code ?? 'made';
    expect([await make(mine), await make([only('entrance', 'live')]), await make([])]).toEqual(['made', 'made', 'made']);
    expect([await make(null), await make([only('entrance', 'exports')]), await make([only('vault', 'live')])]).toEqual(Array(3).fill('auth.beyond-own-rights'));

    const narrow = await gateway.withUser('admin', null, mine);
    const free = await gateway.withUser('viewer');
    const limited = await gateway.withUser('viewer', null, [only('entrance', 'live')]);
    const update = async (id: string, body: object) => (await narrow.visitor.call('updateUser', { params: { id }, body })).body.code ?? 'done';
    expect(await update(free.user.id, { groupRights: [] })).toBe('auth.beyond-own-rights');
    expect(await update(limited.user.id, { groupRights: null })).toBe('auth.beyond-own-rights');
    expect(await update(limited.user.id, { groupRights: mine })).toBe('done');
    expect(await update(narrow.user.id, { groupRights: null })).toBe('auth.beyond-own-rights');
  });

  it('moves no camera into the own groups, and points none elsewhere', async () => {
    const camera = await addCamera('vault');
    const visitor = await gateway.withKey(ALL, null, [only('entrance', 'live')]);
    const code = (answer: Answer) => answer.body?.code ?? answer.status;
    expect(code(await retag(camera, ['vault', 'entrance'], visitor))).toBe('auth.group-limits');
    expect(code(await retag({ ...camera, url: 'rtsp://10.0.0.3/1' }, ['vault'], visitor))).toBe('auth.group-limits');
    expect(code(await visitor.call('createCamera', { body: { name: 'x', url: camera.url, tags: ['entrance'] } }))).toBe('auth.group-limits');
    expect(code(await retag({ ...camera, name: 'Vault' }, ['vault'], visitor))).toBe(200);
    const probe = (body: object) => visitor.call('probeCamera', { body }).then(code);
    expect(await probe({ url: camera.url, cameraId: camera.id })).toBe(NO);
    expect(await probe({ url: camera.url })).toBe('auth.group-limits');
    const door = await addCamera('entrance');
    expect(await probe({ url: door.url, cameraId: door.id })).toBe(200);
    expect(await probe({ url: 'rtsp://10.0.0.9/1', cameraId: door.id })).toBe('auth.group-limits');
  });

  it('is not the administrator who has to remain', async () => {
    const answer = await gateway.owner.call('updateUser', { params: { id: admin.id }, body: { groupRights: [] } });
    expect([answer.status, answer.body.code]).toEqual([409, 'user.last-admin']);
    const another = await gateway.withUser('admin');
    expect((await gateway.owner.call('updateUser', { params: { id: admin.id }, body: { groupRights: [] } })).status).toBe(200);
    expect((await gateway.owner.call('deleteUser', { params: { id: another.user.id } })).body.code).toBe('user.last-admin');
  });
});

describe('limits', () => {
  it('are shown to their owner and in the audit, before and after', async () => {
    const [before, after] = [[only('entrance', 'live')], [only('entrance', 'recordings'), only('yard', 'live')]];
    const { visitor, user } = await gateway.withUser('viewer', null, before);
    expect((await visitor.call('getAuthState')).body.account.groupRights).toEqual(before);
    await gateway.owner.call('updateUser', { params: { id: user.id }, body: { groupRights: after } });
    const { body } = await gateway.owner.call('listAudit', { query: { limit: '1' } });
    expect(body.items[0]).toMatchObject({ action: 'user.update', subjectId: user.id, details: { before: { groupRights: before }, after: { groupRights: after } } });
    const listed = (await gateway.owner.call('listUsers', { query: { limit: '500' } })).body.items.find(({ id }: { id: string }) => id === user.id);
    expect(listed.groupRights).toEqual(after);
  });

  it.each([
    [[{ tag: '', live: true, recordings: true, exports: true }], 'groupRights.0.tag'],
    [[{ tag: 'x', live: true }], 'groupRights.0.recordings'],
    [Array.from({ length: 65 }, (_, index) => only(`t${index}`, 'live')), 'groupRights'],
    ['entrance', 'groupRights'],
  ])('that do not fit are refused with their place (%#)', async (groupRights, path) => {
    const { status, body } = await gateway.owner.call('createApiKey', { body: { name: 'x', permissions: ['live.view'], groupRights } });
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });
});
