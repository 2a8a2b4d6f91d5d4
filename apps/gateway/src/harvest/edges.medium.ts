import { join } from 'node:path';
import type { Camera, CameraId, HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, makeSegment, type SegmentWish } from '../../test/footage-files.js';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, a built worker, footage that ffmpeg made; ffprobe says which pictures there are and when. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

/** 19:00 in Shanghai, and 21:00. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');
const NINE = SEVEN + 2 * 3_600_000;
/** Four seconds each, in the order in which they were recorded. */
const FOOTAGE: readonly Pick<SegmentWish, 'startMs' | 'uneven' | 'connection'>[] = [
  { startMs: SEVEN - 2010 },
  // A gap.
  { startMs: SEVEN + 10_000 },
  // The camera was connected anew before the old connection was given up.
  { startMs: SEVEN + 12_500, connection: 2 },
  // Its clock was set back.
  { startMs: SEVEN + 9005, connection: 3 },
  { startMs: SEVEN + 30_000, uneven: true },
  { startMs: NINE - 1490, uneven: true },
  { startMs: NINE + 5000 },
];

describe.skipIf(problem)('footage with gaps, overlaps, a clock that jumps and uneven rates (T-HARVEST-3)', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(() => gateway?.stop());

  it('gives every picture of the window once, and none outside of it', { timeout: 90_000 }, async () => {
    const engine = await connectEngine(gateway);
    const { id } = (await gateway.owner.call('createCamera', { body: { name: '街道', url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } } })).body as Camera;
    const expected: string[] = [];
    for (const [at, wish] of FOOTAGE.entries()) {
      const segment = makeSegment(gateway.settings.recordingsDir, { cameraId: id as CameraId, from: at * 4, ...wish });
      await engine.record(segment);
      for (const seconds of decode(join(gateway.settings.recordingsDir, segment.path)).times) {
        const wallMs = wish.startMs + seconds * 1000;
        if (wallMs >= SEVEN && wallMs < NINE) expected.push(`${segment.id} ${Math.round(seconds * 1e6)}`);
      }
    }
    engine.close();
    // Some of each but the last, and of the edges a part.
    expect(new Set(expected.map((one) => one.split(' ')[0])).size).toBe(FOOTAGE.length - 1);

    const worker = await startWorker(gateway);
    const recipe = {
      name: 'all', cameras: { include: [{ kind: 'keyword', pattern: '街道' }] }, calendar: { dates: { kind: 'range', from: '2026-11-02', to: '2026-11-02' }, windows: [{ from: '19:00', to: '21:00' }] },
      sampling: { kind: 'frames', every: 1 }, dropNearDuplicates: false,
    };
    const saved = (await gateway.owner.call('createHarvestRecipe', { body: recipe })).body as SavedHarvestRecipe;
    const run = (await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body as HarvestRun;
    const done = await waitFor(async () => {
      const now = (await gateway.owner.call('getHarvestRun', { params: { id: run.id } })).body as HarvestRun;
      return now.state === 'done' && now;
    }, 60_000);
    await endWorker(worker, 'SIGTERM');
    const taken = (await gateway.dataSource.query(`SELECT video, pts_us AS pts, wall_at AS wall FROM dataset_samples WHERE dataset_id = $1`, [done.datasetId])) as { video: string; pts: string; wall: Date }[];
    expect(taken.map(({ video, pts }) => `${video} ${pts}`).sort()).toEqual(expected.sort());
    for (const { wall } of taken) expect([wall.getTime() >= SEVEN, wall.getTime() <= NINE]).toEqual([true, true]);
    expect(done).toMatchObject({ segments: { failed: 0 }, samples: { added: expected.length, known: 0 } });
  });
});
