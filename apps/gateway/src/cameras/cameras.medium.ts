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

describe('the stream for analysis', () => {
  const ANALYSIS = 'rtsp://admin:second%21@10.0.0.2:8554/sub?token=second-token';
  const ANALYSIS_SHOWN = 'rtsp://admin:***@10.0.0.2:8554/sub?token=***';
  const change = (camera: Camera, body: object) => gateway.owner.call('updateCamera', { params: { id: camera.id }, body: { ...camera, ...body } });

  it('is sealed and hidden like the main one, whole only to the engine', async () => {
    const camera = await add({ analysisUrl: ANALYSIS });
    expect(camera).toMatchObject({ url: SHOWN, analysisUrl: ANALYSIS_SHOWN });
    const row = await gateway.dataSource.getRepository(CameraEntity).findOneByOrFail({ id: camera.id });
    expect(JSON.stringify(row)).not.toMatch(/second/);
    expect(row.sealedAnalysisUrl).not.toBeNull();
    expect((await configured(camera.id, (one) => one !== undefined))?.analysisUrl).toBe(ANALYSIS);
    const audit = (await gateway.owner.call('listAudit', { query: { limit: '5' } })).body.items;
    expect(JSON.stringify(audit)).toContain('analysisUrl');
    expect(JSON.stringify(audit)).not.toMatch(/second/);
  });

  it('is cleared with null, and then nothing of it is left', async () => {
    const camera = await add({ analysisUrl: ANALYSIS });
    expect((await change(camera, { analysisUrl: null })).body.analysisUrl).toBeNull();
    const row = await gateway.dataSource.getRepository(CameraEntity).findOneByOrFail({ id: camera.id });
    expect([row.analysisUrl, row.sealedAnalysisUrl]).toEqual([null, null]);
    await configured(camera.id, (one) => one?.analysisUrl === null);
  });

  it('cannot be read from the place of the main one', async () => {
    const camera = await add({ analysisUrl: ANALYSIS });
    const rows = gateway.dataSource.getRepository(CameraEntity);
    await rows.update({ id: camera.id }, { sealedAnalysisUrl: (await rows.findOneByOrFail({ id: camera.id })).sealedUrl });
    expect((await change(camera, {})).status).toBe(500);
    expect((await change(camera, { analysisUrl: ANALYSIS })).status).toBe(200);
  });

  it.each([
    ['*** and the rest as shown', ANALYSIS_SHOWN, ANALYSIS],
    ['*** and another path', 'rtsp://admin:***@10.0.0.2:8554/other', 'rtsp://admin:second%21@10.0.0.2:8554/other'],
    ['a new password', 'rtsp://admin:new@10.0.0.2:8554/sub', 'rtsp://admin:new@10.0.0.2:8554/sub'],
    ['another host with its password', 'rtsp://admin:new@10.0.0.9/sub', 'rtsp://admin:new@10.0.0.9/sub'],
    ['*** for another host', 'rtsp://admin:***@10.0.0.66:8554/sub', null],
    ['*** for another port', 'rtsp://admin:***@10.0.0.2:9999/sub', null],
    ['*** for another user', 'rtsp://root:***@10.0.0.2:8554/sub', null],
    ['*** for another scheme', 'http://admin:***@10.0.0.2:8554/sub', null],
    ['no address', 'sub', null],
    ['a file outside of the folders', 'file:///etc/passwd', null],
    ['another scheme', 'ftp://10.0.0.2/sub', null],
    ['nothing', '', null],
  ])('takes or refuses %s', async (_what, analysisUrl, expected) => {
    const camera = await add({ analysisUrl: ANALYSIS });
    const answer = await change(camera, { analysisUrl });
    if (expected === null) expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'analysisUrl']);
    else expect((await configured(camera.id, (one) => one?.analysisUrl === expected))?.url).toBe(SECRET);
  });

  it('may have the main password of the same device, typed or stored, and never for another', async () => {
    const typed = await add({ analysisUrl: 'rtsp://admin:***@10.0.0.2:8554/sub' });
    expect((await configured(typed.id, (one) => one !== undefined))?.analysisUrl).toBe('rtsp://admin:p%40ss@10.0.0.2:8554/sub');
    const stored = await add();
    await change(stored, { analysisUrl: 'rtsp://admin:***@10.0.0.2:8554/sub2' });
    await configured(stored.id, (one) => one?.analysisUrl === 'rtsp://admin:p%40ss@10.0.0.2:8554/sub2');
    const elsewhere = await gateway.owner.call('createCamera', { body: { name: 'x', url: SECRET, analysisUrl: 'rtsp://admin:***@10.0.0.66:8554/sub' } });
    expect([elsewhere.status, elsewhere.body.errors[0].path]).toEqual([400, 'analysisUrl']);
  });

  it('is probed with its own stored password', async () => {
    const camera = await add({ analysisUrl: ANALYSIS });
    await gateway.owner.call('probeCamera', { body: { url: ANALYSIS_SHOWN, cameraId: camera.id, stream: 'analysis' } });
    expect(probed.at(-1)).toBe(ANALYSIS);
    const count = probed.length;
    for (const url of [ANALYSIS_SHOWN.replace('10.0.0.2', '10.0.0.66'), 'gopher://x/']) {
      const answer = await gateway.owner.call('probeCamera', { body: { url, cameraId: camera.id, stream: 'analysis' } });
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'url']);
    }
    const { visitor: stranger } = await gateway.withUser('operator', [(await add()).id]);
    expect((await stranger.call('probeCamera', { body: { url: ANALYSIS_SHOWN, cameraId: camera.id, stream: 'analysis' } })).status).toBe(404);
    expect((await stranger.call('updateCamera', { params: { id: camera.id }, body: { ...camera, analysisUrl: null } })).status).toBe(404);
    expect(probed).toHaveLength(count);
  });
});

describe('priority and weight', () => {
  it('reach the engine, and are normal and 1 unless said', async () => {
    expect(await add()).toMatchObject({ priority: 'normal', weight: 1, analysisUrl: null });
    const camera = await add({ priority: 'critical', weight: 2.5 });
    expect(await configured(camera.id, (one) => one !== undefined)).toMatchObject({ priority: 'critical', weight: 2.5 });
  });

  it.each([[{ priority: 'urgent' }, 'priority'], [{ weight: 0 }, 'weight'], [{ weight: 11 }, 'weight'], [{ weight: '1' }, 'weight']])('refuse %j', async (wrong, path) => {
    const answer = await gateway.owner.call('createCamera', { body: { name: 'x', url: 'rtsp://10.0.0.2/1', ...wrong } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  it('are changed by nobody who may only look', async () => {
    const camera = await add();
    const { visitor: viewer } = await gateway.withUser('viewer');
    expect((await viewer.call('updateCamera', { params: { id: camera.id }, body: { ...camera, priority: 'critical' } })).body.code).toBe('auth.forbidden');
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
