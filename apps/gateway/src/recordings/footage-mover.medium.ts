import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingSettings, type CameraId, type RecordingSegment } from '@argus/contracts';
import { CameraEntity, openDatabase } from '@argus/database';
import { isoTime, newId, silentLogger, type LogFields, type Logger } from '@argus/kernel';
import { RecordingsFolder, S3Store, TieredFootage } from '@argus/storage';
import { S3_ACCESS, startS3, waitFor, withTestDatabase, type S3, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { FootageAdopter } from './footage-adopter.js';
import { FootageMover } from './footage-mover.js';
import { FootageRemover } from './footage-remover.js';
import { FootageRetention } from './footage-retention.js';
import { reconcileFootage } from './reconcile-footage.js';
import { RecordingsHealth } from './recordings-health.js';
import { RetentionRows } from './retention-rows.js';
import type { RoomMaker } from './room-maker.js';
import { saveSegment } from './segment-row.js';

/** Real: PostgreSQL, files, and the S3 protocol over HTTP. */
const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const DAY = 86_400_000;
const clock = { nowMs: () => NOW, monotonicMs: () => 0 };
const age = { nowMs: () => NOW, setBack: async () => null };
let database: TestDatabase;
let dataSource: DataSource;
let folder: string;
let root: string;
let s3: S3;
let remote: S3Store;
let rows: RetentionRows;
let health: RecordingsHealth;
let mover: FootageMover;
let said: { text: string; fields: LogFields | undefined }[];
const log: Logger = { ...silentLogger, warn: (text, fields) => said.push({ text, fields }), error: (text, fields) => said.push({ text, fields }) };

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  rows = new RetentionRows(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-tier-'));
  root = join(folder, 'recordings');
  mkdirSync(root);
  mkdirSync(join(folder, 'bucket'));
  s3 = await startS3(join(folder, 'bucket'));
  remote = new S3Store({ endpoint: s3.endpoint, bucket: s3.bucket, prefix: '', ...S3_ACCESS }, { silenceMs: 500 });
  health = new RecordingsHealth(clock);
  mover = new FootageMover({ rows, folder: new RecordingsFolder(root), remote, health, age, log, retryMs: { firstMs: 20, maxMs: 50 } });
  said = [];
});
afterEach(async () => {
  await mover.stop();
  await s3.kill();
  rmSync(folder, { recursive: true, force: true });
  await dataSource.query(`TRUNCATE recording_segments, recording_holds, cameras CASCADE; UPDATE recording_limits SET limits = '{}'`);
});

async function addCamera(recording: Partial<RecordingSettings> = {}): Promise<CameraId> {
  const id = newId<CameraId>();
  const now = new Date(NOW);
  const full = { ...RecordingSettings.parse({ mode: 'continuous', moveAfterDays: 1 }), ...recording };
  await dataSource.getRepository(CameraEntity).insert({ id, name: 'Gate', url: 'rtsp://10.0.0.9/1', sealedUrl: null, enabled: true, tags: [], timeZone: 'UTC', pipelineId: null, labels: null, analysisFps: null, priority: 'normal', weight: 1, recording: full, analysisUrl: null, sealedAnalysisUrl: null, zones: [], createdAt: now, updatedAt: now });
  return id;
}

async function record(cameraId: CameraId, ...startsMs: number[]): Promise<RecordingSegment[]> {
  const runner = dataSource.createQueryRunner();
  const segments = startsMs.map((startMs) => makeSegment(root, { cameraId, startMs }));
  for (const segment of segments) await saveSegment(runner, segment, isoTime(NOW));
  await runner.release();
  return segments;
}
const many = (count: number, startMs = NOW - 3 * DAY) => Array.from({ length: count }, (_, index) => startMs + index * 4000);
const isLocal = ({ path }: RecordingSegment) => existsSync(join(root, path));
async function tiers(): Promise<Record<string, number>> {
  const counts = (await dataSource.query('SELECT tier, count(*)::int AS files FROM recording_segments GROUP BY tier')) as { tier: string; files: number }[];
  return Object.fromEntries(counts.map(({ tier, files }) => [tier, files]));
}
async function objects(): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of remote.list()) found.push(path);
  return found;
}
const compare = (isAsked = false) => reconcileFootage({ rows, folder: new RecordingsFolder(root), remote, nowMs: NOW, log, isAsked, adopter: new FootageAdopter(new RecordingsFolder(root), dataSource), signal: new AbortController().signal });

describe('old footage', () => {
  it('goes to the second tier when it is old enough, and is the same there', async () => {
    const [old, young] = (await record(await addCamera(), NOW - 2 * DAY, NOW - DAY / 2)) as [RecordingSegment, RecordingSegment];
    const [stays] = (await record(await addCamera({ moveAfterDays: null }), NOW - 2 * DAY)) as [RecordingSegment];
    const bytes = readFileSync(join(root, old.path));
    await mover.moveDue();
    expect([old, young, stays].map(isLocal)).toEqual([false, true, true]);
    expect([await objects(), await tiers()]).toEqual([[old.path], { local: 2, remote: 1 }]);
    const open = await new TieredFootage(new RecordingsFolder(root), remote).open(old.path);
    expect((await open.read(0, open.size)).equals(bytes)).toBe(true);
  });

  it('of many cameras goes in any number', async () => {
    const [one, other] = [await record(await addCamera(), ...many(130)), await record(await addCamera(), ...many(60))];
    await mover.moveDue();
    expect([[...one, ...other].some(isLocal), await tiers(), (await objects()).length]).toEqual([false, { remote: 190 }, 190]);
  });

  it('goes no faster than it may: the second file waits until the first has had its time', async () => {
    const cameraId = await addCamera();
    const runner = dataSource.createQueryRunner();
    for (const startMs of many(3)) await saveSegment(runner, makeSegment(root, { cameraId, startMs, size: '1280x720' }), isoTime(NOW));
    await runner.release();
    await dataSource.query('UPDATE recording_limits SET limits = $1', [JSON.stringify({ moveBytesPerSecond: 10_000 })]);
    const moving = expect(mover.moveDue()).rejects.toThrow();
    await waitFor(async () => (await tiers())['remote'] === 1, 20_000);
    await mover.stop();
    await moving;
    expect(await tiers()).toEqual({ local: 2, remote: 1 });
  });

  it('whose file is not what its row says stays, is told, and nothing waits for it', async () => {
    const [short, lost, good] = (await record(await addCamera(), ...many(3))) as [RecordingSegment, RecordingSegment, RecordingSegment];
    truncateSync(join(root, short.path), 100);
    rmSync(join(root, lost.path));
    await mover.moveDue();
    expect([isLocal(short), isLocal(good), await objects(), said.length]).toEqual([true, false, [good.path], 2]);
  });

  it('is told to have nowhere to go where no second tier is set up', async () => {
    await record(await addCamera(), ...many(1));
    await new FootageMover({ rows, folder: new RecordingsFolder(root), remote: null, health, age, log }).moveDue();
    expect(health.status.warnings).toMatchObject([{ code: 'recordings-remote-missing' }]);
  });
});

describe('a second tier that is away and comes back', () => {
  it('loses nothing: files stay, it is told, and goes on by itself', async () => {
    const segments = await record(await addCamera(), ...many(60));
    await s3.kill();
    mover.start();
    await waitFor(() => health.status.warnings.some(({ code }) => code === 'recordings-remote-away'), 20_000);
    expect([segments.every(isLocal), await tiers()]).toEqual([true, { local: 60 }]);
    await s3.restart();
    await waitFor(async () => (await tiers())['remote'] === 60, 30_000);
    await waitFor(() => health.status.warnings.length === 0, 20_000);
    expect([segments.some(isLocal), (await objects()).length]).toEqual([false, 60]);
  });

  it('in the midst of it loses nothing either, whenever it happens', async () => {
    const segments = await record(await addCamera(), ...many(150));
    mover.start();
    for (let turn = 1; turn <= 4; turn++) {
      await waitFor(async () => ((await tiers())['remote'] ?? 0) >= turn * 20, 30_000);
      await s3.kill();
      const there = new Set<string>(readdirSync(join(folder, 'bucket'), { recursive: true, encoding: 'utf8' }).map((name) => name.split('/').at(-1) ?? ''));
      for (const segment of segments) if (!isLocal(segment)) expect([...there].some((name) => name.startsWith(segment.path.split('/').at(-1) as string))).toBe(true);
      await s3.restart();
    }
    await waitFor(async () => (await tiers())['remote'] === 150, 30_000);
    await mover.stop();
    expect((await objects()).toSorted()).toEqual(segments.map(({ path }) => path).toSorted());
    said = [];
    await compare();
    expect(said).toEqual([]);
  });

  it('that refuses is told with its reason', async () => {
    await record(await addCamera(), ...many(1));
    s3.fault(403);
    await expect(mover.moveDue()).rejects.toMatchObject({ code: 'remote.refused' });
    expect(await tiers()).toEqual({ local: 1 });
  });
});

describe('what is in the second tier', () => {
  const remover = () => new FootageRemover({ rows, folder: new RecordingsFolder(root), remote, log });

  it('is removed there when it is old, and stays there while it is held', async () => {
    const cameraId = await addCamera();
    const [held, old] = (await record(cameraId, NOW - 20 * DAY, NOW - 19 * DAY)) as [RecordingSegment, RecordingSegment];
    await mover.moveDue();
    await dataSource.query(`INSERT INTO recording_holds (id, camera_id, from_at, to_at, reason, created_by, created_at) VALUES ($1, $2, $3, $4, 'accident', 'me', now())`, [newId(), cameraId, held.startAt, held.endAt]);
    const removed = await remover().removeOlder(cameraId, new Date(NOW - 14 * DAY), new AbortController().signal);
    expect([removed.map(({ path }) => path), await objects()]).toEqual([[old.path], [held.path]]);
  });

  it('keeps its row while the second tier is away, and nothing on the disk waits for it', async () => {
    const cameraId = await addCamera();
    await record(cameraId, NOW - 20 * DAY);
    await mover.moveDue();
    const [local] = (await record(cameraId, NOW - 19 * DAY)) as [RecordingSegment];
    await s3.kill();
    await expect(remover().removeOlder(cameraId, new Date(NOW - 14 * DAY), new AbortController().signal)).rejects.toMatchObject({ code: 'remote.away' });
    expect([isLocal(local), await tiers()]).toEqual([false, { remote: 1 }]);
    await s3.restart();
    await remover().removeOlder(cameraId, new Date(NOW - 14 * DAY), new AbortController().signal);
    expect([await objects(), await tiers()]).toEqual([[], {}]);
  });

  it('is compared with the rows: what is missing, unmarked, left behind or strange', async () => {
    const cameraId = await addCamera();
    const [gone, back, unmarked, fine] = (await record(cameraId, ...many(4))) as [RecordingSegment, RecordingSegment, RecordingSegment, RecordingSegment];
    const copies = [back, unmarked].map(({ path }) => readFileSync(join(root, path)));
    await mover.moveDue();
    await remote.remove([gone.path]);
    makeSegment(root, { cameraId, startMs: NOW });
    writeFileSync(join(root, back.path), copies[0] as Buffer);
    utimesSync(join(root, back.path), new Date(NOW - 2 * DAY), new Date(NOW - 2 * DAY));
    await dataSource.query(`UPDATE recording_segments SET tier = 'local' WHERE id = $1`, [unmarked.id]);
    await remote.put('strange.mp4', join(root, back.path));
    await compare();
    expect([isLocal(back), await tiers()]).toEqual([false, { remote: 3 }]);
    expect(said.map(({ fields }) => fields)).toEqual([{ rows: 1 }, { rows: 1 }, { files: 1 }]);
    expect((await objects()).toSorted()).toEqual(['strange.mp4', ...[back, unmarked, fine].map(({ path }) => path)].toSorted());
  });

  it('gets its row again where somebody asks for it, its camera is known, and it is whole', async () => {
    const cameraId = await addCamera();
    const [lost, short, kept] = (await record(cameraId, ...many(3))) as [RecordingSegment, RecordingSegment, RecordingSegment];
    const [strange] = (await record(newId<CameraId>(), NOW - 3 * DAY)) as [RecordingSegment];
    await mover.moveDue();
    const cut = join(folder, 'cut.mp4');
    const open = await remote.open(short.path);
    writeFileSync(cut, (await open?.read(0, short.bytes - 7)) as Buffer);
    await remote.put(short.path, cut);
    await remote.put(strange.path, join(root, strange.path));
    await dataSource.query('DELETE FROM recording_segments WHERE id = ANY($1::uuid[])', [[lost, short, strange].map(({ id }) => id)]);
    rmSync(join(root, strange.path));
    await compare();
    expect(await tiers()).toEqual({ remote: 1 });
    expect(await compare(true)).toMatchObject({ adoptedFar: 1, found: { 'object-without-row': 3 } });
    const back = (await dataSource.query('SELECT id, tier, start_at, end_at, bytes::int, fragments FROM recording_segments ORDER BY start_at')) as Record<string, unknown>[];
    expect(back).toMatchObject([lost, kept].map(({ id, startAt, endAt, bytes, fragments }) => ({ id, tier: 'remote', start_at: new Date(startAt), end_at: new Date(endAt), bytes, fragments })));
    expect((await objects()).length).toBe(4);
  });

  it('is asked once while it does not answer: what is on the disk of many cameras goes meanwhile, and nobody else waits', async () => {
    const cameraIds = await Promise.all(Array.from({ length: 4 }, () => addCamera()));
    for (const cameraId of cameraIds) await record(cameraId, NOW - 20 * DAY);
    await mover.moveDue();
    const local = (await Promise.all(cameraIds.map((cameraId) => record(cameraId, NOW - 19 * DAY)))).flat();
    s3.fault('silent');
    const before = s3.methods.length;
    const room = { keepLimits: async () => undefined } as unknown as RoomMaker;
    const retention = new FootageRetention({ rows, remover: remover(), room, places: { folder: new RecordingsFolder(root), remote, adopter: new FootageAdopter(new RecordingsFolder(root), dataSource) }, age, clock, log });
    const removing = retention.removeOld();
    await waitFor(() => s3.methods.length > before, 20_000);
    // As a hold does; the store says nothing for half a second.
    await rows.moved(newId());
    expect(s3.methods.length - before).toBe(1);
    await removing;
    expect([local.some(isLocal), await tiers(), s3.methods.length - before]).toEqual([false, { remote: 4 }, 1]);
    s3.fault(null);
    await retention.removeOld();
    expect([await tiers(), await objects()]).toEqual([{}, []]);
  });

  it('loses no row because the second tier does not answer, or is another bucket', async () => {
    await record(await addCamera(), ...many(3));
    await mover.moveDue();
    await s3.kill();
    await compare();
    await s3.restart();
    for (const name of readdirSync(join(folder, 'bucket', s3.bucket))) rmSync(join(folder, 'bucket', s3.bucket, name), { recursive: true });
    await compare();
    expect(await tiers()).toEqual({ remote: 3 });
    expect(said.map(({ text }) => text)).toEqual(Array.from({ length: 2 }, () => 'the second tier could not be compared with the database'));
  });
});
