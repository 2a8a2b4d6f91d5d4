import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, openDatabase } from './data-source.js';

/** Real: PostgreSQL. */
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});

it('give the tables exactly the columns of the entities', async () => {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const columns = upQueries.map(({ query }) => query).filter((query) => !/^DROP INDEX|DROP CONSTRAINT/.test(query));
  expect(columns).toEqual([]);
});

it('can be taken back to nothing and run again', async () => {
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
  expect(await dataSource.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([{ tablename: 'schema_migrations' }]);
  expect(await dataSource.runMigrations()).toHaveLength(dataSource.migrations.length);
  expect(await dataSource.runMigrations()).toEqual([]);
});

it('page the newest events from an index, filtered or not', async () => {
  await dataSource.query(`
    INSERT INTO events (id, revision, state, kind, camera_id, camera_name, rule_id, rule_name, label, score, started_at, pts_us, attributes, path, models, boot_id, created_at, updated_at)
    SELECT gen_random_uuid(), 1, CASE WHEN i % 50 = 0 THEN 'confirmed' ELSE 'ended' END, 'zone', ('00000000-0000-7000-8000-0000000000' || lpad((i % 40)::text, 2, '0'))::uuid, 'c', ('00000000-0000-7000-8000-0000000001' || lpad((i % 30)::text, 2, '0'))::uuid, 'r',
      'label' || i % 20, 0.5, timestamptz '2026-01-01' + i * interval '1 second', 0, '{}', '[]', '{}', gen_random_uuid(), now(), now()
    FROM generate_series(1, 20000) i`);
  await dataSource.query('ANALYZE events');
  const filters = ['true', `camera_id = '00000000-0000-7000-8000-000000000007'`, `rule_id = '00000000-0000-7000-8000-000000000107'`, `label = 'label7'`, `state = 'confirmed'`, `started_at < '2026-01-01 02:00Z'`, `(started_at, id) < ('2026-01-01 02:00Z', '00000000-0000-7000-8000-000000000000')`];
  for (const filter of filters) {
    const plan = JSON.stringify(await dataSource.query(`EXPLAIN (FORMAT JSON) SELECT * FROM events WHERE ${filter} ORDER BY started_at DESC, id DESC LIMIT 51`));
    expect([filter, /Seq Scan|"Sort"/.test(plan)]).toEqual([filter, false]);
  }
});

it('name the unreachable server without its password', async () => {
  await expect(openDatabase('postgres://argus:hunter2@127.0.0.1:1/argus')).rejects.toMatchObject({ code: 'database.unreachable', message: expect.not.stringContaining('hunter2') });
  expect(createDataSource(database.url).options.synchronize).toBe(false);
});
