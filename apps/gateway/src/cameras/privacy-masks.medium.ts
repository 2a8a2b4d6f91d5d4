import type { AuditEntry, Camera, GatewayToEngine } from '@argus/contracts';
import { CameraEntity } from '@argus/database';
import { newId } from '@argus/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket; the engine behind it is a small client of the same protocol. */
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const probes: Extract<GatewayToEngine, { type: 'probe' }>[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway, (message) => {
    if (message.type !== 'probe') return null;
    probes.push(message);
    return { type: 'probed', requestId: message.requestId, result: { ok: false, reason: 'timeout', message: 'no answer', elapsedMs: 1 } };
  });
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const polygon = [{ x: 0.1, y: 0.1 }, { x: 0.5, y: 0.1 }, { x: 0.3, y: 0.5 }];
const mask = { id: 'm1', name: 'Window', enabled: true, polygon };
const URL = 'rtsp://10.0.0.2/live';
const add = async (body: object = {}): Promise<Camera> => (await gateway.owner.call('createCamera', { body: { name: 'Door', url: URL, ...body } })).body as Camera;
const change = async (camera: Camera, body: Partial<Camera>) => gateway.owner.call('updateCamera', { params: { id: camera.id }, body: { ...camera, ...body } });
const audit = async (id: string): Promise<AuditEntry[]> => (await gateway.owner.call('listAudit', { query: { limit: '500' } })).body.items.filter((entry: AuditEntry) => entry.subjectId === id);
const footage = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:01:00Z' };

describe('privacy masks', () => {
  it('are kept, told to the engine, and every change of them leaves a row with before and after', async () => {
    const camera = await add({ privacyMasks: [{ name: 'Window', polygon }] });
    expect(camera.privacyMasks).toEqual([{ name: 'Window', enabled: true, polygon }]);
    expect((await change(camera, { privacyMasks: [mask] })).body.privacyMasks).toEqual([mask]);
    await change(camera, { privacyMasks: [mask], name: 'Back door' });
    await change(camera, { privacyMasks: [{ ...mask, enabled: false }] });
    const rows = (await audit(camera.id)).filter(({ action }) => action === 'camera.mask').map(({ details }) => details);
    expect(rows).toEqual([
      { before: [mask], after: [{ ...mask, enabled: false }] },
      { before: [{ name: 'Window', enabled: true, polygon }], after: [mask] },
    ]);
    for (const end = Date.now() + 5000; engine.configs.at(-1)?.cameras.find(({ id }) => id === camera.id)?.privacyMasks[0]?.enabled !== false; await new Promise((later) => setTimeout(later, 20))) {
      if (Date.now() > end) throw new Error('the engine was not told');
    }
    // What is kept beside the settings is nobody's business but the gateway's.
    expect(JSON.stringify([engine.configs.at(-1), (await gateway.owner.call('getCamera', { params: { id: camera.id } })).body])).not.toMatch(/maskedUntil/);
  });

  it.each([
    ['two points', [{ name: 'a', polygon: polygon.slice(0, 2) }], 'privacyMasks.0.polygon'],
    ['points on one line', [{ name: 'a', polygon: [{ x: 0, y: 0.5 }, { x: 0.5, y: 0.5 }, { x: 1, y: 0.5 }] }], 'privacyMasks.0.polygon'],
    ['a point outside', [{ name: 'a', polygon: [...polygon, { x: 1.1, y: 0 }] }], 'privacyMasks.0.polygon.3.x'],
    ['no name', [{ name: ' ', polygon }], 'privacyMasks.0.name'],
    ['a name twice', [{ name: 'a', polygon }, { name: 'a', polygon }], 'privacyMasks'],
    ['seventeen of them', Array.from({ length: 17 }, (_unused, index) => ({ name: `m${index}`, polygon })), 'privacyMasks'],
  ])('are refused with %s', async (_what, privacyMasks, path) => {
    const answer = await gateway.owner.call('createCamera', { body: { name: 'x', url: URL, privacyMasks } });
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([400, path]);
  });

  it('go along when an address is tried for their camera, and only those that are on', async () => {
    const camera = await add({ privacyMasks: [mask, { ...mask, id: 'm2', name: 'Off', enabled: false }] });
    await gateway.owner.call('probeCamera', { body: { url: 'rtsp://10.0.0.9/other', cameraId: camera.id } });
    await gateway.owner.call('probeCamera', { body: { url: 'rtsp://10.0.0.9/other' } });
    expect(probes.map(({ masks }) => masks)).toEqual([[polygon], []]);
  });

  it('keep originals from those who may not see them, now and for what was recorded under masks, and nothing from the others', async () => {
    const [masked, plain] = [await add({ privacyMasks: [mask] }), await add()];
    const [viewer, original] = [await gateway.withKey(['recording.view']), await gateway.withKey(['recording.view', 'recording.original'])];
    const ask = async (client: typeof viewer, { id }: Camera, query = footage) => (await client.call('getFootage', { params: { id }, query })).body.code;
    // With masks that are known there is footage for both: with them, and without.
    expect([await ask(viewer, masked), await ask(original, masked), await ask(viewer, plain)]).toEqual(['footage.none', 'footage.none', 'footage.none']);
    // A camera outside of the scope is as if it were not there, masks or not.
    expect(await ask(await gateway.withKey(['recording.view'], [plain.id]), masked)).toBe('camera.not-found');
    expect((await audit(masked.id)).filter(({ action }) => action === 'footage.view').map(({ details }) => (details as { masked?: boolean }).masked)).toEqual([undefined, true]);
    await change(masked, { privacyMasks: [] });
    const later = { from: new Date(Date.now() + 60_000).toISOString(), to: new Date(Date.now() + 120_000).toISOString() };
    expect([await ask(viewer, masked), await ask(viewer, masked, later), await ask(original, masked)]).toEqual(['footage.masked', 'footage.none', 'footage.none']);
    await change(masked, { name: 'Renamed', privacyMasks: [] });
    expect((await viewer.call('getFootage', { params: { id: masked.id }, query: footage })).status).toBe(403);
    // Nothing was seen: no row says so.
    expect((await audit(masked.id)).filter(({ action }) => action === 'footage.view')).toHaveLength(3);
  });

  it('are none for cameras that were added before there were any', async () => {
    const rows = gateway.dataSource.getRepository(CameraEntity);
    const id = newId<Camera['id']>();
    const now = new Date();
    await rows.insert({ id, name: 'Old', url: URL, sealedUrl: null, analysisUrl: null, sealedAnalysisUrl: null, enabled: false, tags: [], timeZone: 'UTC', pipelineId: null, labels: null, analysisFps: null, priority: 'normal', weight: 1, recording: { mode: 'off', schedule: null, keepDays: 14, keepBytes: null }, zones: [], createdAt: now, updatedAt: now });
    expect((await gateway.owner.call('getCamera', { params: { id } })).body.privacyMasks).toEqual([]);
  });
});
