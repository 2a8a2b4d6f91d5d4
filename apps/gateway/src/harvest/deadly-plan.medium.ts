import type { Camera, CameraId, HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers that are killed with -9 while they plan, footage that ffmpeg made. A claim of a dead worker is ended by row: nobody waits its twelve seconds. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

describe.skipIf(problem)('a run whose planning kills its worker', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
    const engine = await connectEngine(gateway);
    const { id } = (await gateway.owner.call('createCamera', { body: { name: '街道', url: 'rtsp://10.0.0.2/1', enabled: false, recording: { keepDays: 3650 } } })).body as Camera;
    const segment = makeSegment(gateway.settings.recordingsDir, { cameraId: id as CameraId, startMs: Date.parse('2026-11-02T11:00:00.000Z') });
    await engine.record(segment);
    engine.close();
  });
  afterAll(() => gateway?.stop());

  const now = async ({ id }: HarvestRun): Promise<HarvestRun> => (await gateway.owner.call('getHarvestRun', { params: { id } })).body as HarvestRun;
  const began = async (): Promise<number> => ((await gateway.dataSource.query('SELECT sum(attempts)::int AS attempts FROM harvest_runs')) as { attempts: number }[])[0]?.attempts ?? 0;

  it('is given up after three of them, says so, and is begun again when somebody goes on with it', { timeout: 120_000 }, async () => {
    const recipe = { name: 'deadly', cameras: { include: [] }, calendar: { dates: { kind: 'all' }, windows: [] }, sampling: { kind: 'frames', every: 25 }, dropNearDuplicates: false };
    const saved = (await gateway.owner.call('createHarvestRecipe', { body: recipe })).body as SavedHarvestRecipe;
    const run = (await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body as HarvestRun;
    // Nobody reads footage while this is open: whoever plans stays at it.
    const lock = gateway.dataSource.createQueryRunner();
    await lock.startTransaction();
    await lock.query('LOCK TABLE recording_segments IN ACCESS EXCLUSIVE MODE');
    for (const time of [1, 2, 3]) {
      const worker = await startWorker(gateway);
      await waitFor(async () => (await began()) === time, 20_000);
      await endWorker(worker, 'SIGKILL');
      expect((await now(run)).state).toBe('queued');
      await gateway.dataSource.query(`UPDATE harvest_runs SET claimed_until = now() - interval '1 second'`);
    }
    const fourth = await startWorker(gateway);
    const failed = await waitFor(async () => ((await now(run)).state === 'failed' ? now(run) : null), 20_000);
    expect(failed).toMatchObject({ segments: { total: 0 }, samples: { added: 0 }, problem: expect.stringMatching(/^workers ended 3 times while they looked for the footage .* resume the run/) });
    await lock.rollbackTransaction();
    await lock.release();

    expect((await gateway.owner.call('resumeHarvestRun', { params: { id: run.id } })).body).toMatchObject({ state: 'queued', problem: null });
    const done = await waitFor(async () => ((await now(run)).state === 'done' ? now(run) : null), 30_000);
    await endWorker(fourth, 'SIGTERM');
    expect(done).toMatchObject({ problem: null, segments: { total: 1, done: 1, failed: 0 }, samples: { added: 4 } });
    expect(await began()).toBe(1);
  });
});
