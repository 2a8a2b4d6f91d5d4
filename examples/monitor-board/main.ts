/**
 * @title Starter: a dashboard of what happens
 * @title:zh 起步模板：业务监控看板
 * @summary Serves one page on the own machine: figures of the last day, events by camera and hour, the newest confirmed events with their pictures, live. The API key stays in this program and never reaches a browser.
 * @summary:zh 在本机提供一个页面：最近一天的数字、按摄像机与小时统计的事件、带图片的最新确认事件，实时更新。API 密钥只留在本程序中，不会发送到浏览器。
 * @keywords starter, template, dashboard, monitoring, business, heat map, 起步模板, 看板, 监控, 大屏, 业务系统, 统计
 * @needs event.read
 * @run node examples/monitor-board/main.ts [--port 7410]
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { ApiError, createApiClient } from '@argus/api-client';
import { EventId, type EventView, type Page, type ServerToClientMessages } from '@argus/contracts';
import { io, type Socket } from 'socket.io-client';
import { Board } from './board.ts';

const baseUrl = process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300';
const token = process.env['ARGUS_API_KEY'];
const { values } = parseArgs({ options: { port: { type: 'string', default: '7410' } } });
const client = createApiClient({ baseUrl, token });
/** Events come in bursts; a page need not be drawn for each. */
const TELL_EVERY_MS = 300;
const MINUTE_MS = 60_000;

const { account } = await client.call('getAuthState');
if (!account?.permissions.includes('event.read')) throw new Error('ARGUS_API_KEY: expected an API key with the permission event.read; Administration, API keys makes one');

const board = new Board();
const pages = new Set<ServerResponse>();
let isLinked = false;
let telling: NodeJS.Timeout | undefined;

const state = (): string => JSON.stringify({ isLinked, ...board.read(Date.now()) });
function tellSoon(): void {
  telling ??= setTimeout(() => {
    telling = undefined;
    for (const page of pages) page.write(`data: ${state()}\n\n`);
  }, TELL_EVERY_MS);
}

const socket: Socket<ServerToClientMessages> = io(baseUrl, { auth: { token }, transports: ['websocket'] });
socket.on('event', (event) => board.add(event) && tellSoon());
socket.on('connect', async () => {
  try {
    // Nothing is sent twice over the socket: what was missed is asked for.
    let cursor: string | null = null;
    do {
      const page: Page<EventView> = await client.call('listEvents', { query: { from: new Date(board.fromMs(Date.now())).toISOString(), state: ['confirmed', 'ended'], limit: 500, cursor } });
      for (const event of page.items) board.add(event);
      cursor = board.isFull ? null : page.nextCursor;
    } while (cursor !== null);
    isLinked = true;
  } catch (error) {
    console.error(`no list of events: ${(error as Error).message}`);
    socket.disconnect();
    setTimeout(() => socket.connect(), 5000);
  }
  tellSoon();
});
socket.on('disconnect', () => {
  isLinked = false;
  tellSoon();
});
socket.on('connect_error', (error) => console.error(`no link: ${error.message}`));
// The day goes on without events, too.
setInterval(tellSoon, MINUTE_MS);

const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/board.js': ['board.js', 'text/javascript; charset=utf-8'],
  '/texts.js': ['texts.js', 'text/javascript; charset=utf-8'],
  '/board.css': ['board.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/** Only pictures of events by their id: nothing else of the API is to be had here. */
async function sendPicture(id: string, response: ServerResponse): Promise<void> {
  const picture = await client.call('getEventThumbnail', { params: { id: EventId.parse(id) } });
  response.writeHead(200, { ...HEADERS, 'content-type': 'image/jpeg' }).end(Buffer.from(await picture.arrayBuffer()));
}

function sendLive(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(`data: ${state()}\n\n`);
  pages.add(response);
  response.on('close', () => pages.delete(response));
}

async function answer({ method, url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(url ?? '/', 'http://board');
  const [, picture] = /^\/pictures\/([0-9a-f-]{36})\.jpg$/.exec(pathname) ?? [];
  const file = FILES[pathname];
  // Another site could have its own name lead here and read along in a browser of this machine.
  if (!hosts.has(headers.host ?? '')) response.writeHead(421, HEADERS).end(`open ${address}`);
  else if (method !== 'GET') response.writeHead(405, HEADERS).end();
  else if (file) response.writeHead(200, { ...HEADERS, 'content-type': file[1] }).end(readFileSync(new URL(`page/${file[0]}`, import.meta.url)));
  else if (pathname === '/live') sendLive(response);
  else if (picture) await sendPicture(picture, response);
  else response.writeHead(404, HEADERS).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => response.writeHead(error instanceof ApiError && error.status >= 400 ? error.status : 502, HEADERS).end());
}).listen(Number(values.port), '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
const address = `http://127.0.0.1:${port}/`;
console.log(`open ${address}`);
