import type { Dataset, DatasetTime, SampleSummary } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type Visitor } from '../../test/running-gateway.js';
import { drawn, SetBench } from '../../test/set-bench.js';
import { streetPictures } from '../../test/street-pictures.js';

/** Real: PostgreSQL, HTTP, sessions, pictures in the sample store. Time that passed is put into the session's row; rows of jobs are put in as the worker leaves them. */
let bench: SetBench;
let picture: Buffer;

beforeAll(async () => {
  picture = streetPictures(1, 'scale=64:-2')[0] as Buffer;
  bench = await SetBench.open();
}, 60_000);
afterAll(() => bench?.close());

const report = (visitor: Visitor, set: Dataset, seconds: object) => visitor.call('reportWork', { params: { id: set.id }, body: { seconds } });
const time = async (set: Dataset, visitor: Visitor = bench.gateway.owner): Promise<DatasetTime> => (await visitor.call('getDatasetTime', { params: { id: set.id } })).body as DatasetTime;
const secondsOf = async (set: Dataset): Promise<Record<string, number>> => Object.fromEntries((await time(set)).activities.map(({ activity, seconds }) => [activity, seconds]));
/** As if the report before had come so long ago. */
const pass = (user: { id: string }, seconds: number) => bench.gateway.dataSource.query(`UPDATE sessions SET created_at = now() - $2 * interval '1 second', work_reported_at = now() - $2 * interval '1 second' WHERE user_id = $1`, [user.id, seconds]);
const rows = (set: Dataset) => bench.gateway.dataSource.query('SELECT account, activity, active_ms::int AS ms, pictures, boxes FROM work_times WHERE dataset_id = $1 ORDER BY account, activity', [set.id]);
const labelled = (set: Dataset, user: { id: string }, day: number, pictures: number, boxes: number, seconds: number) =>
  bench.gateway.dataSource.query(`INSERT INTO work_times VALUES ($1, date '2026-01-01' + $2::int, $3, 'labelling', $4, $5, $6)`, [set.id, day, user.id, seconds * 1000, pictures, boxes]);

describe('where time went (S88)', () => {
  it('is split by activity, each second of a session once', async () => {
    const set = await bench.create('Streets');
    const { visitor, user } = await bench.gateway.withUser('annotator');
    expect(await time(set)).toEqual({ isMeasured: true, from: null, to: null, activities: [], machine: [], rates: { secondsPerPicture: 4, secondsPerBox: 7, isMeasured: false } });
    await pass(user, 100);
    expect((await report(visitor, set, { choosing: 80, labelling: 20 })).status).toBe(204);
    expect(await secondsOf(set)).toEqual({ choosing: 80, labelling: 20 });
    // At once again, also from another tab and of another set: no time has passed.
    const other = await bench.create('Others');
    await Promise.all([report(visitor, set, { choosing: 600 }), report(visitor, other, { choosing: 600 }), report(visitor, set, { labelling: 600 })]);
    const sum = Object.values({ ...(await secondsOf(set)) }).reduce((all, one) => all + one, 0) + ((await secondsOf(other))['choosing'] ?? 0);
    expect(sum).toBeLessThan(160);
    const today = new Date().toISOString().slice(0, 10);
    expect(Math.abs(Date.parse((await time(set)).to as string) - Date.parse(today))).toBeLessThanOrEqual(86_400_000);
  });

  it('is never more than passed since the report before, nor than ten minutes', async () => {
    const set = await bench.create('Bounded');
    const { visitor, user } = await bench.gateway.withUser('annotator');
    await pass(user, 10);
    await report(visitor, set, { reviewing: 45, preparing: 15 });
    const { reviewing = 0, preparing = 0 } = await secondsOf(set);
    expect(reviewing + preparing).toBeGreaterThanOrEqual(9.9);
    expect(reviewing + preparing).toBeLessThan(40);
    expect(reviewing / preparing).toBeCloseTo(3, 1);
    await pass(user, 86_400);
    await report(visitor, set, { choosing: 600, labelling: 600 });
    const { choosing, labelling } = await secondsOf(set);
    expect([choosing, labelling]).toEqual([300, 300]);
    // A clock that was set back.
    await pass(user, -3600);
    await report(visitor, set, { choosing: 30 });
    expect((await secondsOf(set))['choosing']).toBe(300);
    expect((await report(visitor, set, { choosing: 601 })).body.errors).toMatchObject([{ path: 'seconds.choosing' }]);
    expect((await report(visitor, set, { choosing: 1, at: 4 })).status).toBe(400);
  });

  it('is not lost where a later report overtakes an earlier one', async () => {
    const set = await bench.create('Overtaken');
    const { visitor, user } = await bench.gateway.withUser('annotator');
    await pass(user, 30);
    await report(visitor, set, {});
    await report(visitor, set, { labelling: 29 });
    expect(await secondsOf(set)).toEqual({ labelling: 29 });
    await pass(user, 500);
    await report(visitor, set, {});
    await report(visitor, set, { choosing: 500 });
    const { choosing = 0 } = await secondsOf(set);
    expect([choosing >= 60, choosing < 90]).toEqual([true, true]);
  });

  it('is told by people who may write into the set, and read in sums by who sees it', async () => {
    const set = await bench.create('Guarded');
    await bench.put(set, picture);
    const [one, two] = [await bench.gateway.withUser('annotator'), await bench.gateway.withUser('annotator')];
    for (const { visitor, user } of [one, two]) {
      await pass(user, 60);
      await report(visitor, set, { choosing: 30 });
    }
    expect(await rows(set)).toHaveLength(2);
    const told = await time(set, one.visitor);
    expect(told.activities).toEqual([{ activity: 'choosing', seconds: 60, pictures: 0, boxes: 0 }]);
    for (const { user } of [one, two]) for (const secret of [user.id, user.name]) expect(JSON.stringify(told)).not.toContain(secret);
    expect((await report(bench.gateway.owner, set, { choosing: 30 })).body.code).toBe('work.no-session');
    const elsewhere = await bench.gateway.withUser('annotator', []);
    await pass(elsewhere.user, 60);
    expect((await report(elsewhere.visitor, set, { choosing: 30 })).body.code).toBe('dataset.not-found');
    expect((await elsewhere.visitor.call('getDatasetTime', { params: { id: set.id } })).body.code).toBe('dataset.not-found');
    const viewer = await bench.gateway.withUser('viewer');
    expect([(await report(viewer.visitor, set, { choosing: 30 })).status, (await viewer.visitor.call('getDatasetTime', { params: { id: set.id } })).status]).toEqual([403, 403]);
    expect(await rows(set)).toHaveLength(2);
    await bench.gateway.owner.call('deleteDataset', { params: { id: set.id } });
    expect(await rows(set)).toEqual([]);
  });

  it('counts what came of it, of sessions that tell of their time only', async () => {
    const set = await bench.create('Counted');
    const digests = await Promise.all(['1', '2', '3', '4'].map((end) => bench.put(set, Buffer.concat([picture, Buffer.from(end)]))));
    const { visitor, user } = await bench.gateway.withUser('annotator');
    const change = (who: Visitor, sha256s: string[], marks: object) => who.call('changeSamples', { params: { id: set.id }, body: { sha256s, set: marks } });
    await change(visitor, digests.slice(0, 1), { complete: true });
    await change(bench.gateway.owner, digests.slice(1, 2), { complete: true });
    expect(await rows(set)).toEqual([]);
    await pass(user, 60);
    await report(visitor, set, { choosing: 20, reviewing: 12 });
    await change(visitor, digests, { complete: true });
    await change(visitor, digests, { complete: false });
    await change(visitor, digests, { split: 'train' });
    await change(visitor, digests.slice(0, 3), { focus: true });
    await visitor.call('removeSamples', { params: { id: set.id }, body: { sha256s: digests.slice(3) } });
    await visitor.call('restoreSamples', { params: { id: set.id }, body: { sha256s: digests } });
    expect((await time(set)).activities).toEqual([{ activity: 'choosing', seconds: 20, pictures: 4, boxes: 0 }, { activity: 'reviewing', seconds: 12, pictures: 2, boxes: 0 }]);
  });

  it('stands beside that of machines, a share of harvests into several sets', async () => {
    const [set, other] = [await bench.create('Machines'), await bench.create('Beside')];
    const { dataSource } = bench.gateway;
    const job = (kind: string, seconds: number, state = 'done') =>
      dataSource.query(`INSERT INTO dataset_jobs (id, dataset_id, kind, options, state, progress, attempts, cursor, created_by, created_at, started_at, ended_at) VALUES (gen_random_uuid(), $1, $2, '{}', $4, '{}', 1, '{}', 'me', now(), now() - $3 * interval '1 second', now())`, [set.id, kind, seconds, state]);
    await job('auto-label', 60);
    await job('auto-label', 30, 'cancelled');
    await job('export', 5);
    const [run] = (await dataSource.query(
      `INSERT INTO harvest_runs (id, recipe_id, recipe, camera_ids, dataset_id, state, is_planned, segments_total, segments_done, segments_failed, segments_rejected, of_videos, added, known, near, bytes, troubles, attempts, created_by, created_at, started_at, ended_at)
      VALUES (gen_random_uuid(), gen_random_uuid(), '{}', '{}', NULL, 'done', true, 4, 4, 0, 0, false, 9, 0, 0, 1, '[]', 0, 'me', now(), now() - interval '40 seconds', now()) RETURNING id`,
    )) as { id: string }[];
    for (const [part, id] of [set.id, other.id, other.id, other.id].entries()) await dataSource.query(`INSERT INTO harvest_parts (run_id, part, camera_id, segment_ids, state, dataset_id) VALUES ($1, $2, gen_random_uuid(), '{}', 'done', $3)`, [run?.id, part, id]);
    expect((await time(set)).machine).toEqual([{ kind: 'auto-label', seconds: 90, runs: 2 }, { kind: 'harvest', seconds: 10, runs: 1 }, { kind: 'export', seconds: 5, runs: 1 }]);
    expect((await time(other)).machine).toEqual([{ kind: 'harvest', seconds: 30, runs: 1 }]);
  });

  it('makes estimates of labour from twenty boxes on, and orders by them', async () => {
    const set = await bench.create('Estimated');
    const { user } = await bench.gateway.withUser('annotator');
    await bench.put(set, Buffer.concat([picture, Buffer.from('e')]), { annotations: [drawn('person', 1, 1, 9, 9), drawn('person', 20, 1, 9, 9)] });
    const estimate = async (query: Record<string, string> = {}) => (await bench.samples(set, query)).map(({ worth }: SampleSummary) => worth.seconds);
    await labelled(set, user, 0, 10, 19, 60);
    expect([await estimate(), (await time(set)).rates]).toEqual([[18], { secondsPerPicture: 4, secondsPerBox: 7, isMeasured: false }]);
    for (let day = 1; day < 12; day += 1) await labelled(set, user, day, 10, 3 * day, 20 + 3 * day);
    await bench.gateway.dataSource.query(`UPDATE work_times SET active_ms = 39000 WHERE dataset_id = $1 AND boxes = 19`, [set.id]);
    expect([await estimate(), await estimate({ sort: 'value' })]).toEqual([[4], [4]]);
    expect((await time(set)).rates).toEqual({ secondsPerPicture: 2, secondsPerBox: 1, isMeasured: true });
  });

  it('is not measured where the server was told so', async () => {
    const gateway = await runGateway({ ARGUS_WORK_TIMES: 'off' });
    try {
      const { body: set } = await gateway.owner.call('createDataset', { body: { name: 'Unmeasured' } });
      const { visitor, user } = await gateway.withUser('annotator');
      await gateway.dataSource.query(`UPDATE sessions SET created_at = now() - interval '1 minute' WHERE user_id = $1`, [user.id]);
      expect((await report(visitor, set as Dataset, { choosing: 30 })).status).toBe(204);
      expect((await gateway.owner.call('getDatasetTime', { params: { id: (set as Dataset).id } })).body).toMatchObject({ isMeasured: false, activities: [] });
      expect(await gateway.dataSource.query('SELECT work_reported_at FROM sessions WHERE work_reported_at IS NOT NULL')).toEqual([]);
    } finally {
      await gateway.stop();
    }
  });
});
