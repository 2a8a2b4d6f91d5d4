import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Camera, CameraId, RecordingsDrift, RecordingSegment, SystemStatus } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { isoTime } from '@argus/kernel';
import { S3Store } from '@argus/storage';
import { DEMO_CLIP, isBuilt, type Product, type RtspCameras, type S3, S3_ACCESS, startProduct, startRtspCameras, startS3, type TestDatabase, waitFor, withTestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveSegment } from '../../apps/gateway/src/recordings/segment-row.js';
import { makeSegment } from '../../apps/gateway/test/footage-files.js';
import { seconds } from './watched-engine.js';

/**
 * Real: the whole product with Postgres, two cameras that are recorded, and a server that speaks S3, which is killed in the middle of an upload in parts, then is away, then
 * takes connections and never answers, then says 503. Footage of three days ago is made by ffmpeg.
 */
const AWAY_SECONDS = Number(process.env['ARGUS_S3_AWAY_SECONDS'] ?? 20);
const PATHS = ['a', 'b'];
const DAY_MS = 86_400_000;
const LARGE_BYTES = 70 * 1024 * 1024;
const WAITING = 60;
/** The mover looks once a minute; away, it waits up to five minutes between two tries, and 30 s for an answer. */
const ROUND_MS = 60_000;
const LONGEST_PAUSE_MS = 300_000;
const SILENCE_MS = 30_000;
/** So long is a state of the server that the mover is sure to have met it, and told. */
const SURE_SECONDS = 100;

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

describe.skipIf(!isBuilt())(`a second tier that is away for ${AWAY_SECONDS} s`, () => {
  let folder: string;
  let s3: S3;
  let store: S3Store;
  let database: TestDatabase;
  let rows: DataSource;
  let server: RtspCameras;
  let product: Product;
  let cameraIds: CameraId[];
  /** Digest of each file that there was, by its path. */
  const digests = new Map<string, string>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'argus-away-'));
    mkdirSync(join(folder, 'bucket'));
    s3 = await startS3(join(folder, 'bucket'));
    store = new S3Store({ endpoint: s3.endpoint, bucket: s3.bucket, prefix: '', ...S3_ACCESS });
    database = await withTestDatabase();
    rows = await openDatabase(database.url);
    server = await startRtspCameras({ clip: DEMO_CLIP, cameras: PATHS.map((path) => ({ path })) });
    product = await startProduct({ env: { DATABASE_URL: database.url, ARGUS_S3_ENDPOINT: s3.endpoint, ARGUS_S3_BUCKET: s3.bucket, ARGUS_S3_ACCESS_KEY: S3_ACCESS.accessKey, ARGUS_S3_SECRET_KEY: S3_ACCESS.secretKey } });
    const recording = { mode: 'continuous', moveAfterDays: 1 };
    cameraIds = await Promise.all(PATHS.map(async (path) => (await product.api<Camera>('POST', '/cameras', { name: path, url: server.url(path), labels: ['person'], recording })).id));
  });

  afterAll(async () => {
    await product?.stop();
    await server?.kill();
    await rows?.destroy();
    await database?.close();
    await s3?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('costs no footage: all of it is in one place or in both, is told, and goes on by itself', async () => {
    const [one, other] = cameraIds as [CameraId, CameraId];
    const moved = await record(one, ...many(10, 4));
    await waitFor(async () => (await placesOf(moved)).every((tier) => tier === 'remote'), 2 * ROUND_MS, () => 'nothing was moved');
    // The oldest: it goes first, and is under way when the server dies.
    const large = await record(one, Date.now() - 3.5 * DAY_MS, LARGE_BYTES);
    const waiting = [...large, ...(await record(one, ...many(WAITING / 2, 3))), ...(await record(other, ...many(WAITING / 2, 3)))];
    await waitFor(async () => (await s3.uploads.bytes()) > 1e6, 2 * ROUND_MS, () => 'no upload in parts began');
    await s3.kill();
    expect((await s3.uploads.open()).map(({ key }) => key)).toEqual(large.map(({ path }) => path));

    await hold('was killed in mid-upload', /S3 at/, waiting, moved);
    await hold('is away', /ECONNREFUSED/, waiting, moved);
    await s3.restart();
    s3.fault('silent');
    await hold('does not answer', /no answer for 30 s/, waiting, moved);
    s3.fault(503);
    await hold('answers 503', /answers with status 503/, waiting, moved);
    s3.fault(null);

    const backMs = performance.now();
    const bound = LONGEST_PAUSE_MS + SILENCE_MS + 2 * ROUND_MS;
    await waitFor(async () => (await placesOf(waiting)).every((tier) => tier === 'remote'), bound, () => 'not everything was moved');
    await waitFor(async () => (await warnings()).length === 0, bound, () => 'it is still told to be away');
    console.info(`${waiting.length} files were moved within ${Math.round((performance.now() - backMs) / 1000)} s`);
    await requireEverythingThere([...moved, ...waiting]);
    for (const segment of [moved[0], waiting[0], waiting[1]] as RecordingSegment[]) expect((await play(segment)).status).toBe(200);
  }, (AWAY_SECONDS + 1800) * 1000);

  /** For a quarter of the time, second by second: nothing is lost, nothing is said to be where it is not, and recording goes on. */
  async function hold(what: string, reason: RegExp, waiting: readonly RecordingSegment[], moved: readonly RecordingSegment[]): Promise<void> {
    const span = AWAY_SECONDS / 4;
    const endMs = performance.now() + span * 1000;
    const before = await recorded();
    do {
      await seconds(1);
      await requireTruth([...waiting, ...moved]);
    } while (performance.now() < endMs);
    // What was here before is shown; what was moved is not, and that is said.
    const near = waiting.find(({ path }) => existsSync(local(path))) as RecordingSegment;
    const shown = await play(near);
    expect([shown.status, shown.bytes]).toEqual([200, near.bytes > LARGE_BYTES ? expect.any(Number) : near.bytes]);
    const hidden = await play(moved[0] as RecordingSegment);
    expect([hidden.status, JSON.parse(hidden.text)]).toMatchObject([503, { code: 'remote.away', detail: expect.stringContaining('was moved to the second tier, which does not give it now: S3 at') }]);
    await waitFor(async () => (await recorded()) > before, 60_000, () => `nothing was recorded while the server ${what}`);
    const [warning] = await waitFor(async () => {
      const told = (await warnings()).filter(({ code }) => code === 'recordings-remote-away');
      return told.length > 0 && told;
    }, 60_000, () => 'that it is away was not told');
    expect(warning?.text).toContain('stays on the disk');
    if (span >= SURE_SECONDS) await waitFor(async () => reason.test((await warnings())[0]?.text ?? ''), LONGEST_PAUSE_MS + SILENCE_MS, () => `expected ${String(reason)}, got ${warning?.text}`);
    console.info(`while it ${what}: ${hidden.text.slice(0, 200)}; ${warning?.text}`);
  }

  /** A row says `remote` only of what is there, whole; and what is not there whole is here. */
  async function requireTruth(segments: readonly RecordingSegment[]): Promise<void> {
    const tiers = await placesOf(segments);
    segments.forEach(({ path }, index) => {
      const isThere = digestThere(path) === digests.get(path);
      if (tiers[index] === 'remote') expect([path, isThere]).toEqual([path, true]);
      else expect([path, existsSync(local(path))]).toEqual([path, true]);
    });
  }

  async function requireEverythingThere(segments: readonly RecordingSegment[]): Promise<void> {
    expect(segments.filter(({ path }) => existsSync(local(path)))).toEqual([]);
    const listed: string[] = [];
    for await (const { path } of store.list()) listed.push(path);
    expect(listed.toSorted()).toEqual(segments.map(({ path }) => path).toSorted());
    for (const { path } of segments) expect([path, digestThere(path)]).toEqual([path, digests.get(path)]);
    expect(await s3.uploads.open()).toEqual([]);
    const drift = await product.api<RecordingsDrift>('POST', '/recording-verifications', {});
    expect(drift).toMatchObject({ rowsWithoutFile: 0, filesWithoutRow: 0, objectsWithoutRow: 0, otherSize: 0, leftBehind: 0, remoteProblem: null, examples: [] });
  }

  const local = (path: string): string => join(product.dataDir, 'recordings', path);
  const many = (count: number, daysAgo: number): number[] => Array.from({ length: count }, (_unused, index) => Date.now() - daysAgo * DAY_MS + index * 4000);

  /** As s3rver keeps it; null: not there. */
  function digestThere(path: string): string | null {
    const file = join(folder, 'bucket', s3.bucket, `${path}._S3rver_object`);
    return existsSync(file) ? md5(readFileSync(file)) : null;
  }

  /** `padTo`: so many bytes more, which players skip. */
  async function record(cameraId: CameraId, ...rest: number[]): Promise<RecordingSegment[]> {
    const padTo = rest.at(-1) === LARGE_BYTES ? (rest.pop() as number) : 0;
    const runner = rows.createQueryRunner();
    const segments = rest.map((startMs) => padded(makeSegment(join(product.dataDir, 'recordings'), { cameraId, startMs }), padTo));
    for (const segment of segments) {
      digests.set(segment.path, md5(readFileSync(local(segment.path))));
      await saveSegment(runner, segment, isoTime(Date.now()));
    }
    await runner.release();
    return segments;
  }

  function padded(segment: RecordingSegment, bytes: number): RecordingSegment {
    if (bytes === 0) return segment;
    const box = Buffer.alloc(bytes, 1);
    box.writeUInt32BE(bytes, 0);
    box.write('free', 4, 'latin1');
    appendFileSync(local(segment.path), box);
    return { ...segment, bytes: segment.bytes + bytes };
  }

  async function placesOf(segments: readonly RecordingSegment[]): Promise<(string | undefined)[]> {
    const found = (await rows.query('SELECT id, tier FROM recording_segments WHERE id = ANY($1::uuid[])', [segments.map(({ id }) => id)])) as { id: string; tier: string }[];
    const tiers = new Map(found.map(({ id, tier }) => [id, tier]));
    return segments.map(({ id }) => tiers.get(id));
  }

  /** Files of today that were told. */
  async function recorded(): Promise<number> {
    const [found] = (await rows.query(`SELECT count(*)::int AS files FROM recording_segments WHERE start_at > now() - interval '1 day'`)) as { files: number }[];
    return found?.files ?? 0;
  }

  const warnings = async () => (await product.api<SystemStatus>('GET', '/system')).recordings?.warnings ?? [];

  async function play({ cameraId, startAt, endAt }: RecordingSegment): Promise<{ status: number; bytes: number; text: string }> {
    const query = new URLSearchParams({ from: isoTime(Date.parse(startAt) + 1), to: endAt });
    const response = await fetch(`${product.url}/api/v1/cameras/${cameraId}/footage.mp4?${query}`, { headers: { authorization: `Bearer ${product.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, bytes: bytes.length, text: response.ok ? '' : bytes.toString() };
  }
});
