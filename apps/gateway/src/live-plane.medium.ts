import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayToEngine, type CameraId, type EngineToGateway, type Event, type EventView, type Permission } from '@argus/contracts';
import { newId, silentLogger } from '@argus/kernel';
import { FileBlobStore } from '@argus/storage';
import { endedEvent, isSignatureValid, sampleEvent, startWebhookReceiver, waitFor, withTestDatabase, type TestDatabase } from '@argus/testing';
import { io, type Socket } from 'socket.io-client';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readSettings } from './settings.js';
import { startGateway, type Gateway } from './start-gateway.js';

/** Real: the whole gateway, PostgreSQL, its sockets, an HTTP receiver. The inference process is a client of the same protocol. */
const CLI = 'cli-token-for-tests-0123456789abcdef0123';
const ENGINE = 'engine-token-for-tests';
let folder: string;
let database: TestDatabase;
let gateway: Gateway;
let inference: WebSocket;
const bootId = newId();
const acks: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-gw-'));
  database = await withTestDatabase();
  writeFileSync(join(folder, 'cli-token'), CLI, { mode: 0o600 });
  const settings = readSettings({ DATABASE_URL: database.url, ARGUS_DATA: folder, ARGUS_PORT: '0', ARGUS_ENGINE_TOKEN: ENGINE });
  gateway = await startGateway(settings, { log: silentLogger });
  inference = new WebSocket('ws://engine/', { headers: { authorization: `Bearer ${ENGINE}` }, createConnection: () => connect(settings.engineSocket) });
  inference.on('message', (data: Buffer) => {
    const message = GatewayToEngine.parse(JSON.parse(data.toString()));
    if (message.type === 'ack') acks.push(...message.entries);
  });
  await new Promise((open) => inference.once('open', open));
  tell({ type: 'hello', bootId, version: '1', pid: 1 });
});
afterAll(async () => {
  inference?.terminate();
  await gateway?.stop();
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const tell = (message: EngineToGateway) => inference.send(JSON.stringify(message));

async function report(...events: Event[]): Promise<void> {
  const entries = events.map((event) => `${event.id}-${event.revision}`);
  for (const [index, event] of events.entries()) tell({ type: 'event', entry: entries[index] as string, bootId, event });
  await waitFor(() => entries.every((entry) => acks.includes(entry)), 20_000);
}

async function call<T>(token: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(`${gateway.url}/api/v1${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : text) as T };
}

async function keyFor(permissions: Permission[], cameraScope: CameraId[] | null = null): Promise<string> {
  return (await call<{ key: string }>(CLI, 'POST', '/api-keys', { name: 'test', permissions, cameraScope })).body.key;
}

describe('an event', () => {
  it('is in the list, at the webhook and in the browser once it is acknowledged to the engine', async () => {
    const receiver = await startWebhookReceiver();
    const created = await call<{ id: string; secret: string }>(CLI, 'POST', '/webhooks', { name: 'ERP', url: receiver.url, events: ['event.confirmed', 'event.ended'], allowPrivate: true });
    expect(created.status).toBe(201);
    const socket: Socket = io(gateway.url, { transports: ['websocket'], reconnection: false, auth: { token: CLI } });
    const heard: string[] = [];
    socket.on('event', (event: EventView) => heard.push(`${event.id} ${event.state}`));
    await new Promise((connected) => socket.once('connect', () => connected(undefined)));

    const event = sampleEvent({ snapshotKey: 'events/a.jpg' });
    await new FileBlobStore(join(folder, 'blobs')).put('events/a.jpg', Buffer.from('jpeg'));
    await report(event, endedEvent(event));

    expect((await call<{ items: EventView[] }>(CLI, 'GET', `/events?state=ended&camera=${event.cameraId}`)).body.items).toMatchObject([{ id: event.id, revision: 2 }]);
    await waitFor(() => receiver.received.length === 2, 20_000);
    expect(receiver.received.map(({ payload }) => payload.type)).toEqual(['event.confirmed', 'event.ended']);
    expect(receiver.received.every((delivery) => isSignatureValid(delivery, created.body.secret))).toBe(true);
    await waitFor(() => heard.length === 2, 20_000);
    expect(heard).toEqual([`${event.id} confirmed`, `${event.id} ended`]);
    const picture = await fetch(`${gateway.url}/api/v1/events/${event.id}/snapshot.jpg`, { headers: { authorization: `Bearer ${CLI}` } });
    expect([picture.status, picture.headers.get('content-type'), await picture.text()]).toEqual([200, 'image/jpeg', 'jpeg']);
    expect((await call(CLI, 'GET', `/events/${event.id}/thumbnail.jpg`)).status).toBe(404);
    expect((await call(CLI, 'DELETE', `/webhooks/${created.body.id}`)).status).toBe(204);
    socket.disconnect();
    await receiver.close();
  });

  it('can be marked as seen by who may, and the audit tells who did', async () => {
    const event = sampleEvent();
    await report(event);
    const marker = await keyFor(['event.read', 'event.acknowledge']);
    const reader = await keyFor(['event.read']);
    expect((await call(reader, 'POST', `/events/${event.id}/acknowledgement`)).status).toBe(403);
    expect((await call<EventView>(marker, 'POST', `/events/${event.id}/acknowledgement`)).body).toMatchObject({ acknowledgedBy: 'test' });
    expect((await call<EventView>(marker, 'DELETE', `/events/${event.id}/acknowledgement`)).body).toMatchObject({ acknowledgedBy: null });
    const audit = await call<{ items: { action: string; subjectId: string }[] }>(CLI, 'GET', '/audit?limit=50');
    expect(audit.body.items.filter((entry) => entry.subjectId === event.id).map((entry) => entry.action)).toEqual(['event.unacknowledge', 'event.acknowledge']);
  });

  it('outside of the scope is as if it were not there', async () => {
    const [mine, theirs] = [sampleEvent({ snapshotKey: 'events/a.jpg' }), sampleEvent({ snapshotKey: 'events/a.jpg' })];
    await report(mine, theirs);
    const scoped = await keyFor(['event.read', 'event.acknowledge'], [mine.cameraId]);
    expect((await call<{ items: EventView[] }>(scoped, 'GET', '/events')).body.items.map((item) => item.id)).toEqual([mine.id]);
    expect((await call<{ items: EventView[] }>(scoped, 'GET', `/events?camera=${theirs.cameraId}`)).body.items).toEqual([]);
    for (const path of ['', '/snapshot.jpg', '/thumbnail.jpg']) expect((await call(scoped, 'GET', `/events/${theirs.id}${path}`)).status).toBe(404);
    expect((await call(scoped, 'POST', `/events/${theirs.id}/acknowledgement`)).status).toBe(404);
    expect((await call(scoped, 'GET', `/events/${mine.id}/snapshot.jpg`)).status).toBe(200);
    expect((await call('argus_nobody-has-this-key-at-all', 'GET', '/events')).status).toBe(401);
  });

  it('list answers a bad cursor or filter with the field', async () => {
    expect(await call(CLI, 'GET', '/events?cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'request.cursor-invalid' } });
    expect(await call(CLI, 'GET', '/events?state=open')).toMatchObject({ status: 400, body: { errors: [{ path: 'state.0' }] } });
  });
});

describe('webhooks', () => {
  const settings = { name: 'ERP', url: 'https://192.168.0.5/hook' };

  it('are for administrators who see every camera', async () => {
    const reader = await keyFor(['webhook.read']);
    const scoped = await keyFor(['webhook.read', 'webhook.write'], [newId()]);
    expect((await call(reader, 'GET', '/webhooks')).status).toBe(200);
    expect((await call(reader, 'POST', '/webhooks', { ...settings, allowPrivate: true })).status).toBe(403);
    expect((await call(scoped, 'GET', '/webhooks')).status).toBe(403);
    expect((await call(scoped, 'POST', '/webhooks', { ...settings, allowPrivate: true })).status).toBe(403);
    expect((await call(await keyFor(['event.read']), 'GET', '/webhooks')).status).toBe(403);
  });

  it('say why an address is refused, and show their secret once', async () => {
    expect(await call(CLI, 'POST', '/webhooks', settings)).toMatchObject({ status: 400, body: { code: 'webhook.address-refused' } });
    expect(await call(CLI, 'POST', '/webhooks', { ...settings, url: 'ftp://x/' })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    const created = await call<{ id: string; secret: string }>(CLI, 'POST', '/webhooks', { ...settings, allowPrivate: true });
    expect(created.body.secret).toMatch(/^whsec_/);
    expect((await call(CLI, 'GET', `/webhooks/${created.body.id}`)).body).not.toHaveProperty('secret');
    expect(JSON.stringify((await call(CLI, 'GET', '/audit?limit=50')).body)).not.toContain(created.body.secret);
    expect((await call(CLI, 'GET', `/webhooks/${newId()}`)).status).toBe(404);
    expect((await call(CLI, 'POST', `/deliveries/${newId()}/replay`)).status).toBe(404);
  });
});

it('stops while browsers and the engine are connected', async () => {
  const socket: Socket = io(gateway.url, { transports: ['websocket'], reconnection: false, auth: { token: CLI } });
  await new Promise((connected) => socket.once('connect', () => connected(undefined)));
  const started = performance.now();
  await gateway.stop();
  expect(performance.now() - started).toBeLessThan(10_000);
  gateway = { ...gateway, stop: async () => undefined };
});
