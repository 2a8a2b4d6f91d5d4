/**
 * @title Starter: an app for the phone
 * @title:zh 起步模板：手机应用
 * @summary Serves an installable app: events with pictures, one event closer up, and marking it as seen. It passes on a handful of calls with its own API key; the phone never has the key, and keeps no footage.
 * @summary:zh 提供可安装的手机应用（PWA）：带图片的事件列表、事件详情、标记为已查看。只用自己的 API 密钥转发少数几个调用；手机上没有密钥，也不保存任何画面。
 * @keywords starter, template, mobile, phone, app, PWA, offline, 起步模板, 手机, 移动应用, 离线, 事件
 * @needs event.read; with event.acknowledge events can be marked as seen
 * @run node examples/phone-app/main.ts [--port 7420] [--origin https://guard.example.com]
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { ApiError, createApiClient } from '@argus/api-client';
import type { EventId, EventView } from '@argus/contracts';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
// It listens on the own machine only. For phones a web server with TLS and a sign-in stands before it, whose address --origin tells.
const { values } = parseArgs({ options: { port: { type: 'string', default: '7420' }, origin: { type: 'string' } } });
const PAGE_SIZE = 30;

const { account } = await client.call('getAuthState');
if (!account?.permissions.includes('event.read')) throw new Error('ARGUS_API_KEY: expected an API key with the permission event.read; Administration, API keys makes one');
const mayAcknowledge = account.permissions.includes('event.acknowledge');

const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
/** What the app consists of; the service worker keeps just these. */
const SHELL: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/views.js': ['views.js', 'text/javascript; charset=utf-8'],
  '/texts.js': ['texts.js', 'text/javascript; charset=utf-8'],
  '/manifest.webmanifest': ['manifest.webmanifest', 'application/manifest+json'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};
const read = (file: string): Buffer => readFileSync(new URL(`app/${file}`, import.meta.url));

/** Named by what the app consists of: a changed file makes another worker, and phones take it when they open the app next. */
function serviceWorker(): string {
  const digest = createHash('sha256');
  for (const [file] of Object.values(SHELL)) digest.update(read(file));
  return `const VERSION = '${digest.digest('hex').slice(0, 16)}';\nconst SHELL = ${JSON.stringify(Object.keys(SHELL))};\n${read('service-worker.js').toString()}`;
}

/** What the app shows of an event, and no more. */
const outline = ({ id, state, cameraName, ruleName, label, zone, score, startedAt, endedAt, attributes, thumbnailKey, snapshotKey, acknowledgedAt, acknowledgedBy }: EventView) => ({
  id, state, cameraName, ruleName, label, zone, score, startedAt, endedAt, acknowledgedAt, acknowledgedBy,
  attributes: Object.entries(attributes).map(([name, { label: value }]) => ({ name, value })),
  hasThumbnail: thumbnailKey !== null, hasSnapshot: snapshotKey !== null,
});

const sendJson = (response: ServerResponse, body: unknown): void => void response.writeHead(200, { ...HEADERS, 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
async function sendPicture(response: ServerResponse, picture: Blob): Promise<void> {
  response.writeHead(200, { ...HEADERS, 'content-type': 'image/jpeg', 'cache-control': 'no-store' }).end(Buffer.from(await picture.arrayBuffer()));
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** `id` of the path; empty where the path has none. */
  readonly answer: (response: ServerResponse, id: EventId, query: URLSearchParams) => Promise<void>;
}

/** All that phones can have of the API. */
const CALLS: readonly Call[] = [
  {
    method: 'GET', path: /^\/api\/events$/,
    answer: async (response, _id, query) => {
      const { items, nextCursor } = await client.call('listEvents', { query: { state: ['confirmed', 'ended'], acknowledged: query.get('unseen') === '1' ? false : undefined, cursor: query.get('cursor'), limit: PAGE_SIZE } });
      sendJson(response, { events: items.map(outline), nextCursor, mayAcknowledge });
    },
  },
  { method: 'GET', path: /^\/api\/events\/([0-9a-f-]{36})$/, answer: async (response, id) => sendJson(response, { event: outline(await client.call('getEvent', { params: { id } })), mayAcknowledge }) },
  { method: 'GET', path: /^\/api\/events\/([0-9a-f-]{36})\/snapshot\.jpg$/, answer: async (response, id) => sendPicture(response, await client.call('getEventSnapshot', { params: { id } })) },
  { method: 'GET', path: /^\/api\/events\/([0-9a-f-]{36})\/thumbnail\.jpg$/, answer: async (response, id) => sendPicture(response, await client.call('getEventThumbnail', { params: { id } })) },
  { method: 'POST', path: /^\/api\/events\/([0-9a-f-]{36})\/acknowledgement$/, answer: async (response, id) => sendJson(response, { event: outline(await client.call('acknowledgeEvent', { params: { id } })), mayAcknowledge }) },
];

async function answer({ method, url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://app');
  // Another site could have its own name lead here, or send a form here: only pages of this program are served and heard.
  if (!origins.some((origin) => new URL(origin).host === headers.host)) return void response.writeHead(421, HEADERS).end(`open ${origins[0]}`);
  if (method === 'POST' && !origins.includes(headers.origin ?? '')) return void response.writeHead(403, HEADERS).end();
  const call = CALLS.find((one) => one.method === method && one.path.test(pathname));
  const file = SHELL[pathname];
  if (call) return call.answer(response, (call.path.exec(pathname)?.[1] ?? '') as EventId, searchParams);
  if (method !== 'GET') return void response.writeHead(405, HEADERS).end();
  if (pathname === '/service-worker.js') return void response.writeHead(200, { ...HEADERS, 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }).end(serviceWorker());
  if (!file) return void response.writeHead(404, HEADERS).end();
  response.writeHead(200, { ...HEADERS, 'content-type': file[1], 'cache-control': 'no-cache' }).end(read(file[0]));
}

const server = createServer((request, response) => {
  // What went wrong is for this program's log; a phone is told the status.
  answer(request, response).catch((error: Error) => {
    console.error(`${request.method} ${request.url}: ${error.message}`);
    if (!response.headersSent) response.writeHead(error instanceof ApiError && error.status >= 400 ? error.status : 502, { ...HEADERS, 'cache-control': 'no-store' });
    response.end();
  });
}).listen(Number(values.port), '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`, ...(values.origin === undefined ? [] : [new URL(values.origin).origin])];
console.log(`open ${origins[0]}/`);
