import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TuneReport } from '@argus/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ringDirectory } from './ring/pixel-ring.js';

/** Real: the built entry, model processes, the pixel ring; a package of four nodes, and the shipped detector. */
const ENTRY = fileURLToPath(new URL('../dist/tune.js', import.meta.url));
const SMALL = fileURLToPath(new URL('../fixtures/models', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../../libs/models/packages', import.meta.url));
if (!existsSync(ENTRY)) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-tune-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly pid: number;
  readonly done: Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  /** The first line of progress that fits has been said. */
  said(pattern: RegExp): Promise<void>;
  interrupt(): void;
}

function start(models: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [ENTRY, ...args], { env: { PATH: process.env['PATH'], ARGUS_MODELS_DIRS: models } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const done = new Promise<number | null>((resolve) => child.once('close', resolve)).then((status) => ({ status, stdout, stderr }));
  const said = (pattern: RegExp) => Promise.race([new Promise<void>((resolve) => child.stderr.on('data', () => pattern.test(stderr) && resolve())), done.then(() => undefined)]);
  return { pid: child.pid ?? 0, done, said, interrupt: () => child.kill('SIGINT') };
}

const tune = (models: string, ...args: string[]) => start(models, ...args).done;
const ringsOf = (pid: number) => readdirSync(ringDirectory()).filter((name) => name.startsWith(`argus-ring-${pid}-`));

describe.skipIf(!existsSync(ENTRY))('argus tune', () => {
  it('measures a model within its time, says what it does, and writes what it found', async () => {
    const out = join(folder, 'report.json');
    const startedMs = performance.now();
    const running = start(SMALL, '--minutes', '0.4', '--json', '--out', out);
    const { status, stdout, stderr } = await running.done;
    // Opening, draining and a loaded machine come on top of what the limit covers.
    expect(performance.now() - startedMs).toBeLessThan(45_000);
    expect(status).toBe(0);
    const report = TuneReport.parse(JSON.parse(stdout));
    expect(report).toEqual(JSON.parse(readFileSync(out, 'utf8')));
    expect(report).toMatchObject({ targetMs: 150, stopped: false, problems: [], results: [{ model: 'box-64', version: '2.0.0', device: 'cpu', defaults: { threads: 1, batch: 1, waitMs: 0 } }] });
    const [result] = report.results;
    expect(result?.best.picturesPerSecond).toBeGreaterThan(0);
    expect(result?.best.latencyMsP95).toBeLessThanOrEqual(150);
    expect(['better', 'defaults-are-best', 'unfinished']).toContain(result?.verdict);
    expect(stderr).toMatch(/\[\d:\d\d left\] box-64 on cpu, \d+ x 1 thread, batch 1: [\d.]+ pictures\/s, p95 [\d.]+ ms/);
    expect(ringsOf(running.pid)).toEqual([]);
  });

  it('says how low the latency can be where the target is out of reach', async () => {
    const { status, stdout } = await tune(SHIPPED, '--model', 'nanodet-g-416', '--p95', '1', '--minutes', '0.8');
    expect(stdout).toMatch(/no configuration keeps a p95 of 1\.0 ms at any rate; the lowest p95 measured is \d+ ms/);
    expect(status).toBe(1);
  });

  it('ends with what is known when it is stopped, also when the signal comes twice', async () => {
    const running = start(SMALL, '--minutes', '3', '--json');
    await running.said(/p95 [\d.]+ ms/);
    running.interrupt();
    running.interrupt();
    const { status, stdout } = await running.done;
    expect(status).toBe(130);
    expect(TuneReport.parse(JSON.parse(stdout))).toMatchObject({ stopped: true, results: [{ model: 'box-64', verdict: 'unfinished' }] });
    expect(ringsOf(running.pid)).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown model', ['--model', 'no-such'], /no model package "no-such"; known: box-64/],
    ['an unknown device', ['--device', 'cuda:9'], /--device cuda:9: this machine has none of that name; usable: cpu/],
    ['a wrong target', ['--p95', 'soon'], /--p95: expected a number from 1 to 60000, got "soon"/],
    ['a wrong option', ['--speed'], /--speed/],
  ])('says what is wrong with %s', async (_what, args, message) => {
    const { status, stdout, stderr } = await tune(SMALL, ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
