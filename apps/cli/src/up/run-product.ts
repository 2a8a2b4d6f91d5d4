import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '@argus/api-client';
import { CHECKOUT } from '../checkout.js';
import type { ProcessLock } from '@argus/kernel';
import { AlreadyRunningError } from '../errors.js';
import { announcement } from './announcement.js';
import { ensureCliToken } from './cli-token.js';
import { prepareDataFolder, prepareEngineSocket } from './data-folder.js';
import { choosePort } from './free-port.js';
import { lockDataFolder } from './instance-lock.js';
import { postgresService } from './postgres-service.js';
import { productSteps } from './product-steps.js';
import type { Reporter } from './reporter.js';
import { readRunFile } from './run-file.js';
import { ServiceLogs } from './service-logs.js';
import { stopSignal } from './stop-signal.js';
import { Supervisor } from './supervisor.js';

export interface UpOptions {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  /** The person named this port: another one will not do. */
  readonly isPortExplicit: boolean;
  readonly demo: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
}

const STOPPING_PATIENCE_MS = 45_000;

const secret = (): string => randomBytes(24).toString('base64url');

/** Runs the whole product until a signal; returns the exit status. */
export async function runProduct(options: UpOptions): Promise<number> {
  const { dataFolder, reporter } = options;
  await prepareDataFolder(dataFolder);
  const lock = await lockOrExplain(dataFolder, reporter);
  const logs = new ServiceLogs(dataFolder, reporter);
  try {
    await ensureCliToken(dataFolder);
    const port = await choosePort(options.host, options.port, options.isPortExplicit);
    if (port !== options.port) reporter.step(`Port ${options.port} is taken by another program: using ${port}.`);
    return await serve({ ...options, chosenPort: port, logs });
  } finally {
    logs.close();
    lock.release();
  }
}

async function serve(options: UpOptions & { chosenPort: number; logs: ServiceLogs }): Promise<number> {
  const { dataFolder, reporter, env, host, chosenPort: port, logs } = options;
  const socket = await prepareEngineSocket(dataFolder);
  const supervisor = new Supervisor({ dataFolder, onNote: (text) => reporter.step(text) });
  const stopped = stopSignal(reporter, env);
  const setUpToken = secret();
  const databaseUrl = env['DATABASE_URL'] || null;
  const demoFile = options.demo ? join(CHECKOUT, 'demo/cameras.json') : null;
  const product = productSteps({ dataFolder, host, port, engineSocket: socket.path, engineToken: secret(), setUpToken, demoFile, databaseUrl, env, outputOf: logs.outputOf });
  const steps = databaseUrl === null ? [() => postgresService(dataFolder, logs.outputOf('postgres')), ...product] : product;
  try {
    reporter.step(databaseUrl === null ? 'Starting Postgres, gateway, inference and worker …' : 'Starting gateway, inference and worker with the database of DATABASE_URL …');
    const outcome = await Promise.race([supervisor.start(steps).then(() => 'up' as const), stopped.signal]);
    if (outcome === 'up') {
      const url = supervisor.url ?? `http://${host}:${port}`;
      const auth = await createApiClient({ baseUrl: url }).call('getAuthState');
      for (const line of announcement({ url, host, port, wantedPort: options.port, dataFolder, auth, setUpToken, demo: options.demo })) reporter.plain(line);
      await stopped.signal;
    }
    return 0;
  } catch (error) {
    reporter.step(`Argus could not start. Full logs: ${dataFolder}/logs`);
    throw error;
  } finally {
    reporter.stopping();
    await supervisor.stop();
    await socket.remove();
    stopped.release();
    reporter.step('Stopped.');
  }
}

/**
 * One that is just stopping is waited for.
 * @throws AlreadyRunningError that says who runs, since when and where
 */
async function lockOrExplain(dataFolder: string, reporter: Reporter): Promise<ProcessLock> {
  for (const deadlineMs = performance.now() + STOPPING_PATIENCE_MS; ; await sleep(500)) {
    try {
      return lockDataFolder(dataFolder);
    } catch (error) {
      if (!(error instanceof AlreadyRunningError)) throw error;
      const run = await readRunFile(dataFolder);
      const owner = run?.processes.find((entry) => entry.name === 'supervisor');
      if (owner?.state === 'stopping' && performance.now() < deadlineMs) {
        reporter.fromService('argus', { level: 'warn', text: `waiting for the last run (process ${owner.pid}) to stop` });
        continue;
      }
      const where = run?.url == null ? 'it is still starting' : `open ${run.url}`;
      throw new AlreadyRunningError(`${error.message}${owner === undefined ? '' : `, since ${owner.since}`}: ${where}. Stop it with Ctrl+C there or "kill ${String(error.context['pid'])}", or start a second one with --data DIR --port N`, error.context);
    }
  }
}
