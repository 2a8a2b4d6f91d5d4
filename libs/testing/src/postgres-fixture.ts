import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { startEmbeddedPostgres } from '@argus/embedded-postgres';
import { silentLogger } from '@argus/kernel';
import { Client } from 'pg';

/** A database of one test file, empty or made from a template. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it; whoever is still connected is thrown out. */
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Runs once per test run and `name`; its result is the template of every later database, so migrations cost once. */
  readonly template?: { readonly name: string; readonly prepare: (url: string) => Promise<void> };
}

/**
 * A fresh database in the one throw-away server that a test run shares. Real PostgreSQL; only `fsync` is off.
 *
 *     const database = await withTestDatabase();      // beforeAll
 *     await database.close();                         // afterAll
 *
 * The server is stopped and removed when the test run's process is gone, however it ended.
 */
export async function withTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await sharedServer();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = options.template ? await templateDatabase(server, options.template) : 'template1';
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: urlOf(server, name), close: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function templateDatabase(server: string, { name, prepare }: { name: string; prepare: (url: string) => Promise<void> }): Promise<string> {
  const template = `template_${name.replace(/[^a-z0-9]/g, '_')}`;
  const building = `${template}_building`;
  const client = new Client({ connectionString: urlOf(server, 'postgres') });
  await client.connect();
  try {
    // Test files run beside each other: one makes it, the others wait. The lock ends with the connection.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    if ((await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount) return template;
    await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${building}`);
    await prepare(urlOf(server, building));
    await client.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
    return template;
  } finally {
    await client.end();
  }
}

/** Whose end ends the server: vitest runs test files in child processes (or threads) of one main process. */
const owner = process.env['VITEST_POOL_ID'] && isMainThread ? process.ppid : process.pid;

async function sharedServer(): Promise<string> {
  const folder = join(tmpdir(), `argus-test-postgres-${owner}`);
  const urlFile = join(folder, 'url');
  try {
    mkdirSync(folder, { mode: 0o711 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return waitForUrl(urlFile);
  }
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'server'),
    log: silentLogger,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' },
  });
  spawnReaper(server.pid, folder);
  writeFileSync(`${urlFile}.tmp`, server.url, { mode: 0o600 });
  renameSync(`${urlFile}.tmp`, urlFile);
  return server.url;
}

async function waitForUrl(file: string): Promise<string> {
  const deadline = performance.now() + 60_000;
  while (!existsSync(file)) {
    if (performance.now() > deadline) {
      rmSync(join(file, '..'), { recursive: true, force: true });
      throw new Error(`the shared test server of process ${owner} did not come up; its folder was removed, run again`);
    }
    await sleep(50);
  }
  return readFileSync(file, 'utf8');
}

/** A process of its own: hooks and exit handlers do not run when a test run is killed. */
function spawnReaper(server: number, folder: string): void {
  const script = `
    const [owner, server, folder] = process.argv.slice(1);
    const alive = (pid) => { try { process.kill(Number(pid), 0); return true; } catch (error) { return error.code === 'EPERM'; } };
    let asked = false;
    setInterval(() => {
      if (alive(owner)) return;
      if (alive(server)) { if (!asked) { asked = true; process.kill(Number(server), 'SIGQUIT'); } return; }
      require('node:fs').rmSync(folder, { recursive: true, force: true });
      process.exit();
    }, 200);`;
  spawn(process.execPath, ['-e', script, String(owner), String(server), folder], { detached: true, stdio: 'ignore' }).unref();
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: urlOf(server, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
