import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../test/running-gateway.js';

/** Real: the built process, its IPC channel, PostgreSQL, files on disk. */
const SCRIPT = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const isBuilt = existsSync(SCRIPT);
if (!isBuilt) console.warn('skipped: apps/gateway is not built; run tsc -b');

let database: TestDatabase;
let data: string;
const children: ChildProcess[] = [];
const CLI_TOKEN = `argus_cli_${'z'.repeat(43)}`;

beforeAll(async () => {
  database = await withTestDatabase();
  data = await mkdtemp(join(tmpdir(), 'argus 数据 '));
  await writeFile(join(data, 'cli-token'), `${CLI_TOKEN}\n`, { mode: 0o600 });
  await mkdir(join(data, 'dashboard', 'assets'), { recursive: true });
  await writeFile(join(data, 'dashboard', 'index.html'), '<!doctype html><title>Argus</title>');
  await writeFile(join(data, 'dashboard', 'assets', 'index-abc123.js'), 'export {}');
  const camera = { name: 'Demo', url: 'file://{demoDir}/clip one.mp4?loop=true', zones: [{ name: 'Gate', kind: 'line', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }] };
  await writeFile(join(data, 'demo.json'), JSON.stringify({ cameras: [camera], rules: [{ name: 'Gate', condition: { kind: 'line', zone: 'Gate' } }] }));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database?.close();
  if (data) await rm(data, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly url: string | null;
  readonly exit: Promise<number | null>;
  output(): string;
}

async function start(environment: Record<string, string> = {}): Promise<Started> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, ARGUS_DATA: data, ARGUS_PORT: '0', ARGUS_ENGINE_TOKEN: 'engine-token-of-this-test', ARGUS_DASHBOARD_DIR: join(data, 'dashboard'), ARGUS_DEMO_FILE: join(data, 'demo.json'), ...environment };
  const child = fork(SCRIPT, [], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.push(child);
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<string>((resolve) => child.once('message', (message) => resolve((message as { url: string }).url)));
  return { child, url: await Promise.race([ready, exit.then(() => null)]), exit, output: () => output };
}

describe.skipIf(!isBuilt)('the gateway process', () => {
  it('says when it is ready, makes the demo once, serves the dashboard, and ends cleanly on SIGTERM', async () => {
    for (const _start of ['first', 'second']) {
      const gateway = await start();
      const owner = new Visitor(gateway.url as string, CLI_TOKEN);
      const cameras = (await owner.call('listCameras')).body.items;
      expect(cameras).toHaveLength(1);
      expect(decodeURI(cameras[0].url)).toBe(`file://${data}/clip one.mp4?loop=true`);
      expect((await owner.call('listRules')).body.items).toHaveLength(1);
      gateway.child.kill('SIGTERM');
      expect([await gateway.exit, gateway.output()]).toEqual([0, expect.stringContaining('"stopping"')]);
    }
  });

  it('serves pages with a fall-back, files with their cache rules, and nothing beside them; ends when its supervisor is gone', async () => {
    const gateway = await start();
    const visitor = new Visitor(gateway.url as string);
    for (const page of ['/', '/live', '/cameras/123', '/set-up?token=x']) {
      const answer = await visitor.send('GET', page);
      expect([page, answer.status, answer.headers.get('cache-control')]).toEqual([page, 200, 'no-cache']);
      expect(answer.headers.get('content-security-policy')).toContain("worker-src 'self' blob:");
    }
    for (const encoding of ['gzip', 'identity']) {
      const script = await visitor.send('GET', '/assets/index-abc123.js', { headers: { 'accept-encoding': encoding } });
      expect([script.headers.get('content-encoding') ?? 'identity', script.headers.get('cache-control'), script.headers.get('content-type')]).toEqual([encoding, expect.stringContaining('immutable'), 'text/javascript; charset=utf-8']);
    }
    for (const missing of ['/assets/gone.js', '/robots.txt', '/api/nothing', '/..%2fcli-token', '/assets/..%2f..%2fcli-token']) expect([missing, (await visitor.send('GET', missing)).status]).toEqual([missing, 404]);
    gateway.child.disconnect();
    expect(await gateway.exit).toBe(0);
  });

  it('says in one line why it cannot start', async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const { port } = taken.address() as AddressInfo;
    const cases: [Record<string, string>, number, string][] = [
      [{ ARGUS_PORT: String(port) }, 3, `port ${port} on 127.0.0.1 is taken`],
      [{ ARGUS_PORT: 'many' }, 2, 'ARGUS_PORT'],
      [{ DATABASE_URL: 'postgres://argus:hunter2@127.0.0.1:1/argus' }, 1, 'no connection to postgres://***@127.0.0.1:1/argus'],
    ];
    for (const [environment, status, text] of cases) {
      const gateway = await start(environment);
      expect([gateway.url, await gateway.exit]).toEqual([null, status]);
      expect(gateway.output()).toContain(text);
      expect(gateway.output()).not.toContain('hunter2');
    }
    taken.close();
  });
});
