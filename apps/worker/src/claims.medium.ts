import { openDatabase } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClaimLostError, DatasetJobClaimLostError } from './errors.js';
import { ExportStore } from './exports/export-store.js';
import { DatasetJobStore } from './dataset-jobs/dataset-job-store.js';

/** Real: PostgreSQL. Two workers on machines whose clocks are ten minutes apart: one behind the database, one ahead of it. */
let database: TestDatabase;
let dataSource: DataSource;
const clockBy = (minutes: number): Clock => ({ nowMs: () => Date.now() + minutes * 60_000, monotonicMs: () => performance.now() });

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(() => dataSource.query('TRUNCATE dataset_jobs, exports CASCADE'));

const expire = (table: string): Promise<unknown> => dataSource.query(`UPDATE ${table} SET claimed_until = now() - interval '1 second'`);
const secondsLeft = async (table: string): Promise<number> => ((await dataSource.query(`SELECT extract(epoch FROM claimed_until - now())::float AS left FROM ${table}`)) as { left: number }[])[0]?.left as number;
const NO_PROGRESS = { done: 0, total: 1, secondsLeft: null };

async function newSet(): Promise<string> {
  const id = newId();
  await dataSource.query(
    `INSERT INTO datasets (id, name, name_key, note, source, tags, camera_ids, has_unknown_cameras, counts, counted_revision, revision, created_by, created_at, updated_at) VALUES ($1::uuid, $1::text, $1::text, '', '', '{}', '{}', false, '{}', 0, 0, 'ada', now(), now())`,
    [id],
  );
  return id;
}

const askJob = (datasetId: string): Promise<unknown> =>
  dataSource.query(
    `INSERT INTO dataset_jobs (id, dataset_id, kind, state, options, cursor, progress, attempts, created_by, created_at) VALUES ($1, $2, 'embed', 'queued', '{"kind":"embed"}', '{}', '{"done":0,"total":0,"secondsLeft":null}', 0, 'ada', now())`,
    [newId(), datasetId],
  );

describe.each([['behind takes', -5, 5], ['ahead takes', 5, -5]])('a job on a set that the worker whose clock is %s', (_which, first, second) => {
  const [mine, other] = [() => new DatasetJobStore(dataSource, clockBy(first)), () => new DatasetJobStore(dataSource, clockBy(second))];

  it('is not taken by the other one while the first is at it, nor another one of the same set', async () => {
    const set = await newSet();
    await askJob(set);
    await askJob(set);
    const job = (await mine().claim())!;
    expect(await other().claim()).toBeNull();
    await mine().renew(job);
    expect(await other().claim()).toBeNull();
    await mine().advance(job, NO_PROGRESS, async () => ({ cursor: {} }));
    expect(await other().claim()).toBeNull();
    expect(await secondsLeft(`dataset_jobs WHERE id = '${job.id}'`)).toBeGreaterThan(0);
  });

  it('is taken by the other one when the first was not heard of, and then not the first one\'s any more', async () => {
    await askJob(await newSet());
    const job = (await mine().claim())!;
    await expire('dataset_jobs');
    const taken = await other().claim();
    expect(taken).toMatchObject({ id: job.id });
    await expect(mine().renew(job)).rejects.toThrow(DatasetJobClaimLostError);
    await expect(mine().finish(job, NO_PROGRESS, async () => ({ kind: 'embed', embedded: 0, known: 0, troubles: [] }) as never)).rejects.toThrow(DatasetJobClaimLostError);
    await other().renew(taken!);
    expect(await mine().claim()).toBeNull();
  });
});

describe.each([['behind takes', -5, 5], ['ahead takes', 5, -5]])('an export of footage that the worker whose clock is %s', (_which, first, second) => {
  it('is not taken by the other one unless the first was not heard of', async () => {
    const [mine, other] = [new ExportStore(dataSource, clockBy(first)), new ExportStore(dataSource, clockBy(second))];
    await dataSource.query(`INSERT INTO exports (id, camera_ids, estimated_bytes, title, note, ranges, options, state, progress, files, created_by, created_at, attempts) VALUES ($1, '{}', 0, 'x', '', '[]', '{}', 'queued', '{}', '[]', 'me', now(), 0)`, [newId()]);
    const job = (await mine.claim())!;
    expect(await other.claim()).toBeNull();
    await mine.report(job, {} as never);
    expect(await other.claim()).toBeNull();
    await expire('exports');
    expect(await other.claim()).toMatchObject({ id: job.id });
    await expect(mine.report(job, {} as never)).rejects.toThrow(ClaimLostError);
  });

  it('is given up when workers died three times at the same file of it', async () => {
    const store = new ExportStore(dataSource, clockBy(first));
    await dataSource.query(`INSERT INTO exports (id, camera_ids, estimated_bytes, title, note, ranges, options, state, progress, files, created_by, created_at, attempts) VALUES ($1, '{}', 0, 'x', '', '[]', '{}', 'queued', '{}', '[]', 'me', now(), 0)`, [newId()]);
    await store.claim();
    await expire('exports');
    // One more file is finished: what was before does not count, nor what was put back.
    await store.addFile((await store.claim())!, {} as never);
    await expire('exports');
    await store.release((await store.claim())!);
    for (const _time of [1, 2, 3]) {
      expect(await store.claim()).not.toBeNull();
      await expire('exports');
    }
    expect(await store.claim()).toBeNull();
    expect(await dataSource.query('SELECT state, error FROM exports')).toEqual([{ state: 'failed', error: expect.stringMatching(/^workers ended 3 times at the same file .* go on with the export, or export a shorter range$/) }]);
  });
});
