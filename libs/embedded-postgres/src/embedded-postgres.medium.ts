import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger as log } from '@argus/kernel';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { PostgresStartError } from './errors.js';
import { isAlive } from './postmaster-file.js';

/** Real: PostgreSQL 18, its binaries, the file system, signals. */
describe('startEmbeddedPostgres', () => {
  let parent: string;
  let dataDir: string;
  const servers: EmbeddedPostgres[] = [];
  const start = async (dir = dataDir) => {
    const server = await startEmbeddedPostgres({ dataDir: dir, log });
    servers.push(server);
    return server;
  };

  beforeAll(() => {
    // As under /root: a parent that nobody else may enter; with a space and Chinese letters.
    parent = mkdtempSync(join(tmpdir(), 'argus 监控 '));
    chmodSync(parent, 0o700);
    dataDir = join(parent, 'a very long folder name that no unix socket path could ever hold, because those end at 107 bytes', 'postgres');
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(parent, { recursive: true, force: true });
  });

  it('starts in a private folder with an odd name and answers to its password only', async () => {
    const { url, reused } = await start();
    expect(reused).toBe(false);
    expect(await query(url, 'SHOW server_version')).toMatch(/^18\./);
    expect(await query(url, 'SHOW server_encoding')).toBe('UTF8');
    expect(await query(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    wrong.password = '';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);
    expect(readFileSync(join(dataDir, 'cluster/pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(parent).mode & 0o777).toBe(0o700);
  });

  it('takes over a server whose launcher is gone, with its rows', async () => {
    const first = await start();
    expect(first.reused).toBe(true);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    const second = await start();
    expect(second).toMatchObject({ reused: true, pid: first.pid, url: first.url });
    expect(await query(second.url, 'SELECT n FROM kept')).toBe(42);
  });

  it('recovers after kill -9 of the server and tells who listens', async () => {
    const before = await start();
    const told = new Promise<void>((done) => before.onExit(done));
    process.kill(before.pid, 'SIGKILL');
    await told;
    const after = await start();
    expect(after.reused).toBe(false);
    expect(after.pid).not.toBe(before.pid);
    expect(await query(after.url, 'SELECT n FROM kept')).toBe(42);
  });

  it('stops, and a pid file that names another living process does not keep it from starting', async () => {
    const server = await start();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    writeFileSync(join(dataDir, 'cluster/postmaster.pid'), `${process.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n`);
    const again = await start();
    expect(await query(again.url, 'SELECT n FROM kept')).toBe(42);
    await again.stop();
  });

  it('survives the kill of its launcher', async () => {
    const script = join(parent, 'launch.mjs');
    writeFileSync(script, `import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, '../dist/index.js'))};
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      process.send((await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log })).pid); setInterval(() => {}, 1000);`);
    if (!existsSync(join(import.meta.dirname, '../dist/index.js'))) return console.warn('skipped: libs/embedded-postgres is not built');
    const launcher = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const pid = await new Promise<number>((got) => launcher.once('message', (message) => got(message as number)));
    const gone = new Promise((exit) => launcher.once('exit', exit));
    launcher.kill('SIGKILL');
    await gone;
    await sleep(300);
    expect(isAlive(pid)).toBe(true);
    const server = await start();
    expect(server).toMatchObject({ reused: true, pid });
    await server.stop();
  });

  it('begins anew after a first start that was cut off, and refuses another major version', async () => {
    const other = join(parent, 'other');
    mkdirSync(join(other, 'cluster.new/base'), { recursive: true });
    const server = await start(other);
    await server.stop();
    writeFileSync(join(other, 'cluster/PG_VERSION'), '13\n');
    await expect(start(other)).rejects.toThrow(PostgresStartError);
    await expect(start(other)).rejects.toThrow(/expected a cluster of PostgreSQL 18, found 13/);
  });
});

async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query({ text: sql, rowMode: 'array' });
    return result.rows[0]?.[0];
  } finally {
    await client.end();
  }
}
