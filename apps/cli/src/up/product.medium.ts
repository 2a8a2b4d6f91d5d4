import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProcessAlive } from '@argus/kernel';
import { CHECKOUT } from '../checkout.js';

const SERVICES = ['supervisor', 'postgres', 'gateway', 'inference', 'worker'];

/** The built `argus` with these words: exit status and everything it printed. */
function argus(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(CHECKOUT, 'apps/cli/bin/argus.mjs'), ...words], { env: { ...process.env, ...env }, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, output: stdout + stderr }));
  });
}

if (!isBuilt()) console.warn('skipped: argus up needs the built product (npm run build)');

/** Real: the built product as `argus up` runs it: embedded Postgres, gateway, inference. */
describe.skipIf(!isBuilt())('argus up', () => {
  let dataDir: string;
  let product: Product;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'argus 数据 '));
    product = await startProduct({ dataDir });
  });
  afterAll(async () => {
    await product?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('lists every process in run.json and in status --json', async () => {
    const { code, output } = await argus(['status', '--json', '--data', dataDir]);
    expect(code).toBe(0);
    const status = JSON.parse(output) as { processes: { name: string; state: string; pid: number }[] };
    expect(status).toMatchObject({ running: true, url: product.url, dataDir, health: { database: 'up', engine: 'up' } });
    expect(status.processes.map(({ name, state }) => [name, state])).toEqual(SERVICES.map((name) => [name, 'up']));
    expect(status.processes.every(({ pid }) => isProcessAlive(pid))).toBe(true);
  });

  it('says how loaded the machine is, and that no camera goes unwatched', async () => {
    await waitFor(async () => /^Load +inference uses \d+ % of the processor; every camera gets its full rate$/m.test((await argus(['status', '--data', dataDir])).output), 30_000, () => product.output());
    expect((await argus(['status', '--data', dataDir])).output).toMatch(/^Cameras +none yet$/m);
  });

  it('keeps its secrets for the owner', async () => {
    for (const name of ['cli-token', 'run.json']) expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(product.output()).not.toContain(product.token);
  });

  it('refuses a second one on the same data and says who runs where', async () => {
    const { code, output } = await argus(['up', '--data', dataDir]);
    expect(code).toBe(1);
    expect(output).toContain(`process ${await product.pidOf('supervisor')}`);
    expect(output).toContain(product.url);
  });

  it('refuses a taken port that was named', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const { port } = server.address() as { port: number };
    const other = await mkdtemp(join(tmpdir(), 'argus-other-'));
    const { code, output } = await argus(['up', '--data', other, '--port', String(port)]);
    await new Promise((closed) => server.close(closed));
    await rm(other, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} on 127.0.0.1 is taken by another program`);
  });

  it('adds, lists and removes a camera from the command line', async () => {
    const url = 'rtsp://user:hidden@127.0.0.1:9/stream';
    expect(await argus(['camera', 'add', '北门', url, '--data', dataDir])).toMatchObject({ code: 0, output: expect.stringContaining('Added 北门') });
    const { output } = await argus(['camera', 'list', '--data', dataDir]);
    expect(output).toContain('北门');
    expect(output).not.toContain('hidden');
    expect(await argus(['camera', 'remove', '北门', '--data', dataDir])).toMatchObject({ code: 0 });
    expect(await argus(['camera', 'remove', '北门', '--data', dataDir])).toMatchObject({ code: 1, output: expect.stringContaining('no camera is named "北门"') });
    expect(await argus(['camera', 'list'], { ARGUS_URL: product.url, ARGUS_API_KEY: 'wrong' })).toMatchObject({ code: 1 });
  });

  it.each(['gateway', 'inference', 'worker', 'postgres'])('starts %s again alone after kill -9', async (name) => {
    const before = await product.processes();
    process.kill(await product.pidOf(name), 'SIGKILL');
    await waitFor(async () => (await product.processes()).some((one) => one.name === name && one.state === 'up' && one.restarts > 0), 60_000, () => product.output());
    await waitFor(async () => (await argus(['status', '--data', dataDir])).output.includes('ok (database up, engine up'), 60_000, () => product.output());
    const others = (list: typeof before) => list.filter((one) => one.name !== name).map(({ name: other, pid }) => [other, pid]);
    expect(others(await product.processes())).toEqual(others(before));
  });

  it('recovers from kill -9 of the supervisor, with no orphan but Postgres', async () => {
    const pids = Object.fromEntries((await product.processes()).map(({ name, pid }) => [name, pid as number]));
    process.kill(pids['supervisor'] as number, 'SIGKILL');
    await waitFor(() => !isProcessAlive(pids['gateway'] as number) && !isProcessAlive(pids['inference'] as number), 20_000, () => 'gateway or inference lives on');
    expect((await argus(['status', '--data', dataDir])).code).toBe(3);
    product = await startProduct({ dataDir });
    expect(await product.pidOf('postgres')).toBe(pids['postgres']);
  });

  it('stops at one Ctrl+C and leaves no process', async () => {
    const pids = (await product.processes()).map(({ pid }) => pid as number);
    await product.stop();
    expect(pids.filter(isProcessAlive)).toEqual([]);
    expect((await product.processes()).every(({ state }) => state === 'down')).toBe(true);
    expect((await argus(['camera', 'list', '--data', dataDir])).output).toContain('Start it with "npm start"');
  });
});
