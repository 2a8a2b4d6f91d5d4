import { withTestDatabase, type TestDatabase } from '@argus/testing';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../data-source.js';
import { publishedViews } from './published-views.js';

/** Real: PostgreSQL. This file is the contract: a change here is a change for every business application. */
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

const time = 'timestamp with time zone';
const number = 'double precision';
const CONTRACT: Readonly<Record<string, readonly [string, string][]>> = {
  contract_version: [['version', 'integer']],
  cameras: [['id', 'uuid'], ['name', 'text'], ['enabled', 'boolean'], ['tags', 'text[]'], ['time_zone', 'text'], ['zones', 'jsonb'], ['created_at', time], ['updated_at', time]],
  events: [
    ['id', 'uuid'], ['revision', 'integer'], ['state', 'text'], ['kind', 'text'], ['camera_id', 'uuid'], ['camera_name', 'text'], ['rule_id', 'uuid'], ['rule_name', 'text'],
    ['track_id', 'uuid'], ['label', 'text'], ['score', number], ['object_count', 'integer'], ['detail', 'text'], ['zone', 'text'], ['started_at', time], ['confirmed_at', time],
    ['confirmation', 'text'], ['ended_at', time], ['end_reason', 'text'], ['box_x', number], ['box_y', number], ['box_width', number], ['box_height', number],
    ['attributes', 'jsonb'], ['models', 'jsonb'], ['snapshot_path', 'text'], ['thumbnail_path', 'text'], ['acknowledged_at', time], ['acknowledged_by', 'text'], ['updated_at', time],
  ],
  tracks: [
    ['id', 'uuid'], ['camera_id', 'uuid'], ['label', 'text'], ['score', number], ['started_at', time], ['ended_at', time], ['duration_seconds', number],
    ['attributes', 'jsonb'], ['path', 'jsonb'], ['detector_id', 'text'], ['detector_version', 'text'],
  ],
  objects_hourly: [['hour', time], ['camera_id', 'uuid'], ['label', 'text'], ['objects', 'bigint'], ['mean_seconds', number], ['longest_seconds', number]],
  deliveries: [
    ['id', 'uuid'], ['webhook_id', 'uuid'], ['webhook_name', 'text'], ['type', 'text'], ['event_id', 'uuid'], ['state', 'text'], ['attempts', 'integer'], ['created_at', time],
    ['last_attempt_at', time], ['next_attempt_at', time], ['delivered_at', time], ['last_status', 'integer'], ['last_error', 'text'], ['last_duration_ms', number],
  ],
};

const COLUMNS = `
  SELECT c.relname AS view, a.attname AS name, regexp_replace(format_type(a.atttypid, a.atttypmod), '\\(\\d+\\)', '') AS type, col_description(c.oid, a.attnum) AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname = 'argus_public' AND a.attnum > 0 ORDER BY c.relname, a.attnum`;

describe('schema argus_public', () => {
  it('has exactly these views, columns and types, in this order', async () => {
    const rows = (await dataSource.query(COLUMNS)) as { view: string; name: string; type: string; comment: string | null }[];
    const actual: Record<string, [string, string][]> = {};
    for (const { view, name, type } of rows) (actual[view] ??= []).push([name, type]);
    expect(actual).toEqual(CONTRACT);
    expect(rows.filter((row) => !row.comment)).toEqual([]);
  });

  it('says its version', async () => {
    expect(await dataSource.query('SELECT version FROM argus_public.contract_version')).toEqual([{ version: 1 }]);
  });

  it('is described view by view, column by column', () => {
    for (const view of publishedViews) expect(Object.keys(view.columns)).toEqual(CONTRACT[view.name]?.map(([name]) => name));
  });

  it('counts objects by the hour of UTC', async () => {
    const track = `INSERT INTO tracks VALUES (gen_random_uuid(), '00000000-0000-7000-8000-0000000000aa', 'person', 0.9, $1, $2, '{}', '[]', 'm', '1.0.0', now())`;
    for (const [from, to] of [['10:59:59.999', '11:00:09.999'], ['11:00:00', '11:00:20'], ['11:59:59', '11:59:59']]) await dataSource.query(track, [`2026-03-01T${from}Z`, `2026-03-01T${to}Z`]);
    const rows = await dataSource.query('SELECT hour, objects, mean_seconds, longest_seconds FROM argus_public.objects_hourly ORDER BY hour');
    expect(rows).toEqual([
      { hour: new Date('2026-03-01T10:00:00Z'), objects: '1', mean_seconds: 10, longest_seconds: 10 },
      { hour: new Date('2026-03-01T11:00:00Z'), objects: '2', mean_seconds: 10, longest_seconds: 20 },
    ]);
  });
});

describe('the role argus_reader', () => {
  it('reads every view and nothing else, and cannot log in', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('SET ROLE argus_reader');
      for (const view of Object.keys(CONTRACT)) await client.query(`SELECT * FROM argus_public.${view}`);
      const { rows } = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
      expect(rows.length).toBeGreaterThan(12);
      for (const { tablename } of rows) await expect(client.query(`SELECT 1 FROM ${tablename}`)).rejects.toMatchObject({ code: '42501' });
      await expect(client.query(`UPDATE argus_public.cameras SET name = 'x'`)).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('CREATE TABLE mine (id integer)')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
    expect(await dataSource.query(`SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'argus_reader'`)).toEqual([{ rolcanlogin: false, rolsuper: false }]);
  });

  it('is granted, but not made, by a login that may not make roles', async () => {
    const second = await withTestDatabase();
    const admin = new Client({ connectionString: second.url });
    await admin.connect();
    const login = `plain_${Date.now()}`;
    try {
      const url = new URL(second.url);
      await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'x'; ALTER SCHEMA public OWNER TO ${login}; GRANT ALL ON DATABASE ${url.pathname.slice(1)} TO ${login}`);
      [url.username, url.password] = [login, 'x'];
      const opened = await openDatabase(url.href);
      expect(await opened.query(`SELECT has_table_privilege('argus_reader', 'argus_public.events', 'SELECT') AS reads`)).toEqual([{ reads: true }]);
      await opened.destroy();
      await admin.query(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
    } finally {
      await admin.end();
      await second.close();
    }
  });

  it('is shared by the databases of a server; migrations twice at once change nothing more', async () => {
    const second = await withTestDatabase();
    try {
      const opened = await Promise.all([openDatabase(second.url), openDatabase(second.url)]);
      expect(await opened[0].query(`SELECT has_table_privilege('argus_reader', 'argus_public.events', 'SELECT') AS reads`)).toEqual([{ reads: true }]);
      for (const one of opened) await one.destroy();
    } finally {
      await second.close();
    }
  });
});
