import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { Camera } from '@argus/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP; the gateway behind it answers what it is told to. */
let server: Server | undefined;
afterEach(() => server?.close());

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const AT = '2026-01-01T00:00:00.000Z';
const camera = (parts: Partial<Camera> = {}) => ({ id: ID, name: 'Door', url: 'rtsp://10.0.0.2/1', createdAt: AT, updatedAt: AT, ...parts });

async function run(words: readonly string[], cameras: readonly object[] = []) {
  const bodies: unknown[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (text) bodies.push(JSON.parse(text));
      const system = { version: '1', startedAt: AT, engine: { connected: false, since: null, version: null, configRevision: null, problems: [] }, compute: { devices: [], runs: [], load: null, rollouts: [] }, cameras: [], processes: [], recordings: { room: 'ok', disk: null, warnings: [] }, outbox: { pending: 0, dead: 0, oldestPendingAt: null } };
      const answer = request.url?.includes('/system') ? system : request.method === 'POST' ? camera(bodies.at(-1) as Partial<Camera>) : { items: cameras, nextCursor: null };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' };
  const code = await runCommandLine(['camera', ...words], { env, cwd: tmpdir(), out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err: err.join('\n'), bodies };
}

describe('argus camera', () => {
  it('adds with priority, weight and a stream for analysis', async () => {
    const { code, bodies } = await run(['add', 'Door', 'rtsp://10.0.0.2/1', '--priority', 'critical', '--weight', '2.5', '--analysis-url', 'rtsp://10.0.0.2/2']);
    expect(code).toBe(0);
    expect(bodies).toMatchObject([{ name: 'Door', url: 'rtsp://10.0.0.2/1', priority: 'critical', weight: 2.5, analysisUrl: 'rtsp://10.0.0.2/2' }]);
  });

  it('adds with nothing of it unless said', async () => {
    expect((await run(['add', 'Door', 'rtsp://10.0.0.2/1'])).bodies).toMatchObject([{ priority: 'normal', weight: 1, analysisUrl: null }]);
  });

  it.each([
    [['--priority', 'urgent'], '--priority: expected critical, normal, low, got "urgent"'],
    [['--weight', '0'], '--weight: expected a number from 0.1 to 10, got "0"'],
    [['--weight', ''], '--weight: expected a number from 0.1 to 10, got ""'],
    [['--weight', 'much'], 'got "much"'],
  ])('refuses %j before anything is sent', async (words, message) => {
    const { code, err, bodies } = await run(['add', 'Door', 'rtsp://10.0.0.2/1', ...words]);
    expect([code, bodies]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it('lists the class, and the weight where it is not 1', async () => {
    const { out } = await run(['list'], [camera(), camera({ name: 'Gate', priority: 'low', weight: 0.5 })]);
    expect(out[0]).toMatch(/NAME +STATE +SINCE +PRIORITY +URL +ID/);
    expect(out[1]).toMatch(/Door +unknown +- +normal +rtsp/);
    expect(out[2]).toMatch(/Gate +unknown +- +low x0\.5 +rtsp/);
  });
});
