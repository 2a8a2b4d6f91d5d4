import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProcessAlive } from '@argus/kernel';
import { nodeService, type NodeServiceOptions } from './node-service.js';
import { readRunFile } from './run-file.js';
import { Supervisor } from './supervisor.js';

const SCRIPT = fileURLToPath(new URL('../fixtures/child.mjs', import.meta.url));

/** Real: processes, signals, IPC, files. The services themselves are small scripts. */
describe('supervisor', () => {
  let dataFolder: string;
  let notes: string[];
  let supervisor: Supervisor;

  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'argus-supervisor-'));
    notes = [];
    supervisor = new Supervisor({ dataFolder, onNote: (text) => notes.push(text), firstDelayMs: 20, maxDelayMs: 100 });
  });
  afterEach(async () => {
    await supervisor.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const child = (name: string, mode = 'good', more: Partial<NodeServiceOptions> = {}) => () =>
    nodeService({ name, script: SCRIPT, env: () => ({ ...process.env, CHILD_MODE: mode, CHILD_URL: `http://${name}` }), cwd: dataFolder, output: () => undefined, ...more });
  const entry = (name: string) => supervisor.processes.find((one) => one.name === name);
  const pidOf = (name: string) => entry(name)?.pid as number;

  it('starts in order, tells run.json, and stops without leaving a process', async () => {
    await supervisor.start([child('first'), child('gateway')]);
    const run = await readRunFile(dataFolder);
    expect(run?.url).toBe('http://gateway');
    expect(run?.processes.map(({ name, state }) => [name, state])).toEqual([['supervisor', 'up'], ['first', 'up'], ['gateway', 'up']]);
    const pids = [pidOf('first'), pidOf('gateway')];
    await supervisor.stop();
    expect(pids.map(isProcessAlive)).toEqual([false, false]);
    expect((await readRunFile(dataFolder))?.processes.every((one) => one.state === 'down' && one.pid === null)).toBe(true);
    expect(notes).toEqual(['Stopping gateway …', 'Stopping first …']);
  });

  it('tells a later service where an earlier one is, and again when that has moved', async () => {
    let moves = 0;
    const seen: unknown[] = [];
    const postgres = () => child('postgres', 'good', { env: () => ({ ...process.env, CHILD_URL: `http://postgres:${(moves += 1)}` }) })();
    await supervisor.start([postgres, (details) => child('gateway', 'good', { env: () => (seen.push(details.get('postgres')?.['url']), { ...process.env }) })()]);
    expect(seen).toEqual(['http://postgres:1']);
    process.kill(pidOf('postgres'), 'SIGKILL');
    await until(() => seen.length === 2 && entry('gateway')?.state === 'up');
    expect(seen).toEqual(['http://postgres:1', 'http://postgres:2']);
  });

  it('starts one that was killed with -9 again, and only that one', async () => {
    await supervisor.start([child('other'), child('victim')]);
    const [other, victim] = [pidOf('other'), pidOf('victim')];
    for (let round = 1; round <= 3; round += 1) {
      const before = pidOf('victim');
      process.kill(before, 'SIGKILL');
      await until(() => entry('victim')?.state === 'up' && pidOf('victim') !== before);
      expect(entry('victim')?.restarts).toBe(round);
    }
    expect(pidOf('other')).toBe(other);
    expect(entry('other')?.restarts).toBe(0);
    expect(isProcessAlive(victim)).toBe(false);
    expect(notes.filter((note) => note.includes('was killed by SIGKILL'))).toHaveLength(3);
    // Written a moment after it is so.
    await expect.poll(async () => JSON.parse(await readFile(join(dataFolder, 'run.json'), 'utf8')) as unknown).toMatchObject({ processes: [{}, {}, { name: 'victim', restarts: 3, state: 'up' }] });
  });

  it('takes the children of a killed service with it', async () => {
    let grandchild = 0;
    await supervisor.start([child('engine', 'parent'), (details) => ((grandchild = Number(details.get('engine')?.['grandchild'])), child('other')())]);
    expect(isProcessAlive(grandchild)).toBe(true);
    process.kill(pidOf('engine'), 'SIGKILL');
    await until(() => !isProcessAlive(grandchild));
  });

  it('gives up on a service that never starts, and says why', async () => {
    await expect(supervisor.start([child('gateway', 'broken')])).rejects.toThrow('gateway ended with status 3 before it was ready');
    expect(entry('gateway')).toMatchObject({ state: 'down', pid: null, restarts: 2 });
  });

  it('does not wait for ever for a service that stays silent', async () => {
    await expect(supervisor.start([child('gateway', 'silent', { readyTimeoutMs: 150 })])).rejects.toThrow('gateway was not ready after 0.15 s');
  });

  it('replaces a service that promised signs of life and stopped giving them', async () => {
    await supervisor.start([child('engine', 'wedged', { aliveTimeoutMs: 300 })]);
    const before = pidOf('engine');
    await until(() => entry('engine')?.state === 'up' && pidOf('engine') !== before);
    expect(isProcessAlive(before)).toBe(false);
  });

  it('can be stopped while a service is still starting', async () => {
    const start = supervisor.start([child('gateway', 'silent')]);
    const outcome = expect(start).rejects.toThrow();
    await until(() => typeof pidOf('gateway') === 'number');
    const pid = pidOf('gateway');
    await supervisor.stop();
    await outcome;
    expect(isProcessAlive(pid)).toBe(false);
  });

  it('kills one that ignores SIGTERM after the deadline', async () => {
    const service = child('stubborn', 'stubborn')();
    const running = await service.launch(new AbortController().signal, () => undefined);
    await running.stop(200);
    await expect(running.ended).resolves.toBe('was killed by SIGKILL');
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 20_000; !condition(); ) {
    if (performance.now() > deadline) throw new Error('waited 20 s in vain');
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
