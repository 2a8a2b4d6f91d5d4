import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CameraId, RecordingSegment, SegmentId, TrackId } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { isoTime, newId, silentLogger, type LogFields, type Logger } from '@argus/kernel';
import { RecordingsFolder } from '@argus/storage';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { FootageAdopter } from './footage-adopter.js';
import { reconcileFootage } from './reconcile-footage.js';
import { RetentionRows } from './retention-rows.js';
import { saveSegment } from './segment-row.js';

/** Real: PostgreSQL and files. The clock stands still. */
const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const OLD = NOW - 7_200_000;
let database: TestDatabase;
let dataSource: DataSource;
let folder: string;
let root: string;
let said: { text: string; fields: LogFields | undefined }[];
let cameraId: CameraId;
const log: Logger = { ...silentLogger, warn: (text, fields) => said.push({ text, fields }), error: (text, fields) => said.push({ text, fields }) };

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-adopt-'));
  root = join(folder, 'recordings');
  mkdirSync(root);
  said = [];
  cameraId = newId<CameraId>();
  // The database knows some footage: it is no new one.
  await save(makeSegment(root, { cameraId, startMs: OLD - 60_000 }));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await dataSource.query('TRUNCATE recording_segments');
});

async function save(segment: RecordingSegment): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await saveSegment(runner, segment, isoTime(NOW));
  await runner.release();
}

const reconcile = (isAsked = false) =>
  reconcileFootage({ rows: new RetentionRows(dataSource), folder: new RecordingsFolder(root), adopter: new FootageAdopter(new RecordingsFolder(root), dataSource), remote: null, log, nowMs: NOW, isAsked, signal: new AbortController().signal });
const settle = (path: string): void => utimesSync(join(root, path), OLD / 1000, OLD / 1000);
/** A whole file without a row, last written long ago. */
function stray(startMs = OLD, of = cameraId): RecordingSegment {
  const segment = makeSegment(root, { cameraId: of, startMs });
  settle(segment.path);
  return segment;
}
/** Bytes of real footage under any name. */
function put(path: string, bytes = readFileSync(join(root, stray(OLD - 30_000).path))): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
  settle(path);
  return path;
}
const rowOf = async (path: string) => ((await dataSource.query('SELECT * FROM recording_segments WHERE path = $1', [path])) as Record<string, unknown>[])[0];
const paths = async () => ((await dataSource.query('SELECT path FROM recording_segments')) as { path: string }[]).map(({ path }) => path).sort();

describe('footage without a row', () => {
  it('gets the row that it would have had, but for what moved and was seen, whichever camera it is of', async () => {
    const { id, path, startAt, endAt, bytes, width, height, headId, fragments } = stray();
    expect((await reconcile()).strays).toEqual({ whole: 1, open: 0, damaged: 0, foreign: 0 });
    expect(await rowOf(path)).toMatchObject({
      id, path, camera_id: cameraId, start_at: new Date(startAt), end_at: new Date(endAt), bytes: String(bytes), codec: 'h264', width, height, has_audio: false, head_id: headId,
      connection: 1, fragments, motion: Buffer.alloc(4), motion_peak: 0, pictures: null, tier: 'local',
    });
    expect(said).toMatchObject([{ text: 'footage without a row was taken into the index', fields: { files: 1 } }]);
    said = [];
    expect((await reconcile()).strays).toEqual({ whole: 0, open: 0, damaged: 0, foreign: 0 });
    expect(said).toEqual([]);
  });

  it('has its sound in the row, too', async () => {
    const { path, headId, codecString } = makeSegment(root, { cameraId, startMs: OLD, audio: true });
    settle(path);
    await reconcile();
    expect(await rowOf(path)).toMatchObject({ has_audio: true, codec_string: codecString, head_id: headId });
    expect(codecString).toMatch(/^avc1\.\w+,mp4a\.40\.2$/);
  });

  it('is told of by its recorder later on, and then has what moved and was seen in it for good', async () => {
    const told = { ...stray(), connection: 7, motion: [0, 9, 0, 0], pictures: [{ atMs: 0, objects: [{ trackId: newId<TrackId>(), number: 1, label: 'person', score: 0.9, box: { x: 0, y: 0, width: 0.5, height: 0.5 }, attributes: {} }] }] };
    await reconcile();
    await save(told);
    const full = { connection: 7, motion: Buffer.from(told.motion), motion_peak: 9, pictures: expect.any(Buffer), tier: 'local' };
    expect(await rowOf(told.path)).toMatchObject(full);
    // As an engine tells it once more that started anew, and describes it from its file.
    await save({ ...told, connection: 1, motion: [0, 0, 0, 0], pictures: [] });
    expect(await rowOf(told.path)).toMatchObject(full);
  });

  it('waits while it is written, and until it is an hour old', async () => {
    const before = await paths();
    const fresh = makeSegment(root, { cameraId, startMs: OLD });
    utimesSync(join(root, fresh.path), NOW / 1000, (NOW - 3_500_000) / 1000);
    const growing = makeSegment(root, { cameraId, startMs: OLD + 5000 });
    truncateSync(join(root, growing.path), 3000);
    utimesSync(join(root, growing.path), NOW / 1000, NOW / 1000);
    expect((await reconcile()).strays).toEqual({ whole: 0, open: 0, damaged: 0, foreign: 0 });
    expect([await paths(), said]).toEqual([before, []]);
  });

  it('stays out of a database that knows nothing at all, until somebody asks for it', async () => {
    const { path } = stray();
    await dataSource.query('TRUNCATE recording_segments');
    await reconcile();
    expect([await paths(), said]).toMatchObject([[], [{ text: expect.stringContaining('is it the right one?'), fields: { files: 1 } }]]);
    await reconcile(true);
    expect(await paths()).toContain(path);
  });
});

describe('what is no whole footage', () => {
  it('is left as it is where it is cut off, or nothing like it, and told', async () => {
    const [before, cut, nonsense, empty] = [await paths(), stray(), stray(OLD + 10_000), stray(OLD + 20_000)];
    truncateSync(join(root, cut.path), cut.bytes - 1);
    writeFileSync(join(root, nonsense.path), Buffer.alloc(50_000, 7));
    truncateSync(join(root, empty.path), 0);
    for (const { path } of [cut, nonsense, empty]) settle(path);
    const sizes = () => [cut, nonsense, empty].map(({ path }) => readFileSync(join(root, path)).length);
    const left = sizes();
    expect((await reconcile()).strays).toEqual({ whole: 0, open: 0, damaged: 3, foreign: 0 });
    expect([await paths(), sizes(), said]).toMatchObject([before, left, [{ fields: { files: 3 } }]]);
  });

  it('is left to the engine where a recorder did not finish it', async () => {
    const { path } = stray();
    renameSync(join(root, path), join(root, `${path}.part`));
    expect((await reconcile()).strays).toEqual({ whole: 0, open: 1, damaged: 0, foreign: 0 });
    expect([existsSync(join(root, `${path}.part`)), said]).toMatchObject([true, [{ text: expect.stringContaining('the engine repairs them'), fields: { files: 1 } }]]);
  });

  it.each([
    ['a name of its own', () => 'holiday.mp4'],
    ['another suffix', () => `${cameraId}/2026-11-20/${OLD}-${newId()}.mov`],
    ['a camera that is none', () => `cameras/2026-11-20/${OLD}-${newId()}.mp4`],
    ['an id that is none', () => `${cameraId}/2026-11-20/${OLD}-${'-'.repeat(36)}.mp4`],
    ['letters that are written large', () => `${cameraId.toUpperCase()}/2026-11-20/${OLD}-${newId()}.mp4`],
    ['another day', () => `${cameraId}/2026-11-19/${OLD}-${newId()}.mp4`],
    ['a time to come', () => `${cameraId}/2027-01-01/${Date.parse('2027-01-01T00:00:00Z')}-${newId()}.mp4`],
    ['a time that no clock has', () => `${cameraId}/2026-11-20/99999999999999-${newId()}.mp4`],
    ['a folder too deep', () => `${cameraId}/2026-11-20/more/${OLD}-${newId()}.mp4`],
    ['SQL', () => `${cameraId}/2026-11-20/${OLD}'); DROP TABLE recording_segments; --.mp4`],
    ['a line break', () => `${cameraId}/2026-11-20/${OLD}-${newId()}.mp4\n`],
  ])('is nobody\'s business with %s, whatever is in it', async (_what, name) => {
    const bytes = readFileSync(join(root, (await paths())[0] as string));
    const [before, path] = [await paths(), put(name(), bytes)];
    expect((await reconcile(true)).strays).toEqual({ whole: 0, open: 0, damaged: 0, foreign: 1 });
    expect([await paths(), readFileSync(join(root, path)).equals(bytes)]).toEqual([before, true]);
  });

  it('is a copy of footage that the index has elsewhere', async () => {
    const [known] = (await paths()) as [string];
    const copy = known.replace(cameraId, newId<CameraId>());
    put(copy, readFileSync(join(root, known)));
    expect([(await reconcile()).strays.foreign, await paths()]).toEqual([1, [known]]);
  });
});

describe('links', () => {
  it('are not followed, out of the folder or within it', async () => {
    const [before, outside] = [await paths(), join(folder, 'outside')];
    mkdirSync(outside);
    const name = `${OLD}-${newId<SegmentId>()}.mp4`;
    copyFileSync(join(root, before[0] as string), join(outside, name));
    utimesSync(join(outside, name), OLD / 1000, OLD / 1000);
    const other = newId<CameraId>();
    mkdirSync(join(root, other));
    symlinkSync(outside, join(root, other, isoTime(OLD).slice(0, 10)));
    symlinkSync(join(outside, name), join(root, cameraId, isoTime(OLD).slice(0, 10), name));
    expect((await reconcile(true)).strays).toEqual({ whole: 0, open: 0, damaged: 0, foreign: 0 });
    // A link that takes the place of a file after the folder was read.
    const adopter = new FootageAdopter(new RecordingsFolder(root), dataSource);
    expect([await adopter.adopt(`${cameraId}/${isoTime(OLD).slice(0, 10)}/${name}`, NOW), await adopter.adopt(`${other}/${isoTime(OLD).slice(0, 10)}/${name}`, NOW)]).toEqual(['damaged', 'damaged']);
    expect([await paths(), existsSync(join(outside, name))]).toEqual([before, true]);
  });

  it('that are a second name of a file change nothing about it', async () => {
    const precious = join(folder, 'precious.txt');
    writeFileSync(precious, 'evidence');
    const path = `${cameraId}/${isoTime(OLD).slice(0, 10)}/${OLD}-${newId<SegmentId>()}.mp4`;
    linkSync(precious, join(root, path));
    settle(path);
    expect([(await reconcile()).strays.damaged, readFileSync(precious, 'utf8')]).toEqual([1, 'evidence']);
  });
});
