import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { api, CameraStats, DROP_CAUSES, SKIP_CAUSES, type CameraId, type ComputeStats, type EngineToGateway, type ModelId, type PipelineId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { sampleEvent, startWebhookReceiver, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExposition, type Family } from '../../test/read-exposition.js';
import { connectEngine, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { METRICS } from './metric-catalogue.js';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) console.warn('left out: what Prometheus itself says of the metrics and alerts needs promtool (Debian package prometheus)');

/** Real: gateway, PostgreSQL, HTTP, engine socket, a webhook's receiver. The engine is a small client of its protocol. */
const SECRET = 'hunter2';
const NAME = 'Gate "7" \\ 门口';
let dashboard: string;
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const ids: CameraId[] = [];

const noneOf = (causes: readonly string[]) => Object.fromEntries(causes.map((cause) => [cause, 0]));
const stats = (cameraId: CameraId, received: number): CameraStats =>
  CameraStats.parse({
    cameraId, stream: null, received, decoded: received - 3, skipped: { ...noneOf(SKIP_CAUSES), idle: 1, shed: 2 }, paced: 10, still: 20, offered: received - 33, analysed: received - 40,
    dropped: { ...noneOf(DROP_CAUSES), overwritten: 4, stale: 1, late: 2 }, reconnects: 2, lastPacketAt: '2026-01-01T00:00:01.000Z', lastFrameAt: null, lastInferenceAt: '2026-01-01T00:00:00.500Z',
    receivedFps: 25, analysedFps: 5, targetFps: 4, decodeMode: 'part', decoder: 'h264 (software)', latencyMsP50: 20, latencyMsP95: 45.5, main: null, recorder: null,
  });
const run = (device: string, busy: number, replicas: number): ComputeStats['runs'][number] => ({
  model: 'nanodet' as ModelId, version: '1.0.0', device: device as never, provider: 'cpu', replicas, threads: 1, batch: 4, batchMean: 2.5, runs: 100, pictures: 250, picturesPerSecond: 9, busy,
  queueMsP50: 3, queueMsP95: 9, computeMsP50: 20, computeMsP95: 30, replaced: 1, lastSuccessAt: '2026-01-01T00:00:00.000Z',
});
const compute: ComputeStats = {
  devices: [{ id: 'cpu' as never, kind: 'cpu', provider: 'cpu', name: 'A processor', memoryBytes: 1024, health: 'ok', problem: null }, { id: 'cuda:0' as never, kind: 'gpu', provider: 'cuda', name: 'None', memoryBytes: null, health: 'lost', problem: 'gone' }],
  runs: [run('cpu', 0.9, 2), { ...run('cpu', 0.3, 1), model: 'posture' as ModelId }],
  load: { cpu: 0.8, shedding: 'rate', granted: { critical: 1, normal: 0.5, low: 0.1 }, loopDelayMsP99: 12, children: [{ pid: 11, kind: 'ingest', model: null, cameras: 2, cpu: 0.4, residentBytes: 1000, loopDelayMsP99: 3, restarts: 1 }, { pid: 12, kind: 'model', model: 'nanodet-g-416' as ModelId, cameras: 0, cpu: 0.9, residentBytes: 2000, loopDelayMsP99: null, restarts: 0 }] },
  rollouts: [{ pipelineId: newId<PipelineId>(), candidate: 'next' as ModelId, candidateVersion: '2.0.0', frames: 40, both: 9, onlyCurrent: 1, onlyCandidate: 1, agreement: 0.9, computeMsP50: 1, canaryCameraIds: [] }],
};

async function scrape(by: Visitor, accept = 'text/plain'): Promise<{ status: number; type: string; text: string }> {
  const response = await fetch(`${by.url}/metrics`, { headers: { accept, ...(by.key ? { authorization: `Bearer ${by.key}` } : {}), ...(by.cookie ? { cookie: by.cookie } : {}) } });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}
const read = async (by: Visitor): Promise<Map<string, Family>> => readExposition((await scrape(by)).text);
const valueOf = (families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number | undefined =>
  [...families.values()].flatMap(({ samples }) => samples).find((sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value))?.value;
const report = (received: number): void => engine.send({ type: 'stats', cameras: ids.map((id) => stats(id, received)), compute, models: [] } satisfies EngineToGateway);

beforeAll(async () => {
  // The dashboard answers every address that nobody else does; this one must not be its.
  dashboard = await mkdtemp(join(tmpdir(), 'argus-dashboard-'));
  await writeFile(join(dashboard, 'index.html'), '<!doctype html><title>Argus</title>');
  gateway = await runGateway({ ARGUS_DASHBOARD_DIR: dashboard });
  for (const name of [NAME, 'Yard']) {
    const { body } = await gateway.owner.call('createCamera', { body: { name, url: `rtsp://admin:${SECRET}@10.1.2.3/stream` } });
    ids.push(body.id as CameraId);
  }
  engine = await connectEngine(gateway, () => null);
  report(1000);
  await waitFor(async () => valueOf(await read(gateway.owner), 'argus_camera_packets_received_total') === 1000, 20_000);
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
  await rm(dashboard, { recursive: true, force: true });
});

describe('GET /metrics', () => {
  it('shows the engine\'s figures under their names, in base units', async () => {
    const families = await read(gateway.owner);
    const camera = { camera: ids[0]!, name: NAME };
    for (const [name, labels, value] of [
      ['argus_engine_up', {}, 1],
      ['argus_database_up', {}, 1],
      ['argus_camera_packets_received_total', camera, 1000],
      ['argus_camera_packets_skipped_total', { ...camera, cause: 'shed' }, 2],
      ['argus_camera_frames_dropped_total', { ...camera, cause: 'late' }, 2],
      ['argus_camera_frames_still_total', camera, 20],
      ['argus_camera_last_inference_timestamp_seconds', camera, Date.parse('2026-01-01T00:00:00.500Z') / 1000],
      ['argus_camera_last_frame_timestamp_seconds', camera, undefined],
      ['argus_camera_latency_seconds', { ...camera, percentile: '95' }, 0.0455],
      ['argus_camera_decode_mode', { ...camera, mode: 'part' }, 1],
      ['argus_camera_state', { ...camera, state: 'connecting' }, 1],
      ['argus_camera_state', { ...camera, state: 'online' }, 0],
      ['argus_model_pictures_total', { model: 'nanodet', version: '1.0.0', device: 'cpu' }, 250],
      ['argus_model_queue_seconds', { model: 'nanodet', percentile: '95' }, 0.009],
      ['argus_device_busy_ratio', { device: 'cpu' }, 0.7],
      ['argus_device_up', { device: 'cuda:0' }, 0],
      ['argus_load_shedding', { mode: 'rate' }, 1],
      ['argus_load_granted_ratio', { class: 'low' }, 0.1],
      ['argus_child_resident_memory_bytes', { child: 'model-0' }, 2000],
      ['argus_event_loop_delay_p99_seconds', { process: 'inference' }, 0.012],
      ['argus_rollout_agreement_ratio', { candidate: 'next' }, 0.9],
      ['argus_outbox_pending', {}, 0],
    ] as const) expect([name, valueOf(families, name, labels)]).toEqual([name, value === undefined ? undefined : expect.closeTo(value, 6)]);
    // Whatever was offered was analysed or dropped for one cause.
    const drops = families.get('argus_camera_frames_dropped_total')!.samples.filter(({ labels }) => labels['camera'] === ids[0]).reduce((sum, { value }) => sum + value, 0);
    expect(valueOf(families, 'argus_camera_frames_offered_total', camera)).toBe(drops + valueOf(families, 'argus_camera_frames_analysed_total', camera)!);
  });

  it('uses only names and labels of the catalogue', async () => {
    for (const [name, { type, samples }] of await read(gateway.owner)) {
      expect(METRICS).toHaveProperty(name);
      const spec = METRICS[name as keyof typeof METRICS];
      expect([name, type]).toEqual([name, spec.type]);
      for (const { labels } of samples) expect(Object.keys(labels).filter((label) => label !== 'le')).toEqual([...spec.labels]);
    }
  });

  it('answers both formats by their content types and never caches', async () => {
    const { type, text } = await scrape(gateway.owner);
    expect(type).toMatch(/^text\/plain;.*version=0\.0\.4/);
    expect(text).not.toContain('# EOF');
    const open = await scrape(gateway.owner, 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5');
    expect(open.type).toMatch(/^application\/openmetrics-text;.*version=1\.0\.0/);
    expect(readExposition(open.text, 'openmetrics').get('argus_camera_packets_received')?.samples[0]?.value).toBe(1000);
    expect((await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${gateway.owner.key}` } })).headers.get('cache-control')).toBe('no-store');
  });

  it('holds no address, no secret and no process id', async () => {
    const { text } = await scrape(gateway.owner);
    expect(text).not.toMatch(new RegExp(`${SECRET}|rtsp:|10\\.1\\.2\\.3|${gateway.settings.engineToken}|${gateway.data}|pid=`));
  });

  it.skipIf(!hasPromtool)('gives Prometheus itself nothing to complain about', async () => {
    const promtool = (args: readonly string[], input = '') => {
      const { status, stdout, stderr } = spawnSync('promtool', [...args], { input, encoding: 'utf8', cwd: fileURLToPath(new URL('../../../../deploy/prometheus', import.meta.url)) });
      return status === 0 ? 'fine' : `${stdout}${stderr}`;
    };
    expect(promtool(['check', 'metrics'], (await scrape(gateway.owner)).text)).toBe('fine');
    expect(promtool(['check', 'rules', 'argus-alerts.yml'])).toBe('fine');
    expect(promtool(['test', 'rules', 'argus-alerts.test.yml'])).toBe('fine');
  });

  it('is for keys with its permission alone', async () => {
    expect((await scrape(gateway.nobody())).status).toBe(401);
    expect((await scrape(await gateway.withKey(['system.read', 'camera.read']))).status).toBe(403);
    expect((await scrape(await gateway.withKey(['metrics.read']))).status).toBe(200);
    expect((await scrape((await gateway.withUser('viewer')).visitor)).status).toBe(403);
    expect((await scrape((await gateway.withUser('operator')).visitor)).status).toBe(200);
  });

  it('shows a key only the cameras that it may see', async () => {
    const { text } = await scrape(await gateway.withKey(['metrics.read'], [ids[1]!]));
    const seen = new Set([...readExposition(text).values()].flatMap(({ samples }) => samples.flatMap(({ labels }) => labels['camera'] ?? [])));
    expect([...seen]).toEqual([ids[1]]);
    expect(text).not.toContain('门口');
  });

  it('measures requests by route and never by id', async () => {
    for (const id of ids) await gateway.owner.call('getCamera', { params: { id } });
    await gateway.owner.send('GET', '/api/no/such');
    await gateway.owner.send('GET', `/api/v1/cameras/${newId()}`);
    const families = await read(gateway.owner);
    const route = '/api/v1/cameras/:id';
    expect(valueOf(families, 'argus_http_request_seconds_count', { method: 'GET', route, status: '2xx' })).toBe(2);
    expect(valueOf(families, 'argus_http_request_seconds_count', { method: 'GET', route, status: '4xx' })).toBe(1);
    expect(valueOf(families, 'argus_http_request_seconds_count', { route: 'other', status: '4xx' })).toBeGreaterThan(0);
    const routes = new Set(families.get('argus_http_request_seconds')!.samples.map(({ labels }) => labels['route']));
    expect([...routes].filter((one) => one !== 'other' && !Object.values(api).some(({ path }) => path === one))).toEqual([]);
  });

  it('measures commits and deliveries of events', async () => {
    const receiver = await startWebhookReceiver();
    await gateway.owner.call('createWebhook', { body: { name: 'Here', url: receiver.url, events: ['event.confirmed'], allowPrivate: true } });
    engine.send({ type: 'event', entry: 'a', bootId: newId(), event: sampleEvent() });
    await waitFor(() => receiver.received.length === 1, 20_000);
    await waitFor(async () => valueOf(await read(gateway.owner), 'argus_webhook_attempt_seconds_count', { outcome: 'delivered' }) === 1, 10_000);
    const families = await read(gateway.owner);
    expect(valueOf(families, 'argus_events_committed_total', { state: 'confirmed' })).toBe(1);
    expect(valueOf(families, 'argus_event_commit_seconds_count')).toBe(1);
    expect(valueOf(families, 'argus_webhook_attempt_seconds_count', { outcome: 'failed' })).toBe(0);
    expect(valueOf(families, 'argus_webhook_delivery_seconds_count')).toBe(1);
    await receiver.close();
  });

  it('goes on without the database, and without the engine', async () => {
    await gateway.dataSource.query('ALTER TABLE cameras RENAME TO cameras_away');
    try {
      const families = await read(gateway.owner);
      expect(valueOf(families, 'argus_database_up')).toBe(0);
      expect(valueOf(families, 'argus_camera_packets_received_total', { camera: ids[0]! })).toBe(1000);
      expect(families.has('argus_outbox_pending')).toBe(false);
    } finally {
      await gateway.dataSource.query('ALTER TABLE cameras_away RENAME TO cameras');
    }
    engine.close();
    await waitFor(async () => valueOf(await read(gateway.owner), 'argus_engine_up') === 0, 20_000);
    const families = await read(gateway.owner);
    expect(families.has('argus_camera_packets_received_total')).toBe(false);
    expect(valueOf(families, 'argus_camera_state', { camera: ids[0]!, state: 'offline' })).toBe(1);
    // A new engine counts from zero: a reset, which Prometheus knows from a value that is lower.
    engine = await connectEngine(gateway, () => null);
    await sleep(50);
    report(50);
    await waitFor(async () => valueOf(await read(gateway.owner), 'argus_camera_packets_received_total') === 50, 20_000);
  });
});
