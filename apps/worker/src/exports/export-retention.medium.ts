import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportId } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { isoTime, newId, silentLogger } from '@argus/kernel';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExportRetention } from './export-retention.js';
import { ExportStore } from './export-store.js';

/** Real: PostgreSQL and files. */
const NOW = Date.now();
const DAY = 86_400_000;
let database: TestDatabase;
let dataSource: DataSource;
let exportsDir: string;

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  exportsDir = mkdtempSync(join(tmpdir(), 'argus-exports-'));
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
  rmSync(exportsDir, { recursive: true, force: true });
});

async function finished(agoMs: number): Promise<ExportId> {
  const id = newId<ExportId>();
  mkdirSync(join(exportsDir, id));
  const row = `INSERT INTO exports (id, camera_ids, estimated_bytes, title, note, ranges, options, state, progress, files, created_by, created_at, finished_at, attempts) VALUES ($1, '{}', 0, 'x', '', '[]', '{}', 'done', '{}', '[]', 'me', $2, $2, 1)`;
  await dataSource.query(row, [id, isoTime(NOW - agoMs)]);
  return id;
}
const removeOld = (nowMs: number) => new ExportRetention({ store: new ExportStore(dataSource, { nowMs: () => nowMs, monotonicMs: () => 0 }), exportsDir, keepDays: 7, log: silentLogger }).removeOld();
const isThere = (id: ExportId) => existsSync(join(exportsDir, id));

it('removes what is older than said, and not for a clock that is ahead of what the gateway believes', async () => {
  const [old, young] = [await finished(8 * DAY), await finished(DAY)];
  await removeOld(NOW);
  expect([old, young].map(isThere)).toEqual([false, true]);
  await dataSource.query('INSERT INTO recording_clock (id, seen_at, doubted_seconds, wall_at) VALUES (1, $1, 1, $2)', [isoTime(NOW), isoTime(NOW + 365 * DAY)]);
  await removeOld(NOW + 365 * DAY);
  expect(isThere(young)).toBe(true);
  await dataSource.query('UPDATE recording_clock SET seen_at = $1', [isoTime(NOW + 365 * DAY)]);
  await removeOld(NOW + 365 * DAY);
  expect(isThere(young)).toBe(false);
});
