import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Camera } from '@argus/contracts';
import { CameraEntity } from '@argus/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket; the engine behind it is a small client of the same protocol. */
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const probed: string[] = [];
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xd9]).toString('base64');

beforeAll(async () => {
  gateway = await runGateway();
  mkdirSync(join(gateway.data, 'clips'));
  engine = await connectEngine(gateway, (message) => {
    if (message.type === 'probe') {
      probed.push(message.url);
      return { type: 'probed', requestId: message.requestId, result: { ok: false, reason: 'unauthorized', message: 'the camera wants another password', elapsedMs: 5 } };
    }
    if (message.type === 'snapshot') return { type: 'snapshot', requestId: message.requestId, jpegBase64: message.maxWidth === 64 ? null : JPEG };
    return null;
  });
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const SECRET = 'rtsp://admin:p%40ss@10.0.0.2:8554/live?channel=1&token=t0ken';
const SHOWN = 'rtsp://admin:***@10.0.0.2:8554/live?channel=1&token=***';
const add = async (body: object = {}): Promise<Camera> => (await gateway.owner.call('createCamera', { body: { name: 'Door', url: SECRET, ...body } })).body as Camera;
const configured = async (id: string, wanted: (camera: Camera | undefined) => boolean): Promise<Camera | undefined> => {
  for (const end = Date.now() + 5000; ; await new Promise((later) => setTimeout(later, 20))) {
    const camera = engine.configs.at(-1)?.cameras.find((one) => one.id === id);
    if (wanted(camera)) return camera;
    if (Date.now() > end) throw new Error(`the engine was not told: ${JSON.stringify(camera)}`);
  }
};

describe('a camera', () => {
  it('is added, changed and removed, and the engine hears of it within seconds', async () => {
    const camera = await add();
    expect(camera).toMatchObject({ name: 'Door', url: SHOWN, enabled: true, tags: [], timeZone: 'UTC', pipelineId: null, labels: null, zones: [] });
    expect((await configured(camera.id, (one) => one !== undefined))?.url).toBe(SECRET);
    const zone = { name: 'Gate', kind: 'line', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] };
    const changed = await gateway.owner.call('updateCamera', { params: { id: camera.id }, body: { ...camera, name: '后门 🚪', zones: [zone], timeZone: 'Asia/Shanghai' } });
    expect(changed.body).toMatchObject({ name: '后门 🚪', url: SHOWN, zones: [zone] });
    expect(await configured(camera.id, (one) => one?.zones.length === 1)).toMatchObject({ url: SECRET });
    expect((await gateway.owner.call('getCamera', { params: { id: camera.id } })).body).toEqual(changed.body);
    expect((await gateway.owner.call('deleteCamera', { params: { id: camera.id } })).status).toBe(204);
    await configured(camera.id, (one) => one === undefined);
  });

  it('keeps its password sealed, and only its own sealed text opens', async () => {
    const [one, two] = [await add(), await add({ url: 'rtsp://other:secret2@10.0.0.3/1' })];
    const rows = gateway.dataSource.getRepository(CameraEntity);
    const row = await rows.findOneByOrFail({ id: one.id });
    expect(JSON.stringify(row)).not.toMatch(/p%40ss|p@ss|t0ken/);
    await rows.update({ id: one.id }, { sealedUrl: (await rows.findOneByOrFail({ id: two.id })).sealedUrl });
    const answer = await gateway.owner.call('updateCamera', { params: { id: one.id }, body: one });
    expect([answer.status, answer.body.code]).toEqual([500, 'internal']);
    expect((await gateway.owner.call('updateCamera', { params: { id: one.id }, body: { ...one, url: SECRET } })).status).toBe(200);
  });

  it.each([
    ['*** and the rest as shown', SHOWN, SECRET],
    ['*** and another path', 'rtsp://admin:***@10.0.0.2:8554/other', 'rtsp://admin:p%40ss@10.0.0.2:8554/other'],
    ['a new password', 'rtsp://admin:new@10.0.0.2:8554/live', 'rtsp://admin:new@10.0.0.2:8554/live'],
    ['no password any more', 'rtsp://10.0.0.2:8554/live', 'rtsp://10.0.0.2:8554/live'],
    ['*** for another host', 'rtsp://admin:***@10.0.0.66:8554/live', null],
    ['*** for another port', 'rtsp://admin:***@10.0.0.2:9999/live', null],
    ['*** for another user', 'rtsp://root:***@10.0.0.2:8554/live', null],
    ['*** for another scheme', 'http://admin:***@10.0.0.2:8554/live', null],
    ['*** for a parameter that was not there', 'rtsp://admin@10.0.0.2:8554/live?key=***', null],
  ])('takes %s', async (_what, sent, expected) => {
    const camera = await add();
    const answer = await gateway.owner.call('updateCamera', { params: { id: camera.id }, body: { ...camera, url: sent } });
    if (expected === null) expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'url']);
    else expect((await configured(camera.id, (one) => one?.url === expected))?.url).toBe(expected);
  });

  it.each([
    ['javascript:alert(1)', 'url'],
    ['not a url', 'url'],
    ['rtsp:///no-host', 'url'],
    ['ftp://10.0.0.2/x', 'url'],
    ['file:///etc/passwd', 'url'],
    ['file://elsewhere/clip.mp4', 'url'],
    ['rtsp://admin:***@10.0.0.2/1', 'url'],
  ])('refuses the address %s', async (url, path) => {
    const answer = await gateway.owner.call('createCamera', { body: { name: 'x', url } });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([400, 'request.invalid', path]);
  });

  it('plays files only from the allowed folders, however the path is written', async () => {
    const clips = pathToFileURL(join(gateway.data, 'clips')).href;
    expect((await gateway.owner.call('createCamera', { body: { name: 'clip', url: `${clips}/a.mp4?loop=true` } })).status).toBe(201);
    for (const escape of ['/../secret.key', '/%2e%2e/secret.key', '/..%2fsecret.key', '', '-other/a.mp4']) {
      expect([escape, (await gateway.owner.call('createCamera', { body: { name: 'clip', url: clips + escape } })).status]).toEqual([escape, 400]);
    }
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(121) }, 'name'],
    [{ name: { $ne: null } }, 'name'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ pipelineId: '00000000-0000-7000-8000-0000000000ff' }, 'pipelineId'],
    [{ analysisFps: 1e9 }, 'analysisFps'],
    [{ zones: [{ name: 'a', kind: 'area', points: [{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 0, y: 1 }] }] }, 'zones.0.points.1.x'],
  ])('refuses %j', async (wrong, path) => {
    const answer = await gateway.owner.call('createCamera', { body: { name: 'x', url: 'rtsp://10.0.0.2/1', ...wrong } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  it('takes hostile names as plain text', async () => {
    for (const name of ["'; DROP TABLE cameras; --", '<script>alert(1)</script>', '../../etc/passwd', '\u202Egnp.exe']) expect((await add({ name })).name).toBe(name);
  });
});

describe('pictures', () => {
  it('probe with the stored password, never for another host', async () => {
    const camera = await add();
    const answer = await gateway.owner.call('probeCamera', { body: { url: SHOWN, cameraId: camera.id } });
    expect(answer.body).toMatchObject({ ok: false, reason: 'unauthorized' });
    expect(probed.at(-1)).toBe(SECRET);
    const count = probed.length;
    for (const body of [{ url: SHOWN.replace('10.0.0.2', 'evil.example'), cameraId: camera.id }, { url: SHOWN }, { url: 'file:///etc/passwd' }, { url: 'gopher://x/' }]) {
      expect((await gateway.owner.call('probeCamera', { body })).status).toBe(400);
    }
    expect(probed).toHaveLength(count);
  });

  it('come as JPEG, or say that there is none', async () => {
    const camera = await add();
    const picture = await gateway.owner.call('getSnapshot', { params: { id: camera.id } });
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const none = await gateway.owner.call('getSnapshot', { params: { id: camera.id }, query: { width: '64' } });
    expect([none.status, none.body.code]).toEqual([404, 'snapshot.none']);
  });
});

describe('a camera scope', () => {
  it('hides every other camera, in lists and by id, for reading and writing', async () => {
    const [mine, other] = [await add({ name: 'mine' }), await add({ name: 'other' })];
    const { visitor: operator } = await gateway.withUser('operator', [mine.id]);
    expect((await operator.call('listCameras')).body.items.map((camera: Camera) => camera.id)).toEqual([mine.id]);
    expect((await operator.call('getCamera', { params: { id: mine.id } })).status).toBe(200);
    expect((await operator.call('getSnapshot', { params: { id: mine.id } })).status).toBe(200);
    expect((await operator.call('updateCamera', { params: { id: mine.id }, body: mine })).status).toBe(200);
    expect((await operator.call('getSystem')).body.cameras.map((camera: { state: { cameraId: string } }) => camera.state.cameraId)).toEqual([mine.id]);

    for (const route of ['getCamera', 'getSnapshot', 'deleteCamera'] as const) expect([route, (await operator.call(route, { params: { id: other.id } })).status]).toEqual([route, 404]);
    expect((await operator.call('updateCamera', { params: { id: other.id }, body: other })).status).toBe(404);
    expect((await operator.call('probeCamera', { body: { url: SHOWN, cameraId: other.id } })).status).toBe(404);
    for (const [route, body] of [['probeCamera', { url: 'rtsp://10.0.0.4/1' }], ['createCamera', { name: 'x', url: 'rtsp://10.0.0.4/1' }]] as const) {
      expect([route, (await operator.call(route, { body })).body.code]).toEqual([route, 'auth.outside-scope']);
    }
    const empty = await gateway.withKey(['camera.read'], []);
    expect((await empty.call('listCameras')).body).toEqual({ items: [], nextCursor: null });
  });

  it('pages without gaps or repeats', async () => {
    const whole = (await gateway.owner.call('listCameras', { query: { limit: '500' } })).body.items.map((camera: Camera) => camera.id);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await gateway.owner.call('listCameras', { query: { limit: '3', ...(cursor ? { cursor } : {}) } });
      walked.push(...body.items.map((camera: Camera) => camera.id));
      cursor = body.nextCursor;
    }
    expect(walked).toEqual(whole);
  });
});
