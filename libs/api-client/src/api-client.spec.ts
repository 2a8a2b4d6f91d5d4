import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, createApiClient } from './index.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const rule = {
  id: ID, name: 'Gate', enabled: true, cameraIds: null, labels: ['person'], minScore: 0.5, condition: { kind: 'zone', zone: 'gate', trigger: 'enter', holdSeconds: 0 },
  schedule: null, hysteresis: 0.005, cooldownSeconds: 10, confirmDeadlineSeconds: 3, createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z',
  warnings: [],
};

let server: Server | undefined;
afterEach(() => server?.close());

/** A real HTTP server that records what it got and answers as told. */
async function gateway(status: number, type: string, body: string) {
  const seen: { request: IncomingMessage; body: string }[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      seen.push({ request, body: text });
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, client: createApiClient({ baseUrl: `http://127.0.0.1:${port}/`, token: 'key' }) };
}

describe('createApiClient', () => {
  it('fills path and query, sends the key, and parses the answer', async () => {
    const { client, seen } = await gateway(200, 'application/json', JSON.stringify({ items: [], nextCursor: null, addedLater: 1 }));
    const page = await client.call('listEvents', { query: { state: ['confirmed', 'ended'], label: ['a,b'], limit: 10, cursor: undefined } });
    expect(page).toEqual({ items: [], nextCursor: null });
    expect(seen[0]?.request.url).toBe('/api/v1/events?state=confirmed&state=ended&label=a%2Cb&limit=10');
    expect(seen[0]?.request.headers.authorization).toBe('Bearer key');
  });

  it('sends a JSON body with the method of the route', async () => {
    const { client, seen } = await gateway(200, 'application/json', JSON.stringify(rule));
    const updated = await client.call('updateRule', { params: { id: ID }, body: { name: 'Gate', condition: { kind: 'zone', zone: 'gate', trigger: 'enter' } } });
    expect(updated.condition.kind).toBe('zone');
    expect(seen[0]?.request.method).toBe('PUT');
    expect(seen[0]?.request.url).toBe(`/api/v1/rules/${ID}`);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ name: 'Gate', condition: { kind: 'zone', zone: 'gate', trigger: 'enter' } });
  });

  it('gives nothing for 204 and a Blob for a picture', async () => {
    const { client } = await gateway(204, 'application/json', '');
    expect(await client.call('deleteRule', { params: { id: ID } })).toBeUndefined();
    server?.close();
    const { client: second } = await gateway(200, 'image/jpeg', 'jpeg');
    expect((await second.call('getEventSnapshot', { params: { id: ID } })).size).toBe(4);
  });

  it('turns a problem document into an ApiError with code and fields', async () => {
    const problem = { type: 'about:blank', title: 'Bad', status: 422, code: 'request.invalid', detail: 'name: expected text', errors: [{ path: 'name', message: 'expected text' }] };
    const { client } = await gateway(422, 'application/problem+json', JSON.stringify(problem));
    const thrown = await client.call('getSystem').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ code: 'request.invalid', status: 422, message: 'name: expected text', fields: problem.errors });
  });

  it('says so when another program answers, or nobody', async () => {
    const { client } = await gateway(200, 'text/html', '<h1>router</h1>');
    await expect(client.call('health')).rejects.toMatchObject({ code: 'api.unexpected-answer', status: 200 });
    const closed = server?.address() as AddressInfo;
    await new Promise((resolve) => server?.close(resolve));
    await expect(createApiClient({ baseUrl: `http://127.0.0.1:${closed.port}` }).call('health')).rejects.toMatchObject({ code: 'api.unreachable', status: 0 });
  });

  it('makes addresses without calling', () => {
    expect(createApiClient({ baseUrl: '' }).url('getSnapshot', { params: { id: ID }, query: { width: 640 } })).toBe(`/api/v1/cameras/${ID}/snapshot.jpg?width=640`);
  });
});
