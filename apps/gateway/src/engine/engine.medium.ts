import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CameraStats, GatewayToEngine, type CameraId, type EngineToGateway } from '@argus/contracts';
import { CameraEntity, SecretBox, openDatabase } from '@argus/database';
import { newId, silentLogger, systemClock } from '@argus/kernel';
import { endedEvent, sampleEvent, waitFor, withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EventStore } from '../events/event-store.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { Engine } from './engine.js';

/** Real: PostgreSQL, the Unix socket, WebSocket. The inference process is a small client of the same protocol. */
const TOKEN = 'engine-token-of-this-test';
const secrets = new SecretBox(Buffer.alloc(32, 7));
let database: TestDatabase;
let dataSource: DataSource;
let folder: string;
let engine: Engine;
let changes: ChangeBus;

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus 引擎 '));
  changes = new ChangeBus();
  const store = new EventStore(dataSource, systemClock);
  engine = new Engine({ socketPath: join(folder, 'run', 'engine.sock'), token: TOKEN, dataSource, secrets, store, changes, clock: systemClock, log: silentLogger });
  await engine.start();
});
afterEach(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
  await dataSource.query('TRUNCATE events, outbox, tracks, cameras CASCADE');
});

class Inference {
  readonly got: GatewayToEngine[] = [];
  readonly bootId = newId();
  readonly opened: Promise<void>;
  readonly socket: WebSocket;

  constructor(token = TOKEN) {
    this.socket = new WebSocket('ws://engine/', { headers: { authorization: `Bearer ${token}` }, createConnection: () => connect(join(folder, 'run', 'engine.sock')) });
    this.socket.on('message', (data: Buffer) => this.got.push(GatewayToEngine.parse(JSON.parse(data.toString()))));
    this.opened = new Promise((open, fail) => this.socket.once('open', open).once('error', fail));
  }

  async hello(): Promise<this> {
    await this.opened;
    this.send({ type: 'hello', bootId: this.bootId, version: '1', pid: 1 });
    return this;
  }

  send(message: EngineToGateway): void {
    this.socket.send(JSON.stringify(message));
  }

  last<T extends GatewayToEngine['type']>(type: T): Extract<GatewayToEngine, { type: T }> | undefined {
    return this.got.findLast((message): message is Extract<GatewayToEngine, { type: T }> => message.type === type);
  }

  acks = () => this.got.flatMap((message) => (message.type === 'ack' ? message.entries : []));
}

async function addCamera(url = 'rtsp://10.0.0.9/1', parts: Partial<CameraEntity> = {}): Promise<CameraId> {
  const id = newId<CameraId>();
  const now = new Date();
  await dataSource.getRepository(CameraEntity).insert({ id, name: 'Gate', url, sealedUrl: null, enabled: true, tags: [], timeZone: 'UTC', pipelineId: null, labels: null, analysisFps: null, priority: 'normal', weight: 1, recording: { mode: 'off', schedule: null, keepDays: 14, keepBytes: null }, analysisUrl: null, sealedAnalysisUrl: null, zones: [], createdAt: now, updatedAt: now, ...parts });
  changes.announce('camera');
  return id;
}

describe('the engine socket', () => {
  it('is for the owner and for who has the token', async () => {
    expect(statSync(join(folder, 'run', 'engine.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700);
    await expect(new Inference('guess').opened).rejects.toThrow(/401/);
    expect(engine.state.status.connected).toBe(false);
  });

  it('tells the engine its configuration at once and after each change within a second, credentials included', async () => {
    const inference = await new Inference().hello();
    await waitFor(() => inference.last('config'), 20_000);
    const id = newId<CameraId>();
    const started = performance.now();
    await addCamera('rtsp://***@10.0.0.9/1', { id, sealedUrl: secrets.seal('rtsp://admin:pw@10.0.0.9/1', `cameras:${id}`) });
    await waitFor(() => inference.last('config')?.config.cameras.length === 1, 20_000);
    expect(performance.now() - started).toBeLessThan(2000);
    const { config } = inference.last('config')!;
    expect(config.cameras[0]).toMatchObject({ id, url: 'rtsp://admin:pw@10.0.0.9/1' });
    expect(config.pipelines).toMatchObject([{ isDefault: true }]);
    expect(config.revision).toBeGreaterThan((inference.got.find((message) => message.type === 'config') as { config: { revision: number } }).config.revision);
    const problem = { cameraId: null, code: 'model-missing', text: 'the model "x" is not installed', values: { model: 'x' } };
    inference.send({ type: 'applied', revision: config.revision, problems: [problem] });
    await waitFor(() => engine.state.status.configRevision === config.revision, 20_000);
    expect(engine.state.status.problems).toEqual([problem]);
  });

  it('acknowledges after the commit, and harmlessly again', async () => {
    const inference = await new Inference().hello();
    const event = sampleEvent();
    const seen: string[] = [];
    engine.events.subscribe((events) => seen.push(...events.map((changed) => `${changed.id} ${changed.revision}`)));
    inference.send({ type: 'event', entry: 'a', bootId: inference.bootId, event });
    inference.send({ type: 'event', entry: 'a', bootId: inference.bootId, event });
    inference.send({ type: 'event', entry: 'b', bootId: inference.bootId, event: endedEvent(event) });
    await waitFor(() => inference.acks().length === 3, 20_000);
    expect(await dataSource.query('SELECT state, revision FROM events')).toEqual([{ state: 'ended', revision: 2 }]);
    expect(seen).toEqual([`${event.id} 1`, `${event.id} 2`]);
  });

  it('keeps what the database refuses unacknowledged, and nothing else waits for it', async () => {
    const inference = await new Inference().hello();
    const [good, bad] = [sampleEvent(), { ...sampleEvent(), detail: 'a\u0000b' }];
    inference.send({ type: 'event', entry: 'bad', bootId: inference.bootId, event: bad });
    inference.send({ type: 'event', entry: 'good', bootId: inference.bootId, event: good });
    inference.socket.send('{"type":"event"}');
    inference.socket.send('nonsense');
    await waitFor(() => inference.acks().includes('good'), 20_000);
    expect(inference.acks()).toEqual(['good']);
  });

  it('writes events on once the database is back', async () => {
    const inference = await new Inference().hello();
    await dataSource.query('ALTER TABLE events RENAME TO events_away');
    inference.send({ type: 'event', entry: 'a', bootId: inference.bootId, event: sampleEvent() });
    await new Promise((wake) => setTimeout(wake, 300));
    expect(inference.acks()).toEqual([]);
    await dataSource.query('ALTER TABLE events_away RENAME TO events');
    await waitFor(() => inference.acks().length === 1, 20_000);
  });

  it('ends the open events of a dead engine after the new one has replayed its journal, not before', async () => {
    const first = await new Inference().hello();
    const event = sampleEvent();
    first.send({ type: 'event', entry: 'a', bootId: first.bootId, event });
    await waitFor(() => first.acks().length === 1, 20_000);
    first.socket.terminate();
    await waitFor(() => !engine.state.status.connected, 20_000);
    const second = await new Inference().hello();
    const own = sampleEvent();
    second.send({ type: 'event', entry: 'b', bootId: second.bootId, event: own });
    await waitFor(() => second.acks().length === 1, 20_000);
    expect((await dataSource.query(`SELECT state FROM events WHERE id = $1`, [event.id]))[0].state).toBe('confirmed');
    second.send({ type: 'replayed', bootId: second.bootId });
    await waitFor(async () => (await dataSource.query(`SELECT state FROM events WHERE id = $1`, [event.id]))[0].state === 'ended', 20_000);
    expect(await dataSource.query(`SELECT end_reason FROM events WHERE id = $1`, [event.id])).toEqual([{ end_reason: 'engine-restarted' }]);
    expect(await dataSource.query(`SELECT state FROM events WHERE id = $1`, [own.id])).toEqual([{ state: 'confirmed' }]);
  });

  it('asks for probes and pictures, and says what went wrong when none comes', async () => {
    const id = await addCamera();
    await expect(engine.link.snapshot(id, 640)).rejects.toMatchObject({ code: 'engine.unavailable' });
    const inference = await new Inference().hello();
    await waitFor(() => engine.state.status.connected, 20_000);
    const picture = engine.link.snapshot(id, 640);
    const { requestId } = (await waitFor(() => inference.last('snapshot'), 20_000))!;
    inference.send({ type: 'snapshot', requestId, jpegBase64: Buffer.from('jpeg').toString('base64') });
    expect(await picture).toEqual(Buffer.from('jpeg'));
    const probe = engine.link.probe('rtsp://x/1').catch((error: unknown) => error);
    await waitFor(() => inference.last('probe'), 20_000);
    inference.socket.terminate();
    expect(await probe).toMatchObject({ code: 'engine.unavailable' });
  });

  it('knows states and figures while the engine lives, and says so when it does not', async () => {
    const id = await addCamera();
    expect(engine.state.stateOf({ id, enabled: true })).toMatchObject({ state: 'offline', reason: 'unknown' });
    const inference = await new Inference().hello();
    await waitFor(() => engine.state.status.connected, 20_000);
    expect(engine.state.stateOf({ id, enabled: true }).state).toBe('connecting');
    expect(engine.state.stateOf({ id, enabled: false }).state).toBe('disabled');
    inference.send({ type: 'states', states: [{ cameraId: id, state: 'online', reason: null, since: new Date().toISOString(), lastError: null, lastErrorAt: null, attempts: 0 }] });
    await waitFor(() => engine.state.stateOf({ id, enabled: true }).state === 'online', 20_000);
    const stats = CameraStats.parse({ cameraId: id, stream: null, received: 1, decoded: 1, skipped: { 'not-due': 0, idle: 0, shed: 0, 'key-wait': 0, damaged: 0 }, paced: 0, still: 0, offered: 1, analysed: 1, dropped: { overwritten: 0, stale: 0, late: 0, backpressure: 0, failed: 0, stopped: 0 }, reconnects: 0, lastPacketAt: null, lastFrameAt: null, lastInferenceAt: null, receivedFps: 1, analysedFps: 1, targetFps: 1, decodeMode: 'all', decoder: null, latencyMsP50: null, latencyMsP95: null, main: null, recorder: null });
    inference.send({ type: 'stats', cameras: [stats], compute: { devices: [], runs: [], load: null, rollouts: [] }, models: [] });
    await waitFor(() => engine.state.statsOf(id)?.received === 1, 20_000);
    inference.socket.terminate();
    await waitFor(() => engine.state.stateOf({ id, enabled: true }).state === 'offline', 20_000);
    expect(engine.state.statsOf(id)).toBeNull();
  });
});
