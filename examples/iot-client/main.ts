/**
 * @title Starter: a lamp, siren or gate that events switch
 * @title:zh 起步模板：由事件控制的灯、警笛或道闸
 * @summary Runs without a screen on a small device: takes signed webhooks, refuses what is forged, old or repeated, switches an output for some seconds, and after a restart or a lost link asks the API for what it missed.
 * @summary:zh 在小型设备上无界面运行：接收带签名的 Webhook，拒绝伪造、过期或重复的通知，将输出接通若干秒；重启或断线后通过 API 补取错过的事件。
 * @keywords starter, template, IoT, device, GPIO, lamp, siren, gate, 起步模板, 物联网, 设备, 报警, 灯, 道闸
 * @needs event.read; ARGUS_WEBHOOK_SECRET of a webhook for event.confirmed that leads to this program
 * @run node examples/iot-client/main.ts [--port 7430] [--host 127.0.0.1] [--seconds 30] [--label person] [--camera ID] [--state iot-client.json]
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createApiClient, wholeNames } from '@argus/api-client';
import { WEBHOOK_HEADERS, WebhookPayload, type Event, type Page } from '@argus/contracts';
import { Memory } from './memory.ts';
import { setOutput } from './output.ts';

const MOST_SECONDS_OFF = 300;
const MOST_BYTES = 1_000_000;
const ASK_EVERY_MS = 60_000;
/** An event is listed by when it began, and may be confirmed and told a while after that. */
const OVERLAP_MS = 600_000;
const LONGEST_AWAY_MS = 86_400_000;

const { values } = parseArgs({ options: { port: { type: 'string', default: '7430' }, host: { type: 'string', default: '127.0.0.1' }, seconds: { type: 'string', default: '30' }, label: { type: 'string' }, camera: { type: 'string' }, state: { type: 'string', default: 'iot-client.json' } } });
const secret = process.env['ARGUS_WEBHOOK_SECRET'] ?? '';
if (secret === '') throw new Error('ARGUS_WEBHOOK_SECRET: expected the secret that the page Webhooks showed when the webhook was made, got nothing');
const holdMs = Number(values.seconds) * 1000;
if (!(holdMs > 0)) throw new Error(`--seconds: expected a number above 0, got "${values.seconds}"`);
const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const memory = new Memory(values.state);
const say = (text: string): void => console.log(text);

/** What the output is; null: as whoever was here before left it. */
let isOn: boolean | null = null;
let timer: NodeJS.Timeout | undefined;

function applyOutput(): void {
  const leftMs = memory.onUntilMs - Date.now();
  if (leftMs > 0 !== isOn) setOutput((isOn = leftMs > 0));
  clearTimeout(timer);
  if (isOn) timer = setTimeout(applyOutput, Math.min(leftMs, LONGEST_AWAY_MS));
}

/** Once for each event, whichever way and however often it comes. What is long past is noted and switches nothing: nobody wants a siren an hour late. */
function handle(event: Event, how: 'told' | 'missed'): void {
  if (event.confirmedAt === null || (values.label !== undefined && event.label !== values.label) || (values.camera !== undefined && event.cameraId !== values.camera)) return;
  if (memory.has(event.id)) return void (how === 'told' && say(`again ${event.id}`));
  // The clocks of two machines differ: never longer than from now.
  const untilMs = Math.min(Date.parse(event.confirmedAt), Date.now()) + holdMs;
  memory.add(event.id);
  memory.onUntilMs = Math.max(memory.onUntilMs, untilMs);
  // On the disk before anything moves: after a power cut in between it is switched all the same.
  memory.save();
  say(`${how} ${event.id}: ${event.label ?? event.kind} at ${event.cameraName}${untilMs > Date.now() ? '' : ', too late to switch'}`);
  applyOutput();
}

/** Webhooks may be late or have gone to nobody; the list of events has them all. */
async function catchUp(): Promise<void> {
  const asOfMs = Date.now();
  const from = new Date(Math.max(memory.knownUntilMs - OVERLAP_MS, asOfMs - LONGEST_AWAY_MS)).toISOString();
  const events: Event[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Event> = await client.call('listEvents', { query: { from, state: ['confirmed', 'ended'], label: wholeNames(values.label === undefined ? [] : [values.label]), camera: values.camera, limit: 200, cursor } });
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  for (const event of events.reverse()) handle(event, 'missed');
  memory.knownUntilMs = asOfMs;
  memory.save();
}

/** Of the raw bytes, in constant time. The delivery's id is not signed, so it cannot tell what is a repeat; the event's id, inside of the body, is. */
function isFromArgus(headers: IncomingMessage['headers'], body: Buffer): boolean {
  const timestamp = String(headers[WEBHOOK_HEADERS.timestamp] ?? '');
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > MOST_SECONDS_OFF) return false;
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`);
  const given = Buffer.from(String(headers[WEBHOOK_HEADERS.signature] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The status to answer with. */
async function receive(request: IncomingMessage): Promise<number> {
  if (request.method !== 'POST') return 405;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    // Read to its end, or the answer would be lost with the connection; but not kept.
    if ((bytes += chunk.length) <= MOST_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BYTES) return 413;
  const body = Buffer.concat(chunks);
  if (!isFromArgus(request.headers, body)) return 401;
  const payload = WebhookPayload.parse(JSON.parse(body.toString()));
  if (payload.type === 'webhook.test') say(`test: ${payload.message}`);
  else handle(payload.event, 'told');
  return 204;
}

const server = createServer((request, response) => {
  receive(request).then(
    (status) => {
      if (status !== 204) say(`refused with ${status}`);
      response.writeHead(status).end();
    },
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
}).listen(Number(values.port), values.host);
server.requestTimeout = 10_000;
applyOutput();
await once(server, 'listening');
say(`listening on http://${values.host}:${(server.address() as AddressInfo).port}/`);

const ask = async (): Promise<void> => {
  await catchUp().then(() => say('up to date'), (error: Error) => console.error(`no list of events: ${error.message}`));
  setTimeout(ask, ASK_EVERY_MS);
};
await ask();
// Whoever stops it wants quiet; started again it goes on where it was.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    if (isOn) setOutput(false);
    process.exit(0);
  });
