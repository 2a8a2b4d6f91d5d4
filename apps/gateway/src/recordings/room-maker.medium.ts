import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraId } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { isoTime, newId, silentLogger } from '@argus/kernel';
import { diskUseOf, RecordingsFolder, type DiskUse } from '@argus/storage';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { FootageRemover } from './footage-remover.js';
import { DISK_MARKS, RecordingsHealth, shareOf } from './recordings-health.js';
import { RetentionRows } from './retention-rows.js';
import { RoomMaker } from './room-maker.js';
import { saveSegment } from './segment-row.js';

/** Real: PostgreSQL, and a small disk of its own where this user may mount one; else its size is said by the test, its use is counted. */
const MEGABYTE = 1024 * 1024;
const SIZE = 40 * MEGABYTE;
const NOW = Date.parse('2026-11-20T10:00:00.000Z');
let database: TestDatabase;
let dataSource: DataSource;
let disk: string;
let isMounted = false;
let health: RecordingsHealth;
let rows: RetentionRows;

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  rows = new RetentionRows(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'argus-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    isMounted = false;
  }
});
afterEach(async () => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
  await dataSource.query('TRUNCATE recording_segments, recording_holds');
});

async function diskUse(): Promise<DiskUse> {
  if (isMounted) return diskUseOf(disk);
  return { bytes: SIZE, usedBytes: Number(execFileSync('du', ['-sb', disk], { encoding: 'utf8' }).split('\t')[0]) };
}

function makeRoom(): RoomMaker {
  health = new RecordingsHealth({ nowMs: () => NOW, monotonicMs: () => 0 });
  const remover = new FootageRemover({ rows, folder: new RecordingsFolder(disk), remote: null, log: silentLogger });
  return new RoomMaker({ rows, remover, age: { setBack: async () => null }, health, diskUse, log: silentLogger });
}
const keepDisk = () => makeRoom().keepDisk(new AbortController().signal);

/** Files of one megabyte each, their rows first thing after. What is in them nobody reads here. */
async function record(cameraId: CameraId, startMs: number, count: number): Promise<void> {
  const runner = dataSource.createQueryRunner();
  for (let at = startMs; at < startMs + count * 10_000; at += 10_000) {
    const segment = { ...makeSegment(disk, { cameraId, startMs: at }), bytes: MEGABYTE };
    writeFileSync(join(disk, segment.path), Buffer.alloc(MEGABYTE, 1));
    await saveSegment(runner, segment, isoTime(at));
  }
  await runner.release();
}
const filesOf = async (cameraId: CameraId) => (await new RecordingsFolder(disk).namesIn(`${cameraId}/2026-11-19`)).size;
const hold = (cameraId: CameraId) => dataSource.query(`INSERT INTO recording_holds (id, camera_id, from_at, to_at, reason, created_by, created_at) VALUES ($1, $2, '2026-11-19', '2026-11-20', 'accident', 'me', now())`, [newId(), cameraId]);
const START = Date.parse('2026-11-19T10:00:00.000Z');

describe('a disk that runs full', () => {
  it('is left alone below 90 %, and looked at more often when it comes close', async () => {
    await record(newId<CameraId>(), START, 30);
    expect([await keepDisk(), health.status.room]).toEqual([false, 'ok']);
    await record(newId<CameraId>(), START, 5);
    expect([await keepDisk(), health.status]).toMatchObject([true, { room: 'ok', warnings: [] }]);
  });

  it('is emptied down to 88 %, the oldest first, and it is told', async () => {
    const [old, young] = [newId<CameraId>(), newId<CameraId>()];
    await record(old, START, 18);
    await record(young, START + 3_600_000, 19);
    expect(await keepDisk()).toBe(true);
    const use = await diskUse();
    expect(shareOf(use)).toBeLessThanOrEqual(DISK_MARKS.until);
    expect(use.usedBytes + MEGABYTE).toBeGreaterThan(DISK_MARKS.until * use.bytes);
    expect([await filesOf(old), await filesOf(young)]).toEqual([16, 19]);
    expect(health.status).toMatchObject({ room: 'short', warnings: [{ code: 'recordings-removed-early', values: { size: '2 MB', cameras: '1' } }] });
  });

  it('leaves a camera that has only old footage half of its share', async () => {
    const [away, busy] = [newId<CameraId>(), newId<CameraId>()];
    await record(away, START, 10);
    for (let turn = 0, made = 0; turn < 8; turn++) {
      for (; shareOf(await diskUse()) < 0.93; made += 1) await record(busy, START + 3_600_000 + made * 10_000, 1);
      await keepDisk();
    }
    expect(await filesOf(away)).toBeGreaterThanOrEqual(8);
    expect(await filesOf(away)).toBeLessThan(10);
  });

  it('with nothing but held footage stays full, and it is told that recording stops', async () => {
    const [held, free] = [newId<CameraId>(), newId<CameraId>()];
    await record(held, START, 37);
    await record(free, START, 1);
    await hold(held);
    await keepDisk();
    expect([await filesOf(held), await filesOf(free)]).toEqual([37, 0]);
    expect(health.status).toMatchObject({ room: 'short', warnings: [{ code: 'recordings-disk-short', values: { percent: '92' } }, { code: 'recordings-removed-early' }] });
    await record(held, START + 3_600_000, 2);
    await keepDisk();
    expect([await filesOf(held), health.status]).toMatchObject([39, { room: 'full', warnings: [{ code: 'recordings-stopped', values: { percent: '97' } }] }]);
  });

  it('because of another program loses no more footage than was too much', async () => {
    const camera = newId<CameraId>();
    writeFileSync(join(disk, 'other'), Buffer.alloc(20 * MEGABYTE, 1));
    await record(camera, START, 17);
    await keepDisk();
    expect(await filesOf(camera)).toBe(15);
  });

  it('that cannot be looked at is told', async () => {
    health = new RecordingsHealth({ nowMs: () => NOW, monotonicMs: () => 0 });
    const room = new RoomMaker({ rows, remover: new FootageRemover({ rows, folder: new RecordingsFolder(disk), remote: null, log: silentLogger }), age: { setBack: async () => null }, health, diskUse: () => Promise.reject(new Error('EIO')), log: silentLogger });
    expect([await room.keepDisk(new AbortController().signal), health.status]).toMatchObject([true, { disk: null, warnings: [{ code: 'recordings-disk-unknown', values: { why: 'EIO' } }] }]);
  });
});
