import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayToEngine, type EngineToGateway, type Event } from '@argus/contracts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@argus/embedded-postgres';
import { newId, silentLogger } from '@argus/kernel';
import { endedEvent, sampleEvent, startWebhookReceiver, waitFor, type WebhookReceiver } from '@argus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readSettings } from './settings.js';
import { startGateway, type Gateway } from './start-gateway.js';

/** Real: the whole gateway and a PostgreSQL server of its own, which is killed. */
const CLI = 'cli-token-for-tests-0123456789abcdef0123';
const ENGINE = 'engine-token-for-tests';
let folder: string;
let server: EmbeddedPostgres;
let gateway: Gateway;
let receiver: WebhookReceiver;
let inference: WebSocket;
const acks = new Set<string>();
const bootId = newId();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-loss-'));
  writeFileSync(join(folder, 'cli-token'), CLI, { mode: 0o600 });
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: silentLogger });
  const settings = readSettings({ DATABASE_URL: server.url, ARGUS_DATA: folder, ARGUS_PORT: '0', ARGUS_ENGINE_TOKEN: ENGINE });
  gateway = await startGateway(settings, { log: silentLogger });
  receiver = await startWebhookReceiver();
  inference = new WebSocket('ws://engine/', { headers: { authorization: `Bearer ${ENGINE}` }, createConnection: () => connect(settings.engineSocket) });
  inference.on('message', (data: Buffer) => {
    const message = GatewayToEngine.parse(JSON.parse(data.toString()));
    if (message.type === 'ack') for (const entry of message.entries) acks.add(entry);
  });
  await new Promise((open) => inference.once('open', open));
  tell({ type: 'hello', bootId, version: '1', pid: 1 });
});
afterAll(async () => {
  inference?.terminate();
  await receiver?.close();
  await gateway?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tell = (message: EngineToGateway) => inference.send(JSON.stringify(message));
const report = (event: Event) => tell({ type: 'event', entry: `${event.id}-${event.revision}`, bootId, event });

it('loses no event and no delivery when the database is killed three times while events flow', async () => {
  const answer = await fetch(`${gateway.url}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CLI}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ERP', url: receiver.url, events: ['event.confirmed', 'event.ended'], allowPrivate: true }),
  });
  expect(answer.status).toBe(201);
  const events = Array.from({ length: 60 }, () => sampleEvent());
  const preferredPort = Number(new URL(server.url).port);
  for (const [index, event] of events.entries()) {
    report(event);
    if (index % 20 === 10) {
      process.kill(server.pid, 'SIGKILL');
      server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: silentLogger, preferredPort });
    }
    report(endedEvent(event));
    await new Promise((wake) => setTimeout(wake, 20));
  }
  await waitFor(() => acks.size === 120, 30_000, () => `${acks.size} of 120 acknowledged`);
  const typesOf = (id: string) => [...new Set(receiver.received.flatMap(({ payload }) => (payload.type !== 'webhook.test' && payload.event.id === id ? [payload.type] : [])))];
  await waitFor(() => events.every((event) => typesOf(event.id).length === 2), 100_000, () => `${receiver.received.length} received`);
  for (const event of events) expect(typesOf(event.id)).toEqual(['event.confirmed', 'event.ended']);
  const list = await fetch(`${gateway.url}/api/v1/events?state=ended&limit=500`, { headers: { authorization: `Bearer ${CLI}` } });
  expect(((await list.json()) as { items: unknown[] }).items).toHaveLength(60);
}, 200_000);
