import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetSettings, type Camera, type CameraId, type Dataset, type HarvestPreview, type HarvestRun, type RecordingSegment, type SampleSummary, type SavedHarvestRecipe } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import { decodeStill } from '@argus/media';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { samplesOfRun, settledRun, startRun } from '../../test/harvest-runs.js';
import { connectEngine, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers as processes, footage that ffmpeg made. The engine is a small client of its protocol. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

/** 19:00 in Shanghai. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');
const HOUR = 3_600_000;
const FPS = 25;
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
let clipFrom = 0;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGTERM');
  await gateway.dataSource.query('TRUNCATE harvest_recipes, harvest_runs, harvest_parts, harvest_taken, datasets, dataset_samples, recording_segments, cameras CASCADE');
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

async function startWorker(environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, environment);
  workers.push(child);
  return child;
}

/** Its footage is older than what is kept without a word. */
const addCamera = async (name: string, parts: Partial<Camera> = {}): Promise<CameraId> =>
  ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } as Camera['recording'], ...parts } })).body as Camera).id;

/** Four seconds each at these times; no two have a picture in common. */
async function record(cameraId: CameraId, ...startsMs: number[]): Promise<RecordingSegment[]> {
  const segments: RecordingSegment[] = [];
  for (const startMs of startsMs) {
    const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs, from: (clipFrom += 4) });
    engine.send({ type: 'segment', entry: segment.id, segment });
    segments.push(segment);
    // ffmpeg holds this process up; the engine's link must not look dead.
    await new Promise((wake) => setImmediate(wake));
  }
  await engine.taken(...segments.map(({ id }) => id));
  return segments;
}

const RECIPE = {
  name: 'Streets in the evening',
  cameras: { include: [{ kind: 'keyword', pattern: '街道' }] },
  calendar: { dates: { kind: 'range', from: '2026-11-01', to: '2026-11-30' }, windows: [{ from: '19:00', to: '21:00' }] },
  sampling: { kind: 'frames', every: 25 },
  dropNearDuplicates: false,
};

async function recipe(parts: object = {}, visitor: Visitor = gateway.owner): Promise<SavedHarvestRecipe> {
  const answer = await visitor.call('createHarvestRecipe', { body: { ...RECIPE, ...parts } as never });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body as SavedHarvestRecipe;
}

const start = (saved: SavedHarvestRecipe, visitor: Visitor = gateway.owner): Promise<HarvestRun> => startRun(visitor, saved);
const settled = (run: HarvestRun, state?: HarvestRun['state']): Promise<HarvestRun> => settledRun(gateway.owner, run, state);
const samplesOf = (run: HarvestRun): Promise<SampleSummary[]> => samplesOfRun(gateway.owner, run);
const digests = (samples: readonly SampleSummary[]): string[] => samples.map(({ sha256 }) => sha256).sort();

describe.skipIf(problem)('a harvest', () => {
  it('takes the pictures of the cameras and hours that are meant, each once, and later what is new', async () => {
    await startWorker();
    const [gate, market, yard] = [await addCamera('东街道 Gate'), await addCamera('西街道 Market'), await addCamera('Yard')];
    // The first begins two seconds before seven, the last two seconds before nine.
    const inside = await record(gate, SEVEN - 2000, SEVEN + HOUR, SEVEN + 2 * HOUR - 2000);
    await record(gate, SEVEN - HOUR, SEVEN + 3 * HOUR);
    await record(market, SEVEN + 2000);
    await record(yard, SEVEN + 2000);
    const saved = await recipe();
    const preview = (await gateway.owner.call('previewHarvest', { body: RECIPE as never })).body as HarvestPreview;
    expect(preview).toMatchObject({ cameras: 2, cameraNames: ['东街道 Gate', '西街道 Market'], segments: 4, footageSeconds: 12 });
    const done = await settled(await start(saved));
    expect(done).toMatchObject({ segments: { total: 4, done: 4, failed: 0 }, samples: { added: 12, known: 0, near: 0 }, problem: null, troubles: [] });
    expect(preview.frames).toBeGreaterThanOrEqual(12);
    const samples = await samplesOf(done);
    expect(samples).toHaveLength(12);
    for (const { origin, width, height, quality, name } of samples) {
      const wallMs = Date.parse(origin?.wallTime ?? '');
      expect(wallMs).toBeGreaterThanOrEqual(SEVEN);
      expect(wallMs).toBeLessThan(SEVEN + 2 * HOUR);
      expect((origin?.frameIndex ?? -1) % FPS).toBe(0);
      expect(origin).toMatchObject({ ptsUs: ((origin?.frameIndex ?? 0) * 1e6) / FPS, timeZone: 'Asia/Shanghai', tzVersion: process.versions['tz'] });
      expect({ width, height }).toEqual({ width: 160, height: 120 });
      expect(quality?.brightness).toBeGreaterThan(0);
      expect(name).toMatch(/^20261102T(19|20)\d{7}-\d+\.jpg$/);
    }
    expect(samples.filter(({ origin }) => origin?.group === '西街道 Market')).toHaveLength(4);
    // Two of the seconds of the first lie in the window, and of the last.
    expect(samples.filter(({ origin }) => origin?.video === inside[0]?.id).map(({ origin }) => origin?.frameIndex)).toEqual([50, 75]);
    expect(samples.filter(({ origin }) => origin?.video === inside[2]?.id).map(({ origin }) => origin?.frameIndex)).toEqual([0, 25]);
    // Each can be opened.
    const store = await SampleStore.open(gateway.settings.samplesDir);
    for (const { sha256, width, height } of samples) {
      const frame = decodeStill(await store.read(sha256));
      expect({ width: frame.width, height: frame.height }).toEqual({ width, height });
      frame.free();
    }
    await store.close();
    expect(await settled(await start(saved))).toMatchObject({ segments: { total: 0 }, samples: { added: 0 }, datasetId: done.datasetId });
    await record(gate, SEVEN + HOUR + 60_000);
    expect(await settled(await start(saved))).toMatchObject({ segments: { total: 1 }, samples: { added: 4 }, datasetId: done.datasetId });
  });

  it('is finished by others when workers are killed, with the same samples as without', async () => {
    const cameras = [await addCamera('街道 1'), await addCamera('街道 2')];
    for (const camera of cameras) await record(camera, ...Array.from({ length: 24 }, (_unused, index) => SEVEN + index * 4000));
    const calm = await recipe({ name: 'calm', sampling: { kind: 'seconds', every: 1 } });
    await startWorker();
    const expected = await samplesOf(await settled(await start(calm)));
    expect(expected).toHaveLength(2 * 24 * 4);
    const stormy = await recipe({ name: 'stormy', sampling: { kind: 'seconds', every: 1 } });
    const run = await start(stormy);
    for (let round = 0; round < 4; round += 1) {
      const two = [workers[0] ?? (await startWorker()), await startWorker()];
      await new Promise((wake) => setTimeout(wake, 900 + round * 400));
      for (const worker of two) await endWorker(worker, 'SIGKILL');
      workers.length = 0;
    }
    await startWorker();
    await startWorker();
    const done = await settled(run);
    expect(done).toMatchObject({ segments: { total: 48, done: 48, failed: 0 }, samples: { added: expected.length, known: 0 } });
    expect(digests(await samplesOf(done))).toEqual(digests(expected));
    const store = await SampleStore.open(gateway.settings.samplesDir);
    for (const { sha256 } of await samplesOf(done)) expect((await store.read(sha256)).byteLength).toBeGreaterThan(0);
    await store.close();
  }, 180_000);

  it('covers what privacy masks cover, unless somebody who may asks for originals', async () => {
    await startWorker();
    const mask = { name: 'All', enabled: true, polygon: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }] };
    const camera = await addCamera('街道', { privacyMasks: [mask] });
    await record(camera, SEVEN);
    const masked = await settled(await start(await recipe()));
    const brightness = async (run: HarvestRun): Promise<number[]> => (await samplesOf(run)).map(({ quality }) => quality?.sharpness ?? -1);
    for (const sharpness of await brightness(masked)) expect(sharpness).toBeLessThan(1);
    const limited = await gateway.withKey(['harvest.read', 'harvest.run', 'dataset.read']);
    expect((await limited.call('createHarvestRecipe', { body: { ...RECIPE, name: 'originals', masked: false } as never })).body).toMatchObject({ code: 'harvest.originals' });
    const original = await settled(await start(await recipe({ name: 'originals', masked: false })));
    for (const sharpness of await brightness(original)) expect(sharpness).toBeGreaterThan(100);
    const [sample] = await samplesOf(original);
    expect((await limited.call('getSamplePicture', { params: { id: original.datasetId as string, sha256: sample?.sha256 as string } })).status).toBe(403);
  });

  it('is of cameras that the one who begins it may look at, and hidden from others', async () => {
    await startWorker();
    const [mine, theirs] = [await addCamera('街道 mine'), await addCamera('街道 theirs')];
    for (const camera of [mine, theirs]) await record(camera, SEVEN);
    const scoped = await gateway.withKey(['harvest.read', 'harvest.run', 'dataset.read'], [mine]);
    const saved = await recipe({}, scoped);
    expect((await scoped.call('previewHarvest', { body: RECIPE as never })).body).toMatchObject({ cameras: 1, cameraNames: ['街道 mine'] });
    const done = await settled(await start(saved, scoped));
    expect((await samplesOf(done)).map(({ origin }) => origin?.cameraId)).toEqual([mine, mine, mine, mine]);
    const all = await settled(await start(await recipe({ name: 'all' })));
    expect((await scoped.call('getHarvestRun', { params: { id: all.id } })).status).toBe(404);
    expect((await scoped.call('listHarvestRuns')).body.items.map(({ id }: HarvestRun) => id)).toEqual([done.id]);
    expect((await scoped.call('cancelHarvestRun', { params: { id: all.id } })).status).toBe(404);
    expect((await (await gateway.withKey(['harvest.read'])).call('startHarvestRun', { params: { id: saved.id } })).status).toBe(403);
  });

  it('keeps to the quota of a camera, over all runs, spread over what there is', async () => {
    await startWorker();
    const camera = await addCamera('街道');
    await record(camera, ...Array.from({ length: 6 }, (_unused, index) => SEVEN + index * 600_000));
    const saved = await recipe({ quotaPerCamera: 8 });
    const first = await settled(await start(saved));
    expect(first.samples.added).toBe(8);
    expect(new Set((await samplesOf(first)).map(({ origin }) => origin?.video)).size).toBe(6);
    await record(camera, SEVEN + HOUR);
    expect((await settled(await start(saved))).samples.added).toBe(0);
  });

  it('for classifiers fills a matrix: a set for each camera, gone on with by later runs whatever people call it', async () => {
    await startWorker();
    const [gate, market, _empty] = [await addCamera('街道 Gate'), await addCamera('街道 Market'), await addCamera('街道 without footage')];
    await record(gate, SEVEN);
    await record(market, SEVEN, SEVEN + HOUR);
    const saved = await recipe({ purpose: 'classifier', quotaPerCamera: 6 });
    const done = await settled(await start(saved));
    expect(done).toMatchObject({ samples: { added: 10 }, datasetId: null });
    const sets = async () => ((await gateway.owner.call('listDatasets')).body.items as Dataset[]).sort((a, b) => a.name.localeCompare(b.name));
    const known = (await sets()).map(({ name, tags, cameraIds, recipeId, counts }) => ({ name, tags, cameraIds, recipeId, samples: counts.samples }));
    expect(known).toEqual([
      { name: 'Streets in the evening · 街道 Gate', tags: ['Streets in the evening'], cameraIds: [gate], recipeId: saved.id, samples: 4 },
      { name: 'Streets in the evening · 街道 Market', tags: ['Streets in the evening'], cameraIds: [market], recipeId: saved.id, samples: 6 },
    ]);
    const [first, second] = (await sets()) as [Dataset, Dataset];
    expect((await gateway.owner.call('listDatasetOrigins', { params: { id: first.id } })).body).toMatchObject([{ kind: 'harvest', recipeId: saved.id, samples: 4 }]);
    const { name: _name, ...settings } = DatasetSettings.parse(first);
    expect((await gateway.owner.call('updateDataset', { params: { id: first.id }, body: { ...settings, name: 'Upright at the gate' } })).status).toBe(200);
    expect((await gateway.owner.call('deleteDataset', { params: { id: second.id } })).status).toBe(204);
    await record(gate, SEVEN + 60_000);
    // The quota of the gate leaves two; the market's set is made again.
    expect((await settled(await start(saved))).samples).toMatchObject({ added: 2 + 6 });
    expect((await sets()).map(({ name, counts }) => [name, counts.samples])).toEqual([['Streets in the evening · 街道 Market', 6], ['Upright at the gate', 6]]);
    const limited = await gateway.withKey(['dataset.read'], [market]);
    expect((await limited.call('listDatasets')).body.items.map(({ name }: Dataset) => name)).toEqual(['Streets in the evening · 街道 Market']);
  });

  it('goes on without footage that cannot be read, and says which', async () => {
    await startWorker();
    const camera = await addCamera('街道');
    const [lost] = (await record(camera, SEVEN, SEVEN + 10_000)) as [RecordingSegment, RecordingSegment];
    rmSync(join(gateway.settings.recordingsDir, lost.path));
    const done = await settled(await start(await recipe()));
    expect(done).toMatchObject({ segments: { total: 2, done: 1, failed: 1 }, samples: { added: 4 }, troubles: [{ video: lost.id, problem: expect.stringContaining('footage') }] });
  });

  it('is stopped and gone on with', async () => {
    const camera = await addCamera('街道');
    await record(camera, ...Array.from({ length: 8 }, (_unused, index) => SEVEN + index * 4000));
    const saved = await recipe();
    const run = await start(saved);
    expect((await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body).toMatchObject({ code: 'harvest.state' });
    expect((await gateway.owner.call('cancelHarvestRun', { params: { id: run.id } })).body).toMatchObject({ state: 'cancelled' });
    expect((await gateway.owner.call('cancelHarvestRun', { params: { id: run.id } })).body).toMatchObject({ code: 'harvest.state' });
    // It was at work for ten minutes, an hour ago.
    await gateway.dataSource.query(`UPDATE harvest_runs SET started_at = now() - interval '70 minutes', ended_at = now() - interval '60 minutes' WHERE id = $1`, [run.id]);
    await startWorker();
    expect((await gateway.owner.call('resumeHarvestRun', { params: { id: run.id } })).status).toBe(200);
    const done = await settled(run);
    expect(done).toMatchObject({ segments: { total: 8, done: 8 }, samples: { added: 32 } });
    const atWorkMs = Date.parse(done.endedAt ?? '') - Date.parse(done.startedAt ?? '');
    expect([atWorkMs >= 600_000, atWorkMs < 1_800_000]).toEqual([true, true]);
    const audit = await gateway.dataSource.query(`SELECT action FROM audit WHERE subject_id = $1 ORDER BY at`, [run.id]);
    expect(audit).toEqual(['harvest.run', 'harvest.cancel', 'harvest.resume'].map((action) => ({ action })));
  });
});

describe('a recipe', () => {
  it('runs by itself with the rights of its owner, and says when that is not possible any more', async () => {
    const [mine, theirs] = [await addCamera('街道 mine'), await addCamera('街道 theirs')];
    const scoped = await gateway.withKey(['harvest.read', 'harvest.run', 'dataset.read'], [mine]);
    const saved = await recipe({ schedule: { at: '03:00' } }, scoped);
    const due = () => gateway.dataSource.query(`UPDATE harvest_recipes SET next_run_at = now() - interval '1 minute' WHERE id = $1`, [saved.id]);
    const runs = async () => (await gateway.dataSource.query('SELECT state, camera_ids, problem FROM harvest_runs ORDER BY id')) as { state: string; camera_ids: string[]; problem: string | null }[];
    await due();
    await waitFor(async () => (await runs()).length === 1, 40_000);
    expect(await runs()).toEqual([{ state: 'queued', camera_ids: [mine], problem: null }]);
    expect((await runs())[0]?.camera_ids).not.toContain(theirs);
    const [{ next_run_at: next }] = await gateway.dataSource.query('SELECT next_run_at FROM harvest_recipes');
    expect(next.getTime()).toBeGreaterThan(Date.now());
    // While the first one waits there is no second.
    await due();
    await gateway.dataSource.query(`UPDATE harvest_runs SET state = 'done', ended_at = now()`);
    await gateway.dataSource.query('DELETE FROM api_keys');
    await waitFor(async () => (await runs()).length === 2, 40_000);
    expect((await runs())[1]).toMatchObject({ state: 'failed', problem: expect.stringContaining('save the recipe once more') });
  }, 120_000);


  it('is refused with what is wrong, and where', async () => {
    const tryIt = async (parts: object) => (await gateway.owner.call('createHarvestRecipe', { body: { ...RECIPE, ...parts } as never })).body;
    expect(await tryIt({ cameras: { include: [{ kind: 'regex', pattern: '(' }] } })).toMatchObject({ code: 'harvest.name-pattern', detail: expect.stringContaining('include[0]') });
    expect(await tryIt({ calendar: { ...RECIPE.calendar, timeZone: 'Mars/Olympus' } })).toMatchObject({ code: 'harvest.calendar' });
    expect(await tryIt({ sampling: { kind: 'frames', every: 0 } })).toMatchObject({ status: 400 });
    expect(await tryIt({ datasetId: '01890a5d-ac96-774b-bcce-b302099a8057' })).toMatchObject({ status: 404 });
    const saved = await recipe();
    expect(saved.nextRunAt).toBeNull();
    expect(await tryIt({ name: RECIPE.name.toUpperCase() })).toMatchObject({ code: 'harvest.name-taken' });
    expect((await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body).toMatchObject({ code: 'harvest.no-cameras' });
    expect((await gateway.owner.call('deleteHarvestRecipe', { params: { id: saved.id } })).status).toBe(204);
  });
});
