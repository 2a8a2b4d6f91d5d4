import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Camera, CameraId, RecordingHold, RecordingSegment } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { S3_ACCESS, sampleEvent, startS3, waitFor, type S3 } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { connectEngine, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket, files, and the S3 protocol. The engine is a small client of its protocol. */
const DAY = 86_400_000;
let folder: string;
let s3: S3;
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-upkeep-'));
  mkdirSync(join(folder, 'bucket'));
  s3 = await startS3(join(folder, 'bucket'));
  gateway = await runGateway({ ARGUS_S3_ENDPOINT: s3.endpoint, ARGUS_S3_BUCKET: s3.bucket, ARGUS_S3_ACCESS_KEY: S3_ACCESS.accessKey, ARGUS_S3_SECRET_KEY: S3_ACCESS.secretKey });
  engine = await connectEngine(gateway);
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
  await s3?.kill();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => gateway.dataSource.query('TRUNCATE recording_segments, recording_holds'));

const addCamera = async (): Promise<CameraId> => ((await gateway.owner.call('createCamera', { body: { name: 'Door', url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id;
const at = (agoMs: number): string => isoTime(Date.now() - agoMs);
const place = ({ path }: RecordingSegment) => join(gateway.settings.recordingsDir, path);

async function record(cameraId: CameraId, ...agoMs: number[]): Promise<RecordingSegment[]> {
  const segments = agoMs.map((ago) => makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: Date.now() - ago }));
  await engine.record(...segments);
  return segments;
}

describe('a hold', () => {
  it('is made, listed and ended by who may, of the cameras that they see, with a row in the audit', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    const keeper = await gateway.withKey(['recording.hold'], [mine]);
    const range = { from: at(2000), to: at(1000), reason: 'accident' };
    const made = await keeper.call('createHold', { body: { cameraId: mine, ...range } });
    expect([made.status, made.body]).toMatchObject([201, { cameraId: mine, reason: 'accident', eventId: null, createdBy: expect.stringContaining('key') }]);
    expect((await keeper.call('createHold', { body: { cameraId: theirs, ...range } })).status).toBe(404);
    const other = (await gateway.owner.call('createHold', { body: { cameraId: theirs, ...range } })).body as RecordingHold;
    expect((await keeper.call('listHolds')).body.items).toEqual([made.body]);
    expect((await keeper.call('listHolds', { query: { camera: theirs } })).body.items).toEqual([]);
    expect((await gateway.owner.call('listHolds', { query: { limit: '1' } })).body).toMatchObject({ items: [other], nextCursor: expect.any(String) });
    expect((await keeper.call('deleteHold', { params: { id: other.id } })).status).toBe(404);
    expect((await keeper.call('deleteHold', { params: { id: made.body.id } })).status).toBe(204);
    expect((await gateway.owner.call('listHolds')).body.items).toEqual([other]);
    const audit = await gateway.dataSource.query(`SELECT action FROM audit WHERE subject_id = $1 ORDER BY at`, [made.body.id]);
    expect(audit).toEqual([{ action: 'recording.hold' }, { action: 'recording.release' }]);
  });

  it('is refused for time that runs backwards or is too long, and for an event of another camera', async () => {
    const [one, other] = [await addCamera(), await addCamera()];
    const event = sampleEvent({ cameraId: other });
    engine.send({ type: 'event', entry: 'held', bootId: newId(), event });
    await engine.taken('held');
    const tryIt = async (extra: object) => (await gateway.owner.call('createHold', { body: { cameraId: one, from: at(2000), to: at(1000), reason: 'x', ...extra } })).status;
    expect([await tryIt({ to: at(3000) }), await tryIt({ from: at(40 * DAY) }), await tryIt({ reason: ' ' }), await tryIt({ eventId: event.id }), await tryIt({ cameraId: newId() }), await tryIt({ cameraId: other, eventId: event.id })]).toEqual([400, 400, 400, 400, 404, 201]);
    expect((await gateway.owner.call('listHolds', { query: { event: event.id } })).body.items).toHaveLength(1);
  });

  it('is found by the cameras and the stretch of time that somebody looks at', async () => {
    const [one, other, third] = [await addCamera(), await addCamera(), await addCamera()];
    const hold = async (cameraId: CameraId, from: number, to: number) => (await gateway.owner.call('createHold', { body: { cameraId, from: at(from), to: at(to), reason: 'x' } })).body as RecordingHold;
    const [early, late, theirs] = [await hold(one, 9000, 8000), await hold(one, 5000, 3000), await hold(other, 9000, 1000)];
    await hold(third, 9000, 1000);
    const found = async (from: number, to: number, visitor: Visitor = gateway.owner) => (await visitor.call('listHolds', { query: { camera: [one, other].join(','), from: at(from), to: at(to) } })).body.items.map(({ id }: RecordingHold) => id);
    expect(await found(10_000, 0)).toEqual([theirs.id, late.id, early.id]);
    expect(await found(7500, 5500)).toEqual([theirs.id]);
    expect(await found(4000, 3500)).toEqual([theirs.id, late.id]);
    expect(await found(10_000, 0, await gateway.withKey(['recording.hold'], [one]))).toEqual([late.id, early.id]);
    expect((await gateway.owner.call('listHolds', { query: { camera: 'x' } })).status).toBe(400);
  });

  it('is for admins and operators', async () => {
    const cameraId = await addCamera();
    const body = { cameraId, from: at(2000), to: at(1000), reason: 'x' };
    const statuses = [];
    for (const role of ['admin', 'operator', 'annotator', 'viewer'] as const) statuses.push((await (await gateway.withUser(role)).visitor.call('createHold', { body, headers: { origin: gateway.url } })).status);
    expect(statuses).toEqual([201, 201, 403, 403]);
  });
});

describe('pruning', () => {
  it('removes what is older than said and not held, and says before what it would do', async () => {
    const [cameraId, other] = [await addCamera(), await addCamera()];
    const [held, old, young] = (await record(cameraId, 5 * DAY, 4 * DAY, 60_000)) as [RecordingSegment, RecordingSegment, RecordingSegment];
    const [theirs] = (await record(other, 5 * DAY)) as [RecordingSegment];
    await gateway.owner.call('createHold', { body: { cameraId, from: held.startAt, to: held.endAt, reason: 'x' } });
    const body = { cameraId, before: at(3 * DAY) };
    const would = await gateway.owner.call('pruneRecordings', { body: { ...body, dryRun: true } });
    expect([would.body, existsSync(place(old))]).toEqual([{ files: 1, bytes: old.bytes, heldFiles: 1 }, true]);
    expect((await gateway.owner.call('pruneRecordings', { body })).body).toEqual(would.body);
    expect([held, old, young, theirs].map((one) => existsSync(place(one)))).toEqual([true, false, true, true]);
    expect((await gateway.owner.call('pruneRecordings', { body: {} })).body).toEqual({ files: 0, bytes: 0, heldFiles: 0 });
  });

  it('is for who may manage recordings, and only of the cameras that they see', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    const keeper = await gateway.withKey(['recording.manage'], [mine]);
    const tryIt = async (cameraId: CameraId | null) => (await keeper.call('pruneRecordings', { body: { cameraId, dryRun: true } })).status;
    expect([await tryIt(mine), await tryIt(theirs), await tryIt(null)]).toEqual([200, 404, 403]);
    expect([(await keeper.call('verifyRecordings', { body: {} })).status, (await keeper.call('updateRecordingLimits', { body: {} })).status]).toEqual([403, 403]);
    const operator = (await gateway.withUser('operator')).visitor;
    expect((await operator.call('pruneRecordings', { body: { dryRun: true }, headers: { origin: gateway.url } })).status).toBe(403);
  });
});

it('verifying says where files and rows differ, in both tiers, and changes nothing', async () => {
  const cameraId = await addCamera();
  const none = await gateway.owner.call('verifyRecordings', {});
  expect([none.status, none.body]).toMatchObject([200, { rows: 0, rowsWithoutFile: 0, filesWithoutRow: expect.any(Number), remoteProblem: null, examples: [] }]);
  const [lost, short] = (await record(cameraId, 3 * DAY, 2 * DAY, DAY)) as [RecordingSegment, RecordingSegment, RecordingSegment];
  rmSync(place(lost));
  truncateSync(place(short), 100);
  const stranger = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: Date.now() });
  utimesSync(place(stranger), new Date(Date.now() - DAY), new Date(Date.now() - DAY));
  for (let turn = 0; turn < 2; turn++) {
    const { body } = await gateway.owner.call('verifyRecordings', {});
    expect(body).toMatchObject({ rows: 3, objects: 0, rowsWithoutFile: 1, otherSize: 1, filesWithoutRow: 1, objectsWithoutRow: 0, leftBehind: 0 });
    expect(body.examples).toContainEqual({ path: lost.path, problem: 'no-file' });
  }
  await s3.kill();
  expect((await gateway.owner.call('verifyRecordings', {})).body).toMatchObject({ rows: 3, rowsWithoutFile: 0, otherSize: 1, remoteProblem: expect.stringContaining('S3 at') });
  await s3.restart();
});

it('repairing makes files and rows agree at once, says what is left, and leaves a row in the audit', async () => {
  // What others left here has rows from now on.
  const { rows } = (await gateway.owner.call('repairRecordings', {})).body.left;
  const cameraId = await addCamera();
  const [lost] = (await record(cameraId, 3 * DAY, 2 * DAY)) as [RecordingSegment, RecordingSegment];
  rmSync(place(lost));
  const [whole, broken] = [makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: Date.now() - DAY }), makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: Date.now() - 2 * DAY })];
  truncateSync(place(broken), broken.bytes - 1);
  for (const one of [whole, broken]) utimesSync(place(one), new Date(Date.now() - DAY), new Date(Date.now() - DAY));
  expect((await gateway.owner.call('verifyRecordings', {})).body).toMatchObject({ rowsWithoutFile: 1, filesWithoutRow: 1, damagedFiles: 1 });
  const repaired = await gateway.owner.call('repairRecordings', {});
  expect([repaired.status, repaired.body]).toMatchObject([200, { adopted: 1, rowsRemoved: 1, rowsMarkedMoved: 0, copiesRemoved: 0, left: { rows: rows + 2, rowsWithoutFile: 0, filesWithoutRow: 0, damagedFiles: 1, examples: [{ path: broken.path, problem: 'damaged' }] } }]);
  // What it took in is footage like any other.
  const film = await gateway.owner.call('getFootagePlan', { params: { id: cameraId }, query: { from: whole.startAt, to: whole.endAt } });
  expect([film.status, film.body.startAt]).toEqual([200, whole.startAt]);
  expect(await gateway.dataSource.query(`SELECT count(*)::int AS rows FROM audit WHERE action = 'recording.repair'`)).toEqual([{ rows: 2 }]);
  const [scoped, operator] = [await gateway.withKey(['recording.manage'], [cameraId]), (await gateway.withUser('operator')).visitor];
  expect([(await scoped.call('repairRecordings', {})).status, (await operator.call('repairRecordings', { headers: { origin: gateway.url } })).status]).toEqual([403, 403]);
  rmSync(place(broken));
});

it('limits are kept, and room is told in health and to whoever sees the system', async () => {
  const limits = { keepBytes: 5_000_000_000, tags: [{ tag: 'yard', keepBytes: 1_000_000 }], moveBytesPerSecond: 1_000_000 };
  expect((await gateway.owner.call('updateRecordingLimits', { body: limits })).body).toEqual(limits);
  expect((await gateway.owner.call('getRecordingLimits')).body).toEqual(limits);
  expect((await gateway.owner.call('updateRecordingLimits', { body: { keepBytes: 5 } })).status).toBe(400);
  expect((await gateway.owner.call('updateRecordingLimits', { body: {} })).body).toEqual({ keepBytes: null, tags: [], moveBytesPerSecond: null });
  await waitFor(async () => (await gateway.owner.call('getSystem')).body.recordings.disk !== null, 20_000);
  expect((await gateway.nobody().call('health')).body.recordings).toMatch(/^(ok|short|full)$/);
});
