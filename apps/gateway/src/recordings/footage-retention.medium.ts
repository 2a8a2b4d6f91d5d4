import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CameraId, RecordingSegment, RecordingSettings } from '@argus/contracts';
import { CameraEntity, openDatabase } from '@argus/database';
import { isoTime, newId, silentLogger, type LogFields, type Logger } from '@argus/kernel';
import { RecordingsFolder } from '@argus/storage';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { FootageAdopter } from './footage-adopter.js';
import { FootageRemover } from './footage-remover.js';
import { FootageRetention } from './footage-retention.js';
import { reconcileFootage } from './reconcile-footage.js';
import type { SetBack } from './recorded-order.js';
import { RecordingsHealth } from './recordings-health.js';
import { RetentionRows } from './retention-rows.js';
import { RoomMaker } from './room-maker.js';
import { saveSegment } from './segment-row.js';

/** Real: PostgreSQL and files. The clock stands still. */
const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const DAY = 86_400_000;
let database: TestDatabase;
let dataSource: DataSource;
let folder: string;
let root: string;
let said: { text: string; fields: LogFields | undefined }[];
let rows: RetentionRows;
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
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-footage-'));
  root = join(folder, 'recordings');
  mkdirSync(root);
  said = [];
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await dataSource.query('TRUNCATE recording_segments, recording_holds, cameras CASCADE');
});

const clock = { nowMs: () => NOW, monotonicMs: () => 0 };
let setBack: SetBack | null = null;
const age = { nowMs: () => NOW, setBack: async () => setBack };
let health: RecordingsHealth;
function retention(): FootageRetention {
  health = new RecordingsHealth(clock);
  const places = { folder: new RecordingsFolder(root), remote: null, adopter: new FootageAdopter(new RecordingsFolder(root), dataSource) };
  const remover = new FootageRemover({ rows, ...places, log });
  const room = new RoomMaker({ rows, remover, age, health, diskUse: async () => ({ bytes: 100, usedBytes: 10 }), log });
  return new FootageRetention({ rows, remover, room, places, age, clock, log });
}
const reconcile = (nowMs = NOW) => reconcileFootage({ rows, folder: new RecordingsFolder(root), remote: null, log, nowMs, isAsked: false, adopter: new FootageAdopter(new RecordingsFolder(root), dataSource), signal: new AbortController().signal });
const isThere = ({ path }: RecordingSegment) => existsSync(join(root, path));
const pathsInRows = async () => ((await dataSource.query('SELECT path FROM recording_segments ORDER BY start_at')) as { path: string }[]).map(({ path }) => path);

async function addCamera(recording: Partial<RecordingSettings>, tags: string[] = []): Promise<CameraId> {
  const id = newId<CameraId>();
  const now = new Date(NOW);
  const full = { mode: 'continuous' as const, preSeconds: 5, postSeconds: 10, schedule: null, keepDays: 14, keepBytes: null, moveAfterDays: null, ...recording };
  await dataSource.getRepository(CameraEntity).insert({ id, name: 'Gate', url: 'rtsp://10.0.0.9/1', sealedUrl: null, enabled: true, tags, timeZone: 'UTC', pipelineId: null, labels: null, analysisFps: null, priority: 'normal', weight: 1, recording: full, analysisUrl: null, sealedAnalysisUrl: null, zones: [], createdAt: now, updatedAt: now });
  return id;
}

async function record(cameraId: CameraId, ...startsMs: number[]): Promise<RecordingSegment[]> {
  const runner = dataSource.createQueryRunner();
  const segments = startsMs.map((startMs) => makeSegment(root, { cameraId, startMs }));
  for (const segment of segments) await saveSegment(runner, segment, isoTime(NOW));
  await runner.release();
  return segments;
}

describe('old footage', () => {
  it('is removed by its end, file and row, for each camera by its own days', async () => {
    const [short, long] = [await addCamera({ keepDays: 1 }), await addCamera({ keepDays: 3 })];
    const [old, edge, young] = (await record(short, NOW - DAY - 5000, NOW - DAY - 3999, NOW - 60_000)) as [RecordingSegment, RecordingSegment, RecordingSegment];
    const [kept] = (await record(long, NOW - DAY - 5000)) as [RecordingSegment];
    await retention().removeOld();
    expect([old, edge, young, kept].map(isThere)).toEqual([false, true, true, true]);
    expect((await pathsInRows()).sort()).toEqual([edge, young, kept].map(({ path }) => path).sort());
    expect(said).toEqual([]);
  });

  it('of a camera that is gone is kept as long as a new camera would keep it', async () => {
    const segments = await record(newId<CameraId>(), NOW - 15 * DAY, NOW - 13 * DAY);
    await retention().removeOld();
    expect(segments.map(isThere)).toEqual([false, true]);
  });

  it('that is dated in the future since the clock was set back goes before what was recorded since', async () => {
    const { bytes } = makeSegment(root, { cameraId: newId<CameraId>(), startMs: NOW });
    const fit = Math.floor(1_000_000 / bytes);
    const cameraId = await addCamera({ keepBytes: 1_000_000, keepDays: 3650 });
    const [before, ahead, since] = [NOW - 30 * DAY, NOW + 364 * DAY, NOW - DAY].map((startMs) => Array.from({ length: fit - 2 }, (_, index) => startMs + index * 4000)) as [number[], number[], number[]];
    const [old, future, young] = [await record(cameraId, ...before), await record(cameraId, ...ahead), await record(cameraId, ...since)];
    setBack = { atMs: NOW - 2 * DAY, nowMs: NOW };
    await retention().removeOld();
    setBack = null;
    expect([old, future, young].map((some) => some.filter(isThere))).toEqual([[], future.slice(-2), young]);
  });

  it('goes until a camera has no more bytes than it may, the oldest first, in any number', async () => {
    const starts = Array.from({ length: 450 }, (_, index) => NOW - 9_000_000 + index * 4000);
    const { bytes } = makeSegment(root, { cameraId: newId<CameraId>(), startMs: NOW });
    // As many as fit into the smallest limit that a camera may have.
    const keepBytes = 1_000_000;
    const fit = Math.floor(keepBytes / bytes);
    const cameraId = await addCamera({ keepBytes });
    const other = await addCamera({});
    const segments = await record(cameraId, ...starts);
    const [untouched] = (await record(other, starts[0] as number)) as [RecordingSegment];
    await retention().removeOld();
    expect(segments.filter(isThere)).toEqual(segments.slice(-fit));
    expect([fit > 0, starts.length - fit > 200]).toEqual([true, true]);
    expect(await pathsInRows()).toEqual([untouched, ...segments.slice(-fit)].map(({ path }) => path));
  });

  it('of a camera whose settings cannot be read stays, and other cameras do not wait for it', async () => {
    const [[kept], [free]] = [await record(await addCamera({ keepDays: -1 }), NOW - 2 * DAY), await record(await addCamera({ keepDays: 1 }), NOW - 2 * DAY)] as [[RecordingSegment], [RecordingSegment]];
    await retention().removeOld();
    expect([isThere(kept), isThere(free)]).toEqual([true, false]);
    expect(said).toMatchObject([{ fields: { cameraId: kept.cameraId } }]);
  });

  it('without its file goes from the index without a word', async () => {
    const [segment] = (await record(await addCamera({ keepDays: 1 }), NOW - 2 * DAY)) as [RecordingSegment];
    rmSync(join(root, segment.path));
    await retention().removeOld();
    expect([await pathsInRows(), said]).toEqual([[], []]);
  });

  it('whose file the disk does not let go keeps its row, and other cameras do not wait for it', async () => {
    const [[stuck], [free]] = [await record(await addCamera({ keepDays: 1 }), NOW - 2 * DAY), await record(await addCamera({ keepDays: 1 }), NOW - 2 * DAY)] as [[RecordingSegment], [RecordingSegment]];
    rmSync(join(root, stuck.path));
    mkdirSync(join(root, stuck.path, 'inside'), { recursive: true });
    await retention().removeOld();
    expect(await pathsInRows()).toEqual([stuck.path]);
    expect(isThere(free)).toBe(false);
    expect(said).toMatchObject([{ text: 'old footage cannot be removed', fields: { cameraId: stuck.cameraId } }]);
  });
});

describe('footage that somebody holds', () => {
  const hold = (cameraId: CameraId, fromMs: number, toMs: number) =>
    dataSource.query(`INSERT INTO recording_holds (id, camera_id, from_at, to_at, reason, created_by, created_at) VALUES ($1, $2, $3, $4, 'accident', 'me', now())`, [newId(), cameraId, new Date(fromMs), new Date(toMs)]);

  it('stays beyond its days, with every file that the hold touches', async () => {
    const cameraId = await addCamera({ keepDays: 1 });
    const start = NOW - 3 * DAY;
    const segments = await record(cameraId, start, start + 4000, start + 8000, start + 12_000);
    await record(await addCamera({ keepDays: 1 }), start + 4000);
    await hold(cameraId, start + 7000, start + 9000);
    await retention().removeOld();
    expect(segments.map(isThere)).toEqual([false, true, true, false]);
    expect(await pathsInRows()).toEqual([segments[1]?.path, segments[2]?.path]);
  });

  it('does not count into a limit of bytes: what is not held keeps its room', async () => {
    const [one] = [makeSegment(root, { cameraId: newId<CameraId>(), startMs: NOW })];
    const fit = Math.floor(1_000_000 / one.bytes);
    const cameraId = await addCamera({ keepBytes: 1_000_000 });
    const starts = Array.from({ length: fit * 2 + 2 }, (_, index) => NOW - 9_000_000 + index * 4000);
    const segments = await record(cameraId, ...starts);
    await hold(cameraId, starts[0] as number, starts[fit] as number);
    await retention().removeOld();
    expect(segments.map(isThere)).toEqual(segments.map((_, index) => index < fit || index >= fit + 2));
  });

  it('stays also when the hold comes while files are being removed', async () => {
    const cameraId = await addCamera({ keepDays: 1 });
    const segments = await record(cameraId, ...Array.from({ length: 5 }, (_, index) => NOW - 3 * DAY + index * 4000));
    const listed = await rows.oldest(cameraId, 10);
    await hold(cameraId, NOW - 3 * DAY, NOW - 2 * DAY);
    const remover = new FootageRemover({ rows, folder: new RecordingsFolder(root), remote: null, log });
    expect([await remover.remove(listed), segments.every(isThere)]).toEqual([[], true]);
  });
});

describe('limits for several cameras', () => {
  afterEach(() => dataSource.query(`UPDATE recording_limits SET limits = '{}'`));
  const limit = (limits: object) => dataSource.query('UPDATE recording_limits SET limits = $1', [JSON.stringify(limits)]);
  const startsFrom = (startMs: number, count: number) => Array.from({ length: count }, (_, index) => startMs + index * 4000);

  it('remove the oldest of all of them, and say so', async () => {
    const { bytes } = makeSegment(root, { cameraId: newId<CameraId>(), startMs: NOW });
    const each = Math.ceil(1_000_000 / bytes);
    const [one, other] = [await record(await addCamera({}), ...startsFrom(NOW - 9_000_000, each)), await record(await addCamera({}), ...startsFrom(NOW - 8_999_000, each))];
    await limit({ keepBytes: bytes * (each * 2 - 3) });
    await retention().removeOld();
    expect([one, other].map((all) => all.filter(isThere).length)).toEqual([each - 2, each - 1]);
    expect([one, other].map((all) => isThere(all.at(-1) as RecordingSegment))).toEqual([true, true]);
    expect(health.status).toMatchObject({ room: 'short', warnings: [{ code: 'recordings-removed-early', values: { cameras: '2' } }] });
    expect(said).toMatchObject([{ fields: { why: 'the limit of all cameras', files: 3 } }]);
  });

  it('of a tag concern its cameras only', async () => {
    const { bytes } = makeSegment(root, { cameraId: newId<CameraId>(), startMs: NOW });
    const each = Math.ceil(1_000_000 / bytes) + 4;
    const [yard, hall] = [await record(await addCamera({}, ['yard', 'x']), ...startsFrom(NOW - 9_000_000, each)), await record(await addCamera({}, ['hall']), ...startsFrom(NOW - 9_900_000, each))];
    await limit({ tags: [{ tag: 'yard', keepBytes: bytes * (each - 2) }] });
    await retention().removeOld();
    expect([yard, hall].map((all) => all.filter(isThere).length)).toEqual([each - 2, each]);
  });
});

describe('nothing outside of the recordings folder', () => {
  it.each(['../precious.mp4', 'x/../../precious.mp4', 'PRECIOUS'])('is removed by a row that names %s', async (path) => {
    const precious = join(folder, 'precious.mp4');
    writeFileSync(precious, 'evidence');
    await record(await addCamera({ keepDays: 1 }), NOW - 2 * DAY);
    await dataSource.query('ALTER TABLE recording_segments DROP CONSTRAINT IF EXISTS recording_segments_path_check');
    await dataSource.query('UPDATE recording_segments SET path = $1', [path === 'PRECIOUS' ? precious : path]);
    await retention().removeOld();
    expect([existsSync(precious), await pathsInRows()]).toEqual([true, []]);
    expect(said).toMatchObject([{ text: expect.stringContaining('only the row is removed') }]);
  });

  it('is removed by a folder that is a link, and a link itself goes without what it names', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const [byFolder, byName] = (await record(await addCamera({ keepDays: 1 }), NOW - 3 * DAY, NOW - 2 * DAY)) as [RecordingSegment, RecordingSegment];
    const name = byFolder.path.split('/').at(-1) as string;
    for (const file of [name, 'named.mp4']) writeFileSync(join(outside, file), 'evidence');
    rmSync(dirname(join(root, byFolder.path)), { recursive: true });
    symlinkSync(outside, dirname(join(root, byFolder.path)));
    rmSync(join(root, byName.path));
    symlinkSync(join(outside, 'named.mp4'), join(root, byName.path));
    await retention().removeOld();
    expect([existsSync(join(outside, name)), existsSync(join(outside, 'named.mp4')), isThere(byName)]).toEqual([true, true, false]);
    expect(await pathsInRows()).toEqual([]);
  });
});

describe('the comparison of files and rows', () => {
  it('removes rows without a file, and takes files without a row into the index that are an hour old', async () => {
    const cameraId = await addCamera({});
    const [kept, lost] = (await record(cameraId, NOW - 60_000, NOW - 50_000)) as [RecordingSegment, RecordingSegment];
    rmSync(join(root, lost.path));
    const [settled, fresh] = [makeSegment(root, { cameraId, startMs: NOW - 2 * DAY }), makeSegment(root, { cameraId, startMs: NOW - 1000 })];
    const old = new Date(NOW - 3_700_000);
    utimesSync(join(root, settled.path), old, old);
    utimesSync(join(root, fresh.path), new Date(NOW), new Date(NOW));
    await reconcile();
    expect(await pathsInRows()).toEqual([settled.path, kept.path]);
    expect([settled, fresh].map(isThere)).toEqual([true, true]);
    expect(said.map(({ fields }) => fields)).toMatchObject([{ rows: 1 }, { files: 1 }]);
  });

  it.each([['empty', () => mkdirSync(root)], ['away', () => undefined]])('removes nothing while the disk is not there and its folder %s', async (_what, leave) => {
    const segments = await record(await addCamera({}), NOW - 60_000, NOW - 50_000);
    rmSync(root, { recursive: true });
    leave();
    await reconcile();
    expect(await pathsInRows()).toEqual(segments.map(({ path }) => path));
    expect(said).toMatchObject([{ text: expect.stringContaining('is its disk there?') }]);
  });

  it('is content where nothing was ever recorded', async () => {
    rmSync(root, { recursive: true });
    await reconcile();
    expect(said).toEqual([]);
  });

  it('takes folders away that have been empty for an hour', async () => {
    for (const name of ['old', 'new']) mkdirSync(join(root, 'camera', name), { recursive: true });
    utimesSync(join(root, 'camera/old'), new Date(NOW - 2 * DAY), new Date(NOW - 2 * DAY));
    utimesSync(join(root, 'camera/new'), new Date(NOW), new Date(NOW));
    await reconcile();
    expect([existsSync(join(root, 'camera/old')), existsSync(join(root, 'camera/new'))]).toEqual([false, true]);
  });
});

it('starts by itself with a comparison, and stops at once', async () => {
  const [lost] = (await record(await addCamera({}), NOW - 60_000, NOW - 50_000)) as [RecordingSegment];
  rmSync(join(root, lost.path));
  const running = retention();
  running.start();
  await running.stop();
  expect(said.filter(({ text }) => text.includes('not looked after'))).toEqual([]);
});
