import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryQuery, PageQuery, WebhookSettings, type Event } from '@argus/contracts';
import { SecretBox, openDatabase } from '@argus/database';
import { newId, silentLogger, systemClock } from '@argus/kernel';
import { endedEvent, isSignatureValid, sampleEvent, startWebhookReceiver, waitFor, withTestDatabase, type TestDatabase, type WebhookReceiver } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventStore } from '../events/event-store.js';
import { WebhookDelivery } from './webhook-delivery.js';

/** Real: PostgreSQL, BullMQ on Postgres and on Redis, HTTP over loopback. */
const secrets = new SecretBox(Buffer.alloc(32, 7));
const settings = (url: string, parts: object = {}): WebhookSettings => WebhookSettings.parse({ name: 'Test', url, events: ['event.confirmed', 'event.ended'], allowPrivate: true, ...parts });
let database: TestDatabase;
let dataSource: DataSource;
let store: EventStore;
let receiver: WebhookReceiver;
let delivery: WebhookDelivery;

function startDelivery(redisUrl?: string): WebhookDelivery {
  const made = new WebhookDelivery({ dataSource, databaseUrl: database.url, redisUrl, secrets, clock: systemClock, log: silentLogger, queueName: `q-${newId()}` });
  return made;
}

async function happen(...events: Event[]): Promise<void> {
  await store.save(events.map((event) => ({ event, bootId: BOOT })));
  delivery.poke();
}
const BOOT = newId();
const accepted = () => receiver.received.filter((entry) => entry.status === 200);
const typesOf = (id: string) => accepted().flatMap(({ payload }) => (payload.type !== 'webhook.test' && payload.event.id === id ? [payload.type] : []));

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  store = new EventStore(dataSource, systemClock);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  delivery = startDelivery();
  await delivery.start();
});
afterEach(async () => {
  await delivery.stop();
  await receiver.close();
  await dataSource.query('TRUNCATE events, outbox, deliveries, delivery_attempts, webhooks CASCADE');
});

describe('webhook deliveries', () => {
  it('arrive signed with the secret that was shown once, in well under a second', async () => {
    const { secret, id } = await delivery.service.create(settings(receiver.url));
    const event = sampleEvent();
    const started = performance.now();
    await happen(event);
    await waitFor(() => receiver.received.length === 1, 20_000);
    console.log(`commit to receiver: ${(performance.now() - started).toFixed(0)} ms`);
    const received = receiver.received[0]!;
    expect(received.payload).toEqual({ type: 'event.confirmed', version: 1, event });
    expect(isSignatureValid(received, secret)).toBe(true);
    expect(isSignatureValid(received, `${secret}x`)).toBe(false);
    expect(Math.abs(Number(received.timestamp) - Date.now() / 1000)).toBeLessThan(30);
    const stored = JSON.stringify(await dataSource.query('SELECT * FROM webhooks'));
    expect(stored).not.toContain(secret);
    expect(JSON.stringify(await delivery.service.get(id))).not.toContain('ecret');
    await waitFor(async () => (await delivery.service.listDeliveries(id, DeliveryQuery.parse({}))).items[0]?.state === 'delivered', 20_000);
    expect((await delivery.service.listDeliveries(id, DeliveryQuery.parse({}))).items).toMatchObject([{ id: received.deliveryId, attempts: 1, lastStatus: 200, lastError: null, eventId: event.id }]);
  });

  it('lose nothing over an outage and keep the order of each track', async () => {
    await delivery.service.create(settings(receiver.url));
    receiver.answer(503);
    const events = Array.from({ length: 40 }, () => sampleEvent());
    for (const event of events) await happen(event);
    await waitFor(() => receiver.received.length >= 40, 10_000);
    for (const event of events) await happen(endedEvent(event));
    receiver.answer(200);
    await waitFor(() => events.every((event) => typesOf(event.id).includes('event.ended')), 30_000, () => `${accepted().length} of 80`);
    for (const event of events) expect([...new Set(typesOf(event.id))]).toEqual(['event.confirmed', 'event.ended']);
  }, 60_000);

  it('reach only who asked for them', async () => {
    const [wanted, other] = [sampleEvent(), sampleEvent({ label: 'car' })];
    await delivery.service.create(settings(receiver.url, { filter: { cameraIds: [wanted.cameraId], labels: ['person'] }, events: ['event.confirmed'] }));
    await happen(other, wanted, endedEvent(wanted));
    await waitFor(() => receiver.received.length > 0, 20_000);
    await new Promise((wake) => setTimeout(wake, 1500));
    expect(receiver.received.map(({ payload }) => (payload.type === 'webhook.test' ? '' : payload.event.id))).toEqual([wanted.id]);
  });

  it('wait while the webhook is paused, and go on when it is switched on', async () => {
    const { id } = await delivery.service.create(settings(receiver.url, { enabled: false }));
    await happen(sampleEvent());
    await new Promise((wake) => setTimeout(wake, 1500));
    expect(receiver.received).toEqual([]);
    await delivery.service.update(id, settings(receiver.url));
    await waitFor(() => receiver.received.length === 1, 20_000);
  });

  it('are found by the next start when the gateway dies between commit and queue', async () => {
    await delivery.service.create(settings(receiver.url));
    await delivery.stop();
    await store.save([{ event: sampleEvent(), bootId: BOOT }]);
    delivery = startDelivery();
    await delivery.start();
    await waitFor(() => receiver.received.length === 1, 20_000);
  });

  it('do not wait for another webhook whose receiver hangs', async () => {
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((ready) => hanging.once('listening', ready));
    const { port } = hanging.address() as { port: number };
    await delivery.service.create(settings(`http://127.0.0.1:${port}/`));
    await delivery.service.create(settings(receiver.url));
    const started = performance.now();
    await happen(...Array.from({ length: 30 }, () => sampleEvent()));
    await waitFor(() => receiver.received.length === 30, 9000);
    expect(performance.now() - started).toBeLessThan(9000);
    hanging.closeAllConnections();
    hanging.close();
  });

  it('are given up after a day of attempts, and replayed with the same key on request', async () => {
    const { id } = await delivery.service.create(settings(receiver.url));
    receiver.answer(500);
    await happen(sampleEvent());
    await waitFor(() => receiver.received.length === 1, 20_000);
    await waitFor(async () => (await delivery.service.listDeliveries(id, DeliveryQuery.parse({ state: 'retrying' }))).items.length === 1, 20_000);
    await dataSource.query(`UPDATE deliveries SET attempts = 1000, next_attempt_at = now()`);
    const [dead] = await waitFor(async () => {
      const { items } = await delivery.service.listDeliveries(id, DeliveryQuery.parse({ state: 'dead' }));
      return items.length > 0 && items;
    }, 20_000);
    expect(dead).toMatchObject({ state: 'dead', nextAttemptAt: null, lastStatus: 500 });
    receiver.answer(200);
    expect(await delivery.service.replay(dead!.id)).toMatchObject({ id: dead!.id, state: 'pending' });
    await waitFor(() => accepted().length === 1, 20_000);
    expect(accepted()[0]!.deliveryId).toBe(dead!.id);
  });

  it('can be tested at once, and a failed test is not repeated', async () => {
    const { id, secret } = await delivery.service.create(settings(receiver.url, { enabled: false }));
    expect(await delivery.service.test(id)).toMatchObject({ type: 'webhook.test', state: 'delivered', lastStatus: 200 });
    expect(isSignatureValid(receiver.received[0]!, secret)).toBe(true);
    receiver.answer(302);
    expect(await delivery.service.test(id)).toMatchObject({ state: 'dead', lastStatus: 302, lastError: expect.stringMatching(/redirects are not followed/) });
  });

  it('never reach the own network unless that is allowed', async () => {
    await expect(delivery.service.create(settings(receiver.url, { allowPrivate: false }))).rejects.toThrow(/internal network/);
    await expect(delivery.service.create(settings('http://user:pw@example.invalid/'))).rejects.toThrow(/no user name or password/);
    const { id } = await delivery.service.create(settings(receiver.url));
    await dataSource.query('UPDATE webhooks SET allow_private = false');
    expect(await delivery.service.test(id)).toMatchObject({ state: 'dead', lastStatus: null, lastError: expect.stringMatching(/internal network/) });
    expect(receiver.received).toEqual([]);
  });

  it('end with the webhook that is removed', async () => {
    const { id } = await delivery.service.create(settings(receiver.url));
    receiver.answer(500);
    await happen(sampleEvent());
    await waitFor(() => receiver.received.length === 1, 20_000);
    await delivery.service.remove(id);
    await expect(delivery.service.get(id)).rejects.toThrow(/not found/);
    expect((await delivery.service.list(PageQuery.parse({}))).items).toEqual([]);
    expect(await dataSource.query('SELECT 1 FROM deliveries')).toEqual([]);
  });
});

const redis = spawnSync('redis-server', ['--version']).status === 0;
if (!redis) console.warn('skipped: webhook wake-ups over Redis, because redis-server is not installed (apt-get install redis-server)');

describe.skipIf(!redis)('with REDIS_URL', () => {
  let server: ChildProcess;
  let folder: string;
  const port = 20_000 + (process.pid % 20_000);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'argus-redis-'));
    server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitFor(() => output.includes('Ready to accept connections'), 10_000, () => output);
  });
  afterAll(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('deliveries go through Redis, and a Redis that lost everything loses none', async () => {
    await delivery.stop();
    delivery = startDelivery(`redis://127.0.0.1:${port}`);
    await delivery.start();
    await delivery.service.create(settings(receiver.url));
    await happen(sampleEvent());
    await waitFor(() => receiver.received.length === 1, 20_000);
    receiver.answer(503);
    await happen(sampleEvent());
    await waitFor(() => receiver.received.length === 2, 20_000);
    spawnSync('redis-cli', ['-p', String(port), 'FLUSHALL']);
    receiver.answer(200);
    await waitFor(() => accepted().length === 2, 10_000);
  });
});
