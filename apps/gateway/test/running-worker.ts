import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunningGateway } from './running-gateway.js';

export const WORKER = fileURLToPath(new URL('../../worker/dist/main.js', import.meta.url));

/** Why there is no worker; null: there can be one. */
export const whyNoWorker = (): string | null => (existsSync(WORKER) ? null : 'apps/worker is not built; run tsc -b');

/** The built worker beside a gateway, as a process; `detached`: with its children in a group of processes of its own. */
export async function startWorker(gateway: RunningGateway, environment: NodeJS.ProcessEnv = {}, detached = false): Promise<ChildProcess> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: gateway.settings.databaseUrl, ARGUS_DATA: gateway.data, ARGUS_LOG_LEVEL: 'warn', ...environment };
  const child = fork(WORKER, [], { env, execArgv: [], detached, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await new Promise<void>((ready, fail) => child.once('message', () => ready()).once('exit', (code) => fail(new Error(`the worker ended with ${code}`))));
  return child;
}

export async function endWorker(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
