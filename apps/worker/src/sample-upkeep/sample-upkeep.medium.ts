import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Sample } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { SampleStore, writeDataset } from '@argus/datasets';
import { newId, silentLogger } from '@argus/kernel';
import { withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { SampleUpkeep } from './sample-upkeep.js';

/** Real: PostgreSQL, shards and versions on a disk, built upkeep as processes that are killed. The clock is told. */
const DAY = 86_400_000;
const BUILT = new URL('../../dist/sample-upkeep/sample-upkeep.js', import.meta.url).href;
const [DATABASE, DATASETS, KERNEL] = ['database', 'datasets', 'kernel'].map((lib) => new URL(`../../../../libs/${lib}/dist/index.js`, import.meta.url).href);
let database: TestDatabase;
let dataSource: DataSource;
let samplesDir: string;
let store: SampleStore;

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
});
beforeEach(async () => {
  samplesDir = mkdtempSync(join(tmpdir(), 'argus-upkeep-'));
  mkdirSync(join(samplesDir, 'versions'));
  store = await SampleStore.open(samplesDir, { lowWaterBytes: 0, shardBytes: 1000, touchEveryMs: 50 });
});
afterEach(async () => {
  await store.close();
  rmSync(samplesDir, { recursive: true, force: true });
  await dataSource.query('TRUNCATE datasets, pictures, dataset_samples, dataset_versions, dataset_jobs, sample_collections, audit CASCADE');
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pictureOf = (index: number): Buffer => Buffer.alloc(1400, `picture ${index} `);

async function newSet(retentionDays: number | null = null): Promise<string> {
  const id = newId();
  await dataSource.query(
    `INSERT INTO datasets (id, name, name_key, note, source, tags, retention_days, camera_ids, has_unknown_cameras, counts, counted_revision, revision, created_by, created_at, updated_at)
    VALUES ($1, $2, $2, '', '', '{}', $3, '{}', false, '{}', 0, 0, 'me', now(), now())`,
    [id, `set ${id}`, retentionDays],
  );
  return id;
}

/** As workers do it: into the store, then rows, in one transaction. */
async function add(set: string, content: Uint8Array, { owner = 'w', wallAt = null as Date | null } = {}): Promise<string> {
  const { sha256 } = await store.put(content, { extension: 'jpg', owner });
  await store.commit();
  const digest = Buffer.from(sha256, 'hex');
  await dataSource.transaction(async (manager) => {
    await manager.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', $2, 8, 8, now()) ON CONFLICT (sha256) DO UPDATE SET unused_since = NULL`, [digest, content.byteLength]);
    await manager.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, wall_at, added_at) VALUES ($1, $2, 'a.jpg', 'g', $3, now()) ON CONFLICT DO NOTHING`, [set, digest, wallAt]);
  });
  return sha256;
}

const drop = (set: string, sha256s: readonly string[]) => dataSource.query('DELETE FROM dataset_samples WHERE dataset_id = $1 AND sha256 = ANY ($2)', [set, sha256s.map((one) => Buffer.from(one, 'hex'))]);

async function seal(set: string, sha256s: readonly string[], { isKept = false, oldestAt = new Date() } = {}): Promise<string> {
  const samples = [...sha256s].sort().map((sha256): Sample => ({ sha256, mime: 'image/jpeg', bytes: 1400, width: 8, height: 8, name: 'a.jpg', origin: null, quality: null, split: null, complete: false, focus: false, annotations: [], attributes: {} }));
  const source = { name: 'x', async *samples() { yield* samples; }, read: (sha256: string) => store.read(sha256) };
  const path = join(samplesDir, 'versions', '.new.imgdataset');
  const { version } = await writeDataset(source, { datasetId: set as never, name: 'x', parents: [], createdAt: new Date().toISOString(), createdBy: 'me', producer: 'argus', message: '', labels: [], licence: null, source: '', retentionDays: null }, path, { pictures: 'elsewhere' });
  renameSync(path, fileOf(version));
  await dataSource.query(`INSERT INTO dataset_versions (dataset_id, digest, parents, counts, message, created_by, created_at, is_kept, oldest_at) VALUES ($1, $2, '{}', '{}', '', 'me', now(), $3, $4)`, [set, Buffer.from(version, 'hex'), isKept, oldestAt]);
  return version;
}

const fileOf = (version: string): string => join(samplesDir, 'versions', `${version}.imgdataset`);
const upkeep = (nowMs: number): Promise<void> => new SampleUpkeep({ dataSource, samples: store, collectArchives: null, samplesDir, graceMs: DAY, believedMs: async () => nowMs, log: silentLogger }).once(new AbortController().signal);
/** A round each day: the first begins to count, the second finds what is unused for a day. */
async function days(from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day += 1) await upkeep(Date.now() + day * DAY + 60_000);
}
const rowsOf = async (table: string): Promise<number> => ((await dataSource.query(`SELECT count(*)::int AS count FROM ${table}`)) as [{ count: number }])[0].count;
const isThere = (sha256: string): Promise<boolean> => SampleStore.open(samplesDir).then(async (other) => other.read(sha256).then(() => true, () => false).finally(() => other.close()));

it('removes pictures that nothing uses for a day, with their shards, and those of a removed set', async () => {
  const [set, other] = [await newSet(), await newSet()];
  const sha256s: string[] = [];
  for (let index = 0; index < 12; index += 1) sha256s.push(await add(set, pictureOf(index)));
  await add(other, pictureOf(11));
  await days(0, 1);
  await dataSource.query('DELETE FROM datasets WHERE id = $1', [set]);
  await upkeep(Date.now() + 2 * DAY);
  expect(await rowsOf('pictures')).toBe(12);
  await days(3, 4);
  expect(await rowsOf('pictures')).toBe(1);
  expect([await isThere(sha256s[0] as string), await isThere(sha256s[11] as string)]).toEqual([false, true]);
  expect((await dataSource.query('SELECT sum(pictures)::int AS pictures, count(problem)::int AS problems FROM sample_collections'))[0]).toMatchObject({ problems: 0, pictures: expect.any(Number) });
});

it('leaves removed samples, what a version names, and what is on its way into a set', async () => {
  const set = await newSet();
  const [removed, gone, sealed, staged] = [await add(set, pictureOf(1)), await add(set, pictureOf(2)), await add(set, pictureOf(3)), await add(set, pictureOf(4))];
  // The shard of the last one is open.
  await add(set, pictureOf(5));
  await dataSource.query('UPDATE dataset_samples SET removed_at = now() WHERE sha256 = $1', [Buffer.from(removed, 'hex')]);
  const version = await seal(set, [sealed]);
  const job = newId();
  await dataSource.query(`INSERT INTO dataset_jobs (id, dataset_id, kind, options, state, progress, created_by, created_at, attempts, cursor) VALUES ($1, $2, 'restore-version', '{}', 'queued', '{}', 'me', now(), 0, '{}')`, [job, set]);
  await dataSource.query(`INSERT INTO staged_samples (job_id, sha256, sample) VALUES ($1, $2, '{}')`, [job, Buffer.from(staged, 'hex')]);
  await drop(set, [sealed, staged, gone]);
  await days(0, 6);
  expect(await Promise.all([removed, sealed, staged, gone].map(isThere))).toEqual([true, true, true, false]);
  // Removed by somebody: the file goes after the time of grace, and then its pictures.
  await dataSource.query('UPDATE dataset_versions SET gone_at = $1', [new Date(Date.now() + 6 * DAY)]);
  await upkeep(Date.now() + 6.5 * DAY);
  expect([existsSync(fileOf(version)), await isThere(sealed)]).toEqual([true, true]);
  await days(8, 10);
  expect([existsSync(fileOf(version)), await isThere(sealed), await isThere(removed)]).toEqual([false, false, true]);
});

it('removes nothing while a version cannot be read, and says so', async () => {
  const set = await newSet();
  const sha256 = await add(set, pictureOf(1));
  const version = await seal(set, [sha256]);
  await drop(set, [sha256]);
  renameSync(fileOf(version), `${fileOf(version)}.kept`);
  mkdirSync(fileOf(version));
  await days(0, 3);
  expect([await rowsOf('pictures'), await isThere(sha256)]).toEqual([1, true]);
  const [{ problem }] = (await dataSource.query('SELECT problem FROM sample_collections ORDER BY ended_at DESC LIMIT 1')) as [{ problem: string }];
  expect(problem).toContain(version);
});

it('takes out of a set what is older than it keeps, with the versions that name it, unless they are kept', async () => {
  const set = await newSet(30);
  const old = await add(set, pictureOf(1), { wallAt: new Date(Date.now() - 40 * DAY) });
  const young = await add(set, pictureOf(2), { wallAt: new Date(Date.now() - 5 * DAY) });
  const oldestAt = new Date(Date.now() - 40 * DAY);
  const kept = await seal(set, [old], { isKept: true, oldestAt });
  const whole = await seal(set, [old, young], { oldestAt });
  const fresh = await seal(set, [young]);
  await dataSource.query('UPDATE datasets SET head = $1, head_revision = revision', [Buffer.from(whole, 'hex')]);
  await upkeep(Date.now());
  expect(await dataSource.query(`SELECT encode(sha256, 'hex') AS sha256 FROM dataset_samples`)).toEqual([{ sha256: young }]);
  const versions = (await dataSource.query(`SELECT encode(digest, 'hex') AS digest, gone_at IS NOT NULL AS "isGone" FROM dataset_versions`)) as { digest: string; isGone: boolean }[];
  expect(Object.fromEntries(versions.map(({ digest, isGone }) => [digest, isGone]))).toEqual({ [kept]: false, [whole]: true, [fresh]: false });
  expect((await dataSource.query('SELECT head_revision, revision::int FROM datasets'))[0]).toEqual({ head_revision: null, revision: 1 });
  expect((await dataSource.query('SELECT actor, action, subject_id, details FROM audit'))[0]).toMatchObject({ actor: 'argus', action: 'dataset.retention', subject_id: set, details: { days: 30, samples: 1, versions: [whole] } });
  // The kept version names it still.
  await days(1, 4);
  expect(await isThere(old)).toBe(true);
});

it('does not begin with a database that is new here, nor follow a clock that was set', async () => {
  await store.put(pictureOf(1), { extension: 'jpg', owner: 'w' });
  await store.close();
  store = await SampleStore.open(samplesDir, { lowWaterBytes: 0 });
  await upkeep(Date.now() + 90 * DAY);
  expect(await isThere(sha256Of(pictureOf(1)))).toBe(true);
  await upkeep(Date.now() + 90 * DAY + 3600_000);
  expect(await isThere(sha256Of(pictureOf(1)))).toBe(true);
  await upkeep(Date.now() + 91 * DAY + 3600_000);
  expect(await isThere(sha256Of(pictureOf(1)))).toBe(false);
});

it('loses nothing that a set names while two of it are killed again and again and pictures come, come again and go', async () => {
  const set = await newSet();
  // Versions name some that no set has.
  const sealed: string[] = [];
  for (let index = 1000; index < 1005; index += 1) sealed.push(await add(set, pictureOf(index)));
  await seal(set, sealed);
  await drop(set, sealed);
  await dataSource.query(`INSERT INTO sample_collections VALUES ($1, now() - interval '1 hour', 0, 0, 0, 0, true, NULL)`, [newId()]);
  await store.close();
  const script = `const { SampleUpkeep } = await import(${JSON.stringify(BUILT)}); const { openDatabase } = await import(${JSON.stringify(DATABASE)});
    const { SampleStore } = await import(${JSON.stringify(DATASETS)}); const { silentLogger } = await import(${JSON.stringify(KERNEL)});
    const dataSource = await openDatabase(${JSON.stringify(database.url)}); const samples = await SampleStore.open(${JSON.stringify(samplesDir)});
    const upkeep = new SampleUpkeep({ dataSource, samples, collectArchives: null, samplesDir: ${JSON.stringify(samplesDir)}, graceMs: 1200, believedMs: async () => Date.now(), log: silentLogger });
    process.stdout.write('ready'); for (;;) await upkeep.once(new AbortController().signal);`;
  let state = 11;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const named: string[] = [];
  let puts = 0;
  for (let kills = 0; kills < 4; kills += 1) {
    store = await SampleStore.open(samplesDir, { lowWaterBytes: 0, shardBytes: 3000, touchEveryMs: 50 });
    const killed = [0, 1].map(() => spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }));
    const ends = killed.map((child) => once(child, 'exit'));
    await Promise.all(killed.map(({ stdout }) => once(stdout, 'data', { signal: AbortSignal.timeout(20_000) })));
    for (const until = Date.now() + 1800 + random(900); Date.now() < until; puts += 1) {
      named.push(await add(set, pictureOf((Math.floor(puts / 3) + random(40)) % 160), { owner: `w${kills}` }));
      await drop(set, named.filter((sha256, at) => at < named.length - 20 && !named.slice(-20).includes(sha256)));
      named.splice(0, named.length - 20);
      await setTimeout(random(4));
    }
    expect(killed.map(({ exitCode }) => exitCode)).toEqual([null, null]);
    for (const child of killed) child.kill('SIGKILL');
    await Promise.all(ends);
    await store.close();
  }
  store = await SampleStore.open(samplesDir, { lowWaterBytes: 0 });
  const rows = (await dataSource.query(`SELECT encode(sha256, 'hex') AS sha256 FROM dataset_samples`)) as { sha256: string }[];
  for (const { sha256 } of rows) expect(sha256Of(await store.read(sha256))).toBe(sha256);
  for (const sha256 of sealed) expect(sha256Of(await store.read(sha256))).toBe(sha256);
  const [{ pictures }] = (await dataSource.query('SELECT sum(pictures)::int AS pictures FROM sample_collections')) as [{ pictures: number }];
  expect([rows.length > 0, pictures > 0]).toEqual([true, true]);
}, 60_000);
