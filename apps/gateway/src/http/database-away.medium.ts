import { startEmbeddedPostgres, type EmbeddedPostgres } from '@argus/embedded-postgres';
import { silentLogger } from '@argus/kernel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, runGateway, type RunningGateway } from '../../test/running-gateway.js';

/** Real: the gateway and a PostgreSQL server of its own, which is killed and comes back. */
let folder: string;
let server: EmbeddedPostgres;
let gateway: RunningGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-away-'));
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: silentLogger });
  gateway = await runGateway({ DATABASE_URL: server.url });
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('says so while the database is away, to browsers too, and goes on by itself when it is back', async () => {
  const { visitor } = await gateway.withUser('viewer');
  process.kill(server.pid, 'SIGKILL');
  await expect.poll(async () => (await visitor.call('health')).body.database, { timeout: 10_000 }).toBe('down');
  for (const answer of [await visitor.call('listCameras'), await visitor.call('getAuthState'), await gateway.owner.call('getSystem'), await gateway.nobody().call('signIn', { body: { name: 'x', password: PASSWORD } })]) {
    expect([answer.status, answer.body.code]).toEqual([503, 'database.unavailable']);
  }
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: silentLogger, preferredPort: Number(new URL(server.url).port) });
  await expect.poll(async () => (await visitor.call('listCameras')).status, { timeout: 10_000 }).toBe(200);
  expect((await visitor.call('health')).body.database).toBe('up');
});
