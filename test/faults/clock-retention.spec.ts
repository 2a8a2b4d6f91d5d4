import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Camera, CameraId, RecordingSegment, SystemStatus, Timeline } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { isoTime } from '@argus/kernel';
import { DEMO_CLIP, isBuilt, type Product, type RtspCameras, startProduct, startRtspCameras, type TestDatabase, waitFor, withTestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveSegment } from '../../apps/gateway/src/recordings/segment-row.js';
import { makeSegment } from '../../apps/gateway/test/footage-files.js';
import { canFakeClock, FakedClock } from './faked-clock.js';

/**
 * Real: the whole product but for Postgres, which keeps the machine's clock, and a camera that is recorded; its footage is kept for a quarter of an hour. The wall clock of
 * everything else is set a year ahead by libfaketime, and right again.
 */
const YEAR = 365 * 86_400;
const DAY = 86_400;
const MINUTE_MS = 60_000;
/** A round of removal is a minute; the one that is waited for may just have begun. */
const ROUNDS_MS = 150_000;

describe.skipIf(!isBuilt() || !canFakeClock)('a clock that goes a year ahead', () => {
  const clock = new FakedClock();
  let database: TestDatabase;
  let rows: DataSource;
  let server: RtspCameras;
  let product: Product;
  let cameraId: CameraId;

  beforeAll(async () => {
    database = await withTestDatabase();
    rows = await openDatabase(database.url);
    server = await startRtspCameras({ clip: DEMO_CLIP, cameras: [{ path: 'a' }] });
    product = await startProduct({ env: { ...(clock.environment as Record<string, string>), DATABASE_URL: database.url } });
    cameraId = (await product.api<Camera>('POST', '/cameras', { name: 'a', url: server.url('a'), labels: ['person'], recording: { mode: 'continuous', keepDays: 0.01 } })).id;
  });

  afterAll(async () => {
    await product?.stop();
    await server?.kill();
    await rows?.destroy();
    await database?.close();
    clock.remove();
  });

  it('removes no footage, is told, and shows what was recorded before and after; what is really old goes all the same', async () => {
    const kept = await record(5 * MINUTE_MS, 60 * MINUTE_MS);
    const [young, held] = kept as [RecordingSegment, RecordingSegment];
    await rows.query(`INSERT INTO recording_holds (id, camera_id, from_at, to_at, reason, created_by, created_at) VALUES (gen_random_uuid(), $1, $2, $3, 'test', 'test', now())`, [cameraId, held.startAt, held.endAt]);
    await waitFor(async () => (await starts()).length >= 4, MINUTE_MS, () => `nothing was recorded; ${product.output()}`);
    const before = await starts();

    clock.set(YEAR);
    const warning = await waitFor(async () => (await warnings()).find(({ code }) => code === 'recordings-clock-ahead'), ROUNDS_MS, () => 'a clock that went a year ahead was not told');
    expect(warning.text).toMatch(/went ahead by 365 days/);
    console.info(warning.text);
    const aheadMs = Date.now() + YEAR * 1000;
    await waitFor(async () => (await starts()).some((startMs) => Math.abs(startMs - aheadMs) < 3 * MINUTE_MS), ROUNDS_MS, () => 'nothing was recorded by the new clock');
    // Two more rounds of removal, and what is older than a quarter of an hour by the time that passed.
    const [old] = (await record(16 * MINUTE_MS)) as [RecordingSegment];
    await waitFor(async () => !existsSync(fileOf(old)), ROUNDS_MS, () => 'what is really old was not removed any more');
    const after = await starts();
    expect(before.filter((startMs) => !after.includes(startMs))).toEqual([]);
    expect([young, held].map((segment) => existsSync(fileOf(segment)))).toEqual([true, true]);
    expect(await spans(Date.parse(young.startAt) - 1000, Date.now() + MINUTE_MS)).toBeGreaterThan(1);
    expect(await spans(aheadMs - 5 * MINUTE_MS, aheadMs + 10 * MINUTE_MS)).toBeGreaterThan(0);

    clock.set(0);
    await waitFor(async () => (await warnings()).every(({ code }) => code !== 'recordings-clock-ahead'), ROUNDS_MS, () => 'the clock is right again, and that is not seen');
    clock.set(-DAY);
    await waitFor(async () => (await starts()).some((startMs) => Math.abs(startMs - Date.now() + DAY * 1000) < 3 * MINUTE_MS), ROUNDS_MS, () => 'nothing was recorded after the clock was set back');
    expect(await spans(Date.now() - DAY * 1000 - 5 * MINUTE_MS, Date.now() - DAY * 1000 + 5 * MINUTE_MS)).toBeGreaterThan(0);
    clock.set(0);
    expect((await processes()).filter(({ restarts }) => restarts > 0)).toEqual([]);
  });

  const fileOf = ({ path }: RecordingSegment): string => join(product.dataDir, 'recordings', path);
  const warnings = async () => (await product.api<SystemStatus>('GET', '/system')).recordings?.warnings ?? [];
  const processes = async () => product.processes();
  /** Of all files that have a row. */
  const starts = async (): Promise<number[]> => ((await rows.query('SELECT start_at FROM recording_segments')) as { start_at: Date }[]).map(({ start_at }) => start_at.getTime());

  async function spans(fromMs: number, toMs: number): Promise<number> {
    const query = new URLSearchParams({ camera: cameraId, from: isoTime(fromMs), to: isoTime(toMs), buckets: '100' });
    return (await product.api<Timeline>('GET', `/timeline?${query}`)).cameras[0]?.spans.length ?? 0;
  }

  async function record(...agoMs: number[]): Promise<RecordingSegment[]> {
    const runner = rows.createQueryRunner();
    const segments = agoMs.map((ago) => makeSegment(join(product.dataDir, 'recordings'), { cameraId, startMs: Date.now() - ago }));
    for (const segment of segments) await saveSegment(runner, segment, isoTime(Date.now()));
    await runner.release();
    return segments;
  }
});
