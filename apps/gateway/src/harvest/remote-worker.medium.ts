import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, type CameraId, type DatasetJob, type HarvestRun } from '@argus/contracts';
import { openFileTree, readCoco } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BucketSite } from '../../test/bucket-site.js';
import { pathOf } from '../../test/running-gateway.js';
import { endWorker, WORKER, whyNoWorker } from '../../test/running-worker.js';
import { CAMERAS, SEGMENTS, SharedHarvest, type Taken } from '../../test/shared-harvest.js';

/**
 * Real: PostgreSQL, HTTP, a server that speaks S3, built workers as processes with data folders of their own, kill -9, the twelve seconds after which a dead worker's part is free. Not real: they are on one machine,
 * and the bucket is near.
 */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const EVERY = 5;
const PICTURES = (CAMERAS * SEGMENTS * 100) / EVERY;
const ALL_DONE = [{ total: 96, done: 96, failed: 0, rejected: 0, underWay: 0 }, { added: PICTURES, known: 0, near: 0 }];

describe.skipIf(problem)('workers that share nothing but the database and a bucket', () => {
  let site: BucketSite;
  let cameras: CameraId[];
  beforeAll(async () => {
    site = await BucketSite.open();
    cameras = await new SharedHarvest(site.gateway, EVERY).recordAll();
  }, 240_000);
  afterEach(() => site.endWorkers());
  afterAll(() => site?.close());

  const query = <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => site.gateway.dataSource.query(sql, [...values]) as Promise<Row[]>;
  const inBucket = async (run: HarvestRun): Promise<number> => (await sharesOf(run))[0];
  const beyond = (harvest: SharedHarvest, run: HarvestRun, segments: number) => waitFor(async () => (await harvest.now(run)).segments.done >= segments, 60_000);

  /** Pictures in the bucket, and those that are not: by workers that have nothing else, and by those at home. */
  async function sharesOf({ id }: HarvestRun): Promise<[far: number, near: number]> {
    const [row] = await query<{ far: number; near: number }>(
      `SELECT count(place.sha256)::int AS far, (count(*) - count(place.sha256))::int AS near FROM dataset_samples AS sample LEFT JOIN archived_pictures AS place USING (sha256)
      WHERE sample.dataset_id = (SELECT dataset_id FROM harvest_runs WHERE id = $1)`,
      [id],
    );
    return [row?.far ?? 0, row?.near ?? 0];
  }

  /** The same by one worker at home alone, last: from then on all of it is in the samples folder, too. */
  async function alone(harvest: SharedHarvest, { recipe }: HarvestRun): Promise<Taken[]> {
    await site.endWorkers();
    await site.home();
    const expected = await harvest.takenBy(await harvest.done(await harvest.begin(`${recipe.name} alone`)));
    expect(new Set(expected.map(({ sha256 }) => sha256)).size).toBe(expected.length);
    return expected;
  }

  async function pictureOf({ datasetId }: HarvestRun, sha256: string, size = 'original'): Promise<Response> {
    return fetch(site.gateway.url + pathOf(api.getSamplePicture, { params: { id: datasetId as string, sha256 }, query: { size } }), { headers: { authorization: `Bearer ${site.gateway.owner.key}` } });
  }

  /** Through the gateway, as anybody sees them. */
  async function allReadable(run: HarvestRun, taken: readonly Taken[]): Promise<void> {
    for (const { sha256 } of taken) {
      const answer = await pictureOf(run, sha256);
      expect([answer.status, createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex')]).toEqual([200, sha256]);
    }
    for (const { sha256 } of taken.filter((_one, index) => index % 20 === 0)) expect((await pictureOf(run, sha256, 'thumbnail')).status).toBe(200);
  }

  async function exportedDigests({ datasetId }: HarvestRun): Promise<string[]> {
    const { body } = await site.gateway.owner.call('createDatasetJob', { params: { id: datasetId as string }, body: { kind: 'export', format: 'coco' } });
    const job = await waitFor(async () => {
      const now = (await site.gateway.owner.call('getDatasetJob', { params: { id: (body as DatasetJob).id } })).body as DatasetJob;
      return now.state !== 'queued' && now.state !== 'running' && now;
    }, 60_000);
    expect([job.state, job.problem]).toEqual(['done', null]);
    const folder = mkdtempSync(join(tmpdir(), 'argus-coco-'));
    try {
      const path = join(folder, 'set.zip');
      const file = await fetch(site.gateway.url + pathOf(api.getDatasetJobFile, { params: { id: datasetId as string, jobId: job.id } }), { headers: { authorization: `Bearer ${site.gateway.owner.key}` } });
      writeFileSync(path, Buffer.from(await file.arrayBuffer()));
      const tree = await openFileTree(path);
      const digests: string[] = [];
      for await (const { path: name } of readCoco(tree)) digests.push(createHash('sha256').update(await tree.read(name as string)).digest('hex'));
      await tree.close();
      return digests.sort();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('of footage on the disk take nothing that is only there, and all of what is in the bucket', async () => {
    const harvest = new SharedHarvest(site.gateway, EVERY, 90);
    const moved = cameras.slice(0, CAMERAS / 2);
    await site.moveFootage(moved);
    await site.remote();
    const run = await harvest.begin('half');
    await beyond(harvest, run, (CAMERAS * SEGMENTS) / 2);
    // It looks each three seconds whether there is anything for it.
    await sleep(4000);
    const parts = await query<{ isMoved: boolean; state: string; attempts: number; count: number }>('SELECT camera_id = ANY ($1) AS "isMoved", state, attempts, count(*)::int AS count FROM harvest_parts WHERE run_id = $2 GROUP BY 1, 2, 3 ORDER BY 1', [moved, run.id]);
    expect(parts).toEqual([{ isMoved: false, state: 'queued', attempts: 0, count: 16 }, { isMoved: true, state: 'done', attempts: 0, count: 16 }]);
    expect(await inBucket(run)).toBe(PICTURES / 2);
    const first = await site.home();
    await beyond(harvest, run, (CAMERAS * SEGMENTS) * 0.75);
    await endWorker(first, 'SIGKILL');
    await site.home();
    const done = await harvest.done(run);
    const taken = await harvest.takenBy(done);
    expect([[done.segments, done.samples], await inBucket(run)]).toEqual([ALL_DONE, PICTURES / 2]);
    await allReadable(done, taken);
    expect(taken).toEqual(await alone(harvest, run));
  }, 240_000);

  it('split a harvest of 32 cameras with one at home; what the killed one leaves the other ends, and everybody reads all of it', async () => {
    const harvest = new SharedHarvest(site.gateway, 1, 91);
    await site.moveFootage(cameras);
    const [, remote] = [await site.home(), await site.remote()];
    const run = await harvest.begin('shared');
    // One of them hears of the run first, the other looks within three seconds: hence every picture.
    await waitFor(async () => (await sharesOf(run)).every((share) => share > 0), 60_000);
    await beyond(harvest, run, (CAMERAS * SEGMENTS) / 2);
    await endWorker(remote, 'SIGKILL');
    const [far, near] = await sharesOf(run);
    const done = await harvest.done(run);
    console.info(`pictures when the remote worker was killed: ${far} by it, ${near} by the one at home; in the end ${await inBucket(run)} in the bucket, in ${(await site.listed('samples/')).length / 2} archives of both tests`);
    const taken = await harvest.takenBy(done);
    expect([done.segments, done.samples]).toEqual([ALL_DONE[0], { added: CAMERAS * SEGMENTS * 100, known: 0, near: 0 }]);
    await allReadable(done, taken);
    expect(await exportedDigests(done)).toEqual(taken.map(({ sha256 }) => sha256).sort());
    expect(taken).toEqual(await alone(harvest, run));
    // Nothing is on the machine of the remote worker that anybody would miss, and nothing is named that is not there.
    const named = (await query<{ name: string }>('SELECT name FROM sample_archives')).flatMap(({ name }) => [`samples/shards/${name}.tar`, `samples/shards/${name}.idx.jsonl`]);
    const listed = await site.listed('samples/');
    expect(listed.filter((path) => !named.includes(path))).toEqual([]);
  }, 240_000);

  it('wait for a bucket that dies, and go on when it is back: nothing is lost, failed or there twice', async () => {
    const harvest = new SharedHarvest(site.gateway, EVERY, 92);
    await site.remote({ ARGUS_HARVEST_SLOTS: '2' });
    const run = await harvest.begin('interrupted');
    for (const share of [0.2, 0.5]) {
      await beyond(harvest, run, Math.ceil(CAMERAS * SEGMENTS * share));
      await site.s3.kill();
      // What was in hand is given back, not given up.
      await waitFor(async () => (await query(`SELECT 1 FROM harvest_parts WHERE run_id = $1 AND state = 'running'`, [run.id])).length === 0, 60_000);
      const { segments, state, datasetId } = await harvest.now(run);
      expect([state, segments.failed, await query('SELECT 1 FROM harvest_parts WHERE run_id = $1 AND attempts > 0', [run.id])]).toEqual(['running', 0, []]);
      const [{ sha256 }] = (await harvest.takenBy(await harvest.now(run))) as [Taken];
      const answer = await pictureOf({ ...run, datasetId }, sha256);
      expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'remote.away', detail: expect.stringContaining('lies in the bucket, which does not give it now') }]);
      await sleep(3500);
      expect((await harvest.now(run)).segments.done).toBe(segments.done);
      await site.s3.restart();
    }
    const done = await harvest.done(run);
    const taken = await harvest.takenBy(done);
    expect([done.segments, done.samples, done.troubles]).toEqual([...ALL_DONE, []]);
    expect(await inBucket(run)).toBe(PICTURES);
    await allReadable(done, taken);
    expect(taken).toEqual(await alone(harvest, run));
  }, 240_000);

  it('say what is wrong with their settings, and wait for a bucket that does not answer', async () => {
    const told = async (environment: NodeJS.ProcessEnv): Promise<{ code: number | null; text: string }> => {
      const env = { PATH: process.env['PATH'], DATABASE_URL: site.gateway.settings.databaseUrl, ...site.remoteEnvironment(), ...environment };
      const child = fork(WORKER, [], { env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')), execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, text };
    };
    const none = { ARGUS_S3_ENDPOINT: '', ARGUS_S3_BUCKET: '', ARGUS_S3_ACCESS_KEY: '', ARGUS_S3_SECRET_KEY: '' };
    expect(await told(none)).toMatchObject({ code: 2, text: expect.stringContaining('expected where ARGUS_WORKER_PLACE is "remote"') });
    expect(await told({ ARGUS_WORKER_PLACE: 'far' })).toMatchObject({ code: 2, text: expect.stringContaining('ARGUS_WORKER_PLACE') });
    expect(await told({ ARGUS_S3_BUCKET: 'nobody' })).toMatchObject({ code: 2, text: expect.stringContaining('no such bucket') });
    const wrong = await told({ ARGUS_S3_ACCESS_KEY: 'hunter1', ARGUS_S3_SECRET_KEY: 'hunter2' });
    expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining('the bucket cannot be used') });
    expect(wrong.text).not.toMatch(/hunter/);
    await site.s3.kill();
    const starting = site.remote();
    expect(await Promise.race([starting.then(() => 'ready'), sleep(2500).then(() => 'waiting')])).toBe('waiting');
    await site.s3.restart();
    await starting;
  }, 60_000);
});
