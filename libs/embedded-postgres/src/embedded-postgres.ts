import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type Logger } from '@argus/kernel';
import { Client } from 'pg';
import { prepareBinaries } from './binaries.js';
import { ServerFolder, SUPERUSER } from './cluster.js';
import { PostgresStartError } from './errors.js';
import { choosePort } from './port.js';
import { isAlive, isPostgres, readPostmasterFile } from './postmaster-file.js';

const DATABASE = 'argus';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** One site on a small machine: connections for gateway pool, job queue and people; the rest is left to the page cache. */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
  timezone: 'UTC',
};

export interface EmbeddedPostgresOptions {
  /** Folder of this server alone, e.g. `$ARGUS_DATA/postgres`; made when absent. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }` for throw-away servers. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Waited for a while when it is taken, so that clients of a server that was started again find it where it was; then any free one. */
  readonly preferredPort?: number;
}

export interface EmbeddedPostgres {
  /** Holds the password: never log it as it is. */
  readonly url: string;
  readonly pid: number;
  /** True when a server of an earlier launcher still ran and was taken over. */
  readonly reused: boolean;
  /** Fast shutdown: open transactions are rolled back. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Called once when the server ends, by `stop` or by itself. */
  onExit(listener: () => void): void;
}

/**
 * Starts PostgreSQL on a free loopback port, or takes over the one that still runs on this folder (after kill -9 of its launcher).
 * Access is by password (scram-sha-256) over TCP on 127.0.0.1 only; there is no Unix socket, whose path could be too long.
 * The server outlives its launcher on purpose: rows are safe, and the next start finds it.
 * Throws PostgresBinariesError and PostgresStartError.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = new ServerFolder(resolve(options.dataDir));
  const running = await findRunning(folder, options.log);
  if (running) {
    options.log.info('PostgreSQL taken over', running);
    return describe(folder, running.pid, running.port, null);
  }
  const native = prepareBinaries(options.log);
  await folder.ensureCluster(native);
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const started = await launch(folder, native, options, deadline);
    if (started) {
      options.log.info('PostgreSQL started', { pid: started.child.pid, port: started.port });
      return describe(folder, started.child.pid as number, started.port, started.child);
    }
    if (performance.now() > deadline) throw new PostgresStartError(`PostgreSQL in ${folder.path} did not start within ${START_TIMEOUT_MS / 1000} s. End of its log:\n${folder.logTail()}`, { folder: folder.path });
    await sleep(250);
  }
}

/** A server that answers to our password is ours. One that is alive but silent is starting, recovering or stopping: wait for it. */
async function findRunning(folder: ServerFolder, log: Logger): Promise<{ pid: number; port: number } | null> {
  const file = join(folder.cluster, 'postmaster.pid');
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const running = readPostmasterFile(file);
    if (!running) return null;
    if (!isAlive(running.pid) || !isPostgres(running.pid)) {
      log.info('PostgreSQL did not stop cleanly; it recovers', { pid: running.pid });
      rmSync(file, { force: true });
      return null;
    }
    if ((await probe(folder, running.port)) === null) return running;
    if (performance.now() > deadline) throw new PostgresStartError(`PostgreSQL (pid ${running.pid}) runs on ${folder.path} but does not answer on port ${running.port}. Stop it (kill -INT ${running.pid}) and start again.`, { ...running });
    await sleep(200);
  }
}

/** null: try again. A port taken meanwhile and the shared memory of a killed server's last children both pass by themselves. */
async function launch(folder: ServerFolder, native: string, options: EmbeddedPostgresOptions, deadline: number): Promise<{ child: ChildProcess; port: number } | null> {
  const port = await choosePort(options.preferredPort ?? null);
  const settings = { ...SETTINGS, ...options.settings, listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(folder.logFile, 'a', 0o600);
  if (statSync(folder.logFile).size > LOG_LIMIT_BYTES) truncateSync(folder.logFile);
  const child = folder.spawn(join(native, 'bin/postgres'), ['-D', folder.asServerSees('cluster'), ...args], output);
  closeSync(output);
  let failure: unknown = null;
  child.once('error', (error) => (failure = error));
  for (;;) {
    const problem = await probe(folder, port);
    if (problem === null) return { child, port };
    if (failure) throw new PostgresStartError(`cannot run PostgreSQL: ${messageOf(failure)}`, {}, { cause: failure });
    if (child.exitCode !== null || child.signalCode !== null) {
      if (/still in use|could not bind/.test(folder.logTail())) return null;
      throw new PostgresStartError(`PostgreSQL in ${folder.path} ended while it started (${child.exitCode ?? child.signalCode}). End of its log:\n${folder.logTail()}`, { folder: folder.path });
    }
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      throw new PostgresStartError(`PostgreSQL in ${folder.path} does not answer: ${messageOf(problem)}. End of its log:\n${folder.logTail()}`, { folder: folder.path });
    }
    await sleep(30);
  }
}

/** Signs in and makes sure of our database; null when that worked, else what went wrong. */
async function probe(folder: ServerFolder, port: number): Promise<unknown> {
  const client = new Client({ host: '127.0.0.1', port, user: SUPERUSER, password: folder.password(), database: 'postgres', connectionTimeoutMillis: 3000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return null;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function describe(folder: ServerFolder, pid: number, port: number, child: ChildProcess | null): EmbeddedPostgres {
  const ended = watchExit(pid, child);
  return {
    url: `postgres://${SUPERUSER}:${folder.password()}@127.0.0.1:${port}/${DATABASE}`,
    pid,
    reused: child === null,
    stop: () => stopServer(pid, ended),
    onExit: (listener) => void ended.then(listener),
  };
}

/** Our child tells us; a server that was taken over is looked at twice a second. Neither keeps the launcher alive. */
function watchExit(pid: number, child: ChildProcess | null): Promise<void> {
  if (child) {
    child.unref();
    return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((gone) => child.once('exit', () => gone()));
  }
  return new Promise((gone) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      gone();
    }, 500).unref();
  });
}

async function stopServer(pid: number, ended: Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (isAlive(pid)) process.kill(pid, signal);
    // A referenced timer: a process that waits for this must not end early because the child itself is unreferenced.
    const patience = new AbortController();
    const gone = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { signal: patience.signal }).catch(() => true)]);
    patience.abort();
    if (gone) return;
  }
}
