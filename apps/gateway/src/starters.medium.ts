import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Delivery, Event, Webhook } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { sampleEvent, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, StarterSite, type RunningStarter } from '../test/starter-site.js';

/** Real: the starters of `examples/`, run as their heads say, and a gateway with PostgreSQL that delivers webhooks to them. The engine is a small client of its protocol. What people see of them: test/e2e/starters.spec.ts. */
const FOLDER = fileURLToPath(new URL('../../../examples', import.meta.url));
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);
const HOSTILE = '<img src=x onerror=alert(1)> 门';
let site: StarterSite;

beforeAll(async () => {
  site = await StarterSite.open();
}, 120_000);
afterAll(() => site?.close());

/** The status that somebody gets who came by another name: `fetch` would not send it. */
const statusByName = (url: string, host: string): Promise<number> => new Promise((resolve, reject) => request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject).end());

describe('the starters', () => {
  it('are all tried here', () => {
    const starters = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
    expect(starters).toEqual(['iot-client', 'monitor-board', 'phone-app']);
  });

  it.each(['monitor-board', 'phone-app'])('%s says which key it wants', async (name) => {
    const { key } = await site.gateway.withKey(['camera.read']);
    await expect(site.start(name, ['--port', '0'], { ARGUS_API_KEY: key as string })).rejects.toThrow('expected an API key with the permission event.read');
  });
});

describe('monitor-board', () => {
  let board: RunningStarter;
  let key: string;
  let event: Event;

  beforeAll(async () => {
    key = (await site.gateway.withKey(['event.read'])).key as string;
    event = await site.happen(HOSTILE, {}, JPEG);
    board = await site.start('monitor-board', ['--port', '0'], { ARGUS_API_KEY: key });
  });
  afterAll(() => board?.end());

  interface State {
    readonly isLinked: boolean;
    readonly total: number;
    readonly latest: readonly { readonly id: string; readonly cameraName: string; readonly hasPicture: boolean; readonly isSeen: boolean }[];
  }

  it('tells of what was and of what happens, and pushes the changes', async () => {
    const response = await fetch(`${board.url}/live`);
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body as ReadableStream<Uint8Array>) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    const last = (): State | undefined => {
      const [line] = text.split('\n\n').slice(0, -1).slice(-1);
      return line === undefined ? undefined : (JSON.parse(line.replace('data: ', '')) as State);
    };
    await waitFor(() => last()?.isLinked && last()?.latest.some(({ id }) => id === event.id), 20_000, () => text);
    expect(last()?.latest[0]).toMatchObject({ cameraName: HOSTILE, hasPicture: true, isSeen: false });
    const before = last()?.total as number;
    const provisional = await site.happen(HOSTILE, { state: 'provisional', confirmedAt: null, confirmation: null });
    const later = await site.happen('Yard');
    await waitFor(() => last()?.latest.some(({ id }) => id === later.id), 20_000, () => text);
    // What was not confirmed is not counted.
    expect([last()?.total, last()?.latest.some(({ id }) => id === provisional.id)]).toEqual([before + 1, false]);
    await site.gateway.owner.call('acknowledgeEvent', { params: { id: event.id } });
    await waitFor(() => last()?.latest.find(({ id }) => id === event.id)?.isSeen, 20_000, () => text);
    expect(text).not.toContain(key);
    await response.body?.cancel().catch(() => undefined);
    await board.end();
    await reading;
    board = await site.start('monitor-board', ['--port', '0'], { ARGUS_API_KEY: key });
  });

  it('gives pictures of events and its own files, to whom it is meant for', async () => {
    const picture = await fetch(`${board.url}/pictures/${event.id}.jpg`);
    expect([picture.status, Buffer.from(await picture.arrayBuffer())]).toEqual([200, JPEG]);
    expect((await fetch(`${board.url}/pictures/${newId()}.jpg`)).status).toBe(404);
    expect((await fetch(`${board.url}/api/v1/events`)).status).toBe(404);
    expect((await fetch(`${board.url}/`, { method: 'POST' })).status).toBe(405);
    expect(await statusByName(board.url, 'evil.example')).toBe(421);
    for (const file of ['/', '/board.js', '/texts.js', '/board.css', '/icon.svg']) {
      const answer = await fetch(board.url + file);
      expect([file, answer.status, answer.headers.get('content-security-policy')]).toEqual([file, 200, expect.stringContaining("default-src 'none'; script-src 'self'")]);
      expect(await answer.text()).not.toContain(key);
    }
  });
});

describe('phone-app', () => {
  const ack = (app: RunningStarter, id: string, origin?: string) => fetch(`${app.url}/api/events/${id}/acknowledgement`, { method: 'POST', ...(origin ? { headers: { origin } } : {}) });

  it('passes on a few calls and no more of their answers than the phone shows', async () => {
    const { key } = await site.gateway.withKey(['event.read', 'event.acknowledge']);
    const event = await site.happen(HOSTILE, {}, JPEG);
    const app = await site.start('phone-app', ['--port', '0'], { ARGUS_API_KEY: key as string });
    const list = await (await fetch(`${app.url}/api/events`)).text();
    const { events, mayAcknowledge } = JSON.parse(list) as { events: Record<string, unknown>[]; mayAcknowledge: boolean };
    expect([mayAcknowledge, events[0]]).toEqual([true, expect.objectContaining({ id: event.id, cameraName: HOSTILE, hasThumbnail: true, acknowledgedAt: null })]);
    expect(Object.keys(events[0] ?? {})).not.toEqual(expect.arrayContaining(['path']));
    for (const file of ['snapshot', 'thumbnail']) {
      const picture = await fetch(`${app.url}/api/events/${event.id}/${file}.jpg`);
      expect([picture.status, picture.headers.get('cache-control'), Buffer.from(await picture.arrayBuffer())]).toEqual([200, 'no-store', JPEG]);
    }
    // A page of another site would be named as the origin.
    for (const origin of [undefined, 'https://evil.example']) expect((await ack(app, event.id, origin)).status).toBe(403);
    expect(((await (await ack(app, event.id, app.url)).json()) as { event: { acknowledgedAt: string } }).event.acknowledgedAt).toMatch(/Z$/);
    expect(((await (await fetch(`${app.url}/api/events?unseen=1`)).json()) as { events: { id: string }[] }).events.map(({ id }) => id)).not.toContain(event.id);
    for (const path of ['/api/v1/events', '/api/cameras', `/api/events/${event.id}/..%2f..%2fcameras`, '/main.ts']) expect([path, (await fetch(app.url + path)).status]).toEqual([path, 404]);
    expect((await fetch(`${app.url}/api/events/${newId()}`)).status).toBe(404);
    expect(await statusByName(app.url, 'evil.example')).toBe(421);
    for (const text of [list, await (await fetch(app.url)).text(), await (await fetch(`${app.url}/service-worker.js`)).text()]) expect(text).not.toContain(key);
    await app.end();
  });

  it('is served to the address of the web server before it, and marks nothing with a key that may not', async () => {
    const { key } = await site.gateway.withKey(['event.read']);
    const event = await site.happen('Yard');
    const app = await site.start('phone-app', ['--port', '0', '--origin', 'https://guard.example.com/'], { ARGUS_API_KEY: key as string });
    expect(await statusByName(app.url, 'guard.example.com')).toBe(200);
    expect(((await (await fetch(`${app.url}/api/events`)).json()) as { mayAcknowledge: boolean }).mayAcknowledge).toBe(false);
    expect((await ack(app, event.id, app.url)).status).toBe(403);
    await app.end();
  });
});

describe('iot-client', () => {
  let folder: string;
  let webhook: Webhook & { readonly secret: string };
  let port: number;
  let environment: NodeJS.ProcessEnv;
  let lamp: RunningStarter;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'argus-iot-'));
    port = await freePort();
    webhook = (await site.gateway.owner.call('createWebhook', { body: { name: 'Lamp', url: `http://127.0.0.1:${port}/`, events: ['event.confirmed'], filter: { labels: ['person'] }, allowPrivate: true } })).body as typeof webhook;
    environment = { ARGUS_API_KEY: (await site.gateway.withKey(['event.read'])).key as string, ARGUS_WEBHOOK_SECRET: webhook.secret, OUTPUT_FILE: join(folder, 'output') };
  });
  afterAll(async () => {
    await lamp?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (seconds: string): Promise<RunningStarter> => site.start('iot-client', ['--port', String(port), '--seconds', seconds, '--label', 'person', '--state', join(folder, 'state.json')], environment);
  const output = (): string => readFileSync(join(folder, 'output'), 'utf8');
  const times = (text: string): number => lamp.out().split(text).length - 1;
  /** As Argus sends it, or as somebody else would like to. */
  const post = async (body: string, secondsAgo = 0, secret = webhook.secret): Promise<number> => {
    const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
    const headers = { 'argus-timestamp': timestamp, 'argus-delivery': newId(), 'argus-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}` };
    return (await fetch(lamp.url, { method: 'POST', body, headers })).status;
  };

  it('switches for an event, and once however often it is told', async () => {
    lamp = await start('600');
    await lamp.says('up to date');
    const event = await site.happen('Gate');
    await lamp.says(`told ${event.id}: person at Gate`);
    await waitFor(() => output() === '1', 20_000);
    const { items } = (await site.gateway.owner.call('listDeliveries', { params: { id: webhook.id } })).body as { items: Delivery[] };
    const delivery = items.find(({ eventId }) => eventId === event.id) as Delivery;
    await site.gateway.owner.call('replayDelivery', { params: { id: delivery.id } });
    await lamp.says(`again ${event.id}`);
    expect(times(`told ${event.id}`)).toBe(1);
  });

  it('refuses what is forged, old or no webhook, and takes no repeat under another delivery', async () => {
    const event = sampleEvent({ cameraName: 'Forged' });
    const body = JSON.stringify({ type: 'event.confirmed', version: 1, event });
    expect(await post(body, 0, 'whsec_guessed')).toBe(401);
    expect(await post(body, 301)).toBe(401);
    expect(await post(body, -301)).toBe(401);
    expect((await fetch(lamp.url, { method: 'POST', body })).status).toBe(401);
    expect((await fetch(lamp.url)).status).toBe(405);
    expect((await fetch(lamp.url, { method: 'POST', body: Buffer.alloc(2_000_000) })).status).toBe(413);
    expect(lamp.out()).not.toContain('Forged');
    expect([await post(body), await post(body)]).toEqual([204, 204]);
    await lamp.says(`again ${event.id}`);
    expect(times(`told ${event.id}`)).toBe(1);
  });

  it('is as it was after a power cut, and asks for what it missed', async () => {
    await lamp.end('SIGKILL');
    const [missed, other] = [await site.happen('Gate'), await site.happen('Gate', { label: 'car' })];
    lamp = await start('600');
    await lamp.says('up to date');
    expect(lamp.out()).toContain(`missed ${missed.id}: person at Gate\n`);
    expect(lamp.out()).not.toContain(other.id);
    // On before it had asked anybody: from its memory, which also knows what was dealt with.
    expect(lamp.out().indexOf('output on')).toBeLessThan(lamp.out().indexOf('missed'));
    expect([times('missed'), output()]).toEqual([1, '1']);
    // Argus goes on with the delivery that found nobody.
    await lamp.says(`again ${missed.id}`);
    expect(times(missed.id)).toBe(2);
  });

  it('is off when it is stopped, and for what is too late', async () => {
    await lamp.end();
    expect(output()).toBe('0');
    const late = await site.happen('Gate', { startedAt: new Date(Date.now() - 120_000).toISOString() });
    rmSync(join(folder, 'state.json'));
    lamp = await start('60');
    await lamp.says(new RegExp(`${late.id}: person at Gate, too late to switch`));
  });

  it('goes off by itself', async () => {
    await lamp.end();
    rmSync(join(folder, 'state.json'));
    lamp = await start('5');
    await lamp.says('up to date');
    await site.happen('Gate');
    await lamp.says(/output on\n[^]*output off\n/);
    expect(output()).toBe('0');
  });

  it('says what it wants', async () => {
    await expect(site.start('iot-client', [], { ...environment, ARGUS_WEBHOOK_SECRET: '' })).rejects.toThrow('ARGUS_WEBHOOK_SECRET: expected the secret');
    await expect(site.start('iot-client', ['--seconds', 'x'], environment)).rejects.toThrow('--seconds: expected a number above 0, got "x"');
  });
});
