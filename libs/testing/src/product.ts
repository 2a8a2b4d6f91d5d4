import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProcessStatus, RunFile } from '@argus/contracts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

export interface ProductOptions {
  readonly demo?: boolean;
  /** Data directory; made and removed again when not given. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly startTimeoutMs?: number;
}

/** The built product, started as a user starts it: `argus up`. */
export interface Product {
  readonly url: string;
  /** One-time link that makes the first admin. */
  readonly setUpLink: string;
  /** Admin API key of the local CLI. */
  readonly token: string;
  readonly dataDir: string;
  /** Everything that `argus up` printed. */
  output(): string;
  processes(): Promise<ProcessStatus[]>;
  pidOf(name: string): Promise<number>;
  /** The API with the CLI's token; throws with the problem's text when the answer is not 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'argus-product-')));
  const port = await freePort();
  const args = [join(ROOT, 'apps/cli/bin/argus.mjs'), 'up', '--data', dataDir, '--port', String(port), ...(options.demo ? ['--demo'] : [])];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await stopChild(child);
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const setUpLink = await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`argus up ended with ${child.exitCode}:\n${output}`);
      return /https?:\/\/\S+token=\S+/.exec(output)?.[0];
    }, options.startTimeoutMs ?? 90_000, () => `no sign-in link printed:\n${output}`);
    const url = new URL(setUpLink).origin;
    const token = readFileSync(join(dataDir, 'cli-token'), 'utf8').trim();
    const processes = async () => RunFile.parse(JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8'))).processes;
    const pidOf = async (name: string) => {
      const pid = (await processes()).find((entry) => entry.name === name)?.pid;
      if (!pid) throw new Error(`no process named ${name} in run.json`);
      return pid;
    };
    return { url, setUpLink, token, dataDir, output: () => output, processes, pidOf, api: (method, path, body) => callApi(url, token, method, path, body), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks again every 100 ms until `read` gives something else than undefined, null or false. */
export async function waitFor<T>(read: () => T | undefined | null | false | Promise<T | undefined | null | false>, timeoutMs: number, explain: () => string = () => 'waited in vain'): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`after ${timeoutMs} ms: ${explain()}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** The built CLI and dashboard are there; medium and e2e tests say so instead of failing obscurely. */
export function isBuilt(): boolean {
  return existsSync(join(ROOT, 'apps/cli/dist/main.js')) && existsSync(join(ROOT, 'apps/dashboard/dist/index.html'));
}

async function callApi<T>(url: string, token: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
