import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from './address-policy.js';
import { sendWebhook } from './webhook-request.js';

/** Real: HTTP over loopback. Names are resolved by a table, so that a test can play the attacker's name server. */
describe('sendWebhook', () => {
  let server: Server;
  let port: number;
  const hosts: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      hosts.push(String(request.headers.host));
      if (request.url === '/hang') return;
      if (request.url === '/flood') {
        response.writeHead(200);
        const flood = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1);
        response.on('close', () => clearInterval(flood));
        return;
      }
      response.writeHead(request.url === '/moved' ? 301 : 204, request.url === '/moved' ? { location: `http://127.0.0.1:${port}/secret` } : {}).end();
    }).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const loopback: Address[] = [{ address: '127.0.0.1', family: 4 }];
  const send = (path: string, options: { allowPrivate?: boolean; resolve?: () => Promise<readonly Address[]>; timeoutMs?: number } = {}) =>
    sendWebhook(
      { url: `http://receiver.test:${port}${path}`, allowPrivate: options.allowPrivate ?? true, headers: {}, body: '{}' },
      { resolve: options.resolve ?? (async () => loopback), timeoutMs: options.timeoutMs ?? 5000 },
    );

  it('connects to the address that was checked, under the name of the URL', async () => {
    expect(await send('/')).toMatchObject({ status: 204, error: null });
    expect(hosts.at(-1)).toBe(`receiver.test:${port}`);
  });

  it('asks for a name once: a second, internal answer leads nowhere', async () => {
    let asked = 0;
    const rebinding = async () => [{ address: (asked += 1) === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 as const }];
    expect(await send('/', { resolve: rebinding })).toMatchObject({ status: 204 });
    expect(asked).toBe(1);
    const before = hosts.length;
    expect(await send('/', { allowPrivate: false })).toMatchObject({ status: null, error: expect.stringMatching(/internal network/) });
    expect(hosts.length).toBe(before);
  });

  it('tries the next address where nobody listens on the first', async () => {
    expect(await send('/', { resolve: async () => [{ address: '::1', family: 6 }, ...loopback] })).toMatchObject({ status: 204, error: null });
  });

  it('does not follow where it is sent on', async () => {
    const before = hosts.length;
    expect(await send('/moved')).toMatchObject({ status: 301, error: expect.stringMatching(/redirects are not followed/) });
    expect(hosts.length).toBe(before + 1);
  });

  it('gives up on who does not answer, and on an answer without end', async () => {
    expect(await send('/hang', { timeoutMs: 300 })).toMatchObject({ status: null, error: 'no complete answer within 0.3 s' });
    expect(await send('/flood')).toMatchObject({ status: 200, error: null });
  });

  it('tells who is not there', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => closed.once('listening', ready));
    const { port: free } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const result = await sendWebhook({ url: `http://127.0.0.1:${free}/`, allowPrivate: true, headers: {}, body: '{}' });
    expect(result).toMatchObject({ status: null, error: expect.stringMatching(/ECONNREFUSED/) });
  });
});
