import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Camera, CameraId, Dataset, DatasetJob, FoundSample, FoundSamples } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scenePicture, writeTwoTowers, type Scene } from '../../../../libs/models/test/two-tower-package.js';
import { runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, the built worker as a process, its sessions, a tokenizer, a small package with a picture's and a text's tower, made pictures. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const SHIPPED = fileURLToPath(new URL('../../../../libs/models/packages', import.meta.url));
const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const COLOURS = ['red', 'green', 'blue'] as const;
const PICTURES = 600;
let gateway: RunningGateway;
let store: SampleStore;
let models: string;
let mine: CameraId;
let theirs: CameraId;
let worker: ChildProcess;

beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'argus-search-models-'));
  await writeTwoTowers(join(models, 'two-towers'));
  gateway = await runGateway();
  store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
  [mine, theirs] = await Promise.all(['Gate', 'Yard'].map(async (name) => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id)) as [CameraId, CameraId];
  worker = await start();
}, 60_000);
afterEach(() => gateway.dataSource.query('TRUNCATE datasets, pictures, dataset_samples, dataset_jobs, sample_embeddings CASCADE'));
afterAll(async () => {
  if (worker) await endWorker(worker, 'SIGTERM');
  await store?.close();
  await gateway?.stop();
  rmSync(models, { recursive: true });
});

const start = (folders: readonly string[] = [SHIPPED, models]): Promise<ChildProcess> => startWorker(gateway, { ARGUS_MODELS_DIRS: folders.join(delimiter), ARGUS_HARVEST_SLOTS: '0' });
async function restart(folders?: readonly string[]): Promise<void> {
  await endWorker(worker, 'SIGTERM');
  worker = await start(folders);
}

const create = async (name: string): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name } })).body as Dataset;

interface Put {
  readonly cameraId?: CameraId;
  readonly split?: 'train' | 'val' | null;
}

async function put({ id }: Dataset, scene: Scene, seed: number, { cameraId = mine, split = null }: Put = {}): Promise<string> {
  const content = scenePicture(scene, seed);
  const sha256 = Buffer.from((await store.put(content, { extension: 'png', owner: 'test' })).sha256, 'hex');
  await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/png', $2, 64, 48, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength]);
  await gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, split, added_at, is_original) VALUES ($1, $2, $3, 'Gate', $4, $5, now(), false)`, [id, sha256, `${nameOf(scene)} ${seed}`, cameraId, split]);
  await gateway.dataSource.query(`UPDATE datasets SET revision = revision + 1, camera_ids = (SELECT array_agg(DISTINCT one) FROM unnest(camera_ids || $2::uuid) AS one) WHERE id = $1`, [id, cameraId]);
  return sha256.toString('hex');
}

const nameOf = ({ colour, isNight, hasPerson }: Scene): string => [colour, isNight ? 'night' : 'day', ...(hasPerson ? ['person'] : [])].join(' ');
const sceneOf = (index: number): Scene => ({ colour: COLOURS[index % 3] as Scene['colour'], isNight: index % 2 === 0, hasPerson: index % 5 === 0 });

async function embed({ id }: Dataset, model: string | null = 'two-towers'): Promise<DatasetJob['result']> {
  await store.commit();
  const job = (await gateway.owner.call('createDatasetJob', { params: { id }, body: { kind: 'embed', model } })).body as DatasetJob;
  let last: DatasetJob | undefined;
  await waitFor(async () => {
    last = (await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob;
    return last.state !== 'queued' && last.state !== 'running';
  }, 60_000, () => JSON.stringify(last));
  expect(last).toMatchObject({ state: 'done', problem: null });
  return last?.result ?? null;
}

const ask = ({ id }: Dataset, query: Record<string, string>, visitor: Visitor = gateway.owner) => visitor.call('searchSamples', { params: { id }, query });
async function find(set: Dataset, query: Record<string, string>): Promise<FoundSamples> {
  const { status, body } = await ask(set, query);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body as FoundSamples;
}
async function findAll(set: Dataset, query: Record<string, string>): Promise<FoundSample[]> {
  const all: FoundSample[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: FoundSamples = await find(set, { ...query, ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}
const names = (items: readonly FoundSample[]): string[] => items.map(({ name }) => name);

describe.skipIf(problem)('a search', () => {
  it('finds what words say: of each tag, at least eight of ten of the first fifty; over pages, each once, best first', { timeout: 120_000 }, async () => {
    const set = await create('tagged');
    const tags = new Map<string, string>();
    for (let index = 0; index < PICTURES; index += 1) tags.set(await put(set, sceneOf(index), index), nameOf(sceneOf(index)));
    expect(await embed(set)).toMatchObject({ kind: 'embed', embedded: PICTURES, troubles: [] });
    const figures: Record<string, number> = {};
    for (const [text, words] of [['a red picture', ['red']], ['green', ['green']], ['blue by day', ['blue', 'day']], ['a person at night', ['night', 'person']], ['夜里的人', ['night', 'person']], ['红', ['red']]] as const) {
      const { items } = await find(set, { text, limit: '50' });
      expect(items).toHaveLength(50);
      const wanted = [...tags.values()].filter((tag) => words.every((word) => tag.split(' ').includes(word))).length;
      const right = items.filter(({ sha256 }) => words.every((word) => tags.get(sha256)?.split(' ').includes(word))).length;
      figures[text] = right / Math.min(50, wanted);
    }
    console.log(`recall@50 of ${PICTURES} made pictures: ${JSON.stringify(figures)}`);
    for (const [text, recall] of Object.entries(figures)) expect([text, recall >= 0.8]).toEqual([text, true]);

    const all = await findAll(set, { text: 'red at night', limit: '130' });
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(PICTURES);
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  it('finds pictures that are like one of the set, by the shipped detector where there is nothing else', async () => {
    const set = await create('alike');
    const digests: string[] = [];
    for (let index = 0; index < 24; index += 1) digests.push(await put(set, sceneOf(index), index));
    const missing = await ask(set, { sample: digests[0] as string });
    expect([missing.status, missing.body.code]).toEqual([409, 'search.no-vectors']);
    await embed(set, null);
    const scenes = await find(set, { sample: digests[3] as string });
    expect(scenes.embedding).toMatch(/^nanodet-g-416@/);
    expect(scenes.items[0]).toMatchObject({ sha256: digests[3], name: nameOf(sceneOf(3)) + ' 3' });
    expect(scenes.items[0]?.score).toBeCloseTo(1, 2);
    expect(scenes.items).toHaveLength(24);
    // The package knows more; asked for by its name, or once its vectors are there.
    expect((await ask(set, { sample: digests[3] as string, model: 'two-towers' })).body.code).toBe('search.no-vectors');
    await embed(set);
    const { items, embedding } = await find(set, { sample: digests[3] as string, limit: '3' });
    expect(embedding).toMatch(/^two-towers@1\.0\.0#[0-9a-f]{12}$/);
    expect(names(items).every((name) => name.startsWith(nameOf(sceneOf(3))))).toBe(true);
    // A picture that is in no set.
    const picture = scenePicture(sceneOf(3), 777).toString('base64');
    const byPicture = await gateway.owner.call('searchByPicture', { params: { id: set.id }, query: { limit: '3' }, body: { picture } });
    expect([byPicture.status, names(byPicture.body.items).every((name) => name.startsWith(nameOf(sceneOf(3))))]).toEqual([200, true]);
    const second = await gateway.owner.call('searchByPicture', { params: { id: set.id }, query: { limit: '3', cursor: byPicture.body.nextCursor }, body: { picture } });
    expect(second.body.items.map(({ sha256 }: FoundSample) => sha256).filter((one: string) => byPicture.body.items.some(({ sha256 }: FoundSample) => sha256 === one))).toEqual([]);
    const noPicture = await gateway.owner.call('searchByPicture', { params: { id: set.id }, body: { picture: Buffer.from('no picture').toString('base64') } });
    expect([noPicture.status, noPicture.body.code]).toEqual([422, 'search.failed']);
    expect((await gateway.owner.call('searchByPicture', { params: { id: set.id }, body: { picture: '?' } })).status).toBe(400);
    expect((await gateway.owner.call('getDatasetVectors', { params: { id: set.id } })).body).toEqual({ samples: 24, embeddings: [{ name: scenes.embedding, samples: 24 }, { name: embedding, samples: 24 }], models: [] });
  });

  it('knows at once what came, was taken out, taken back and filtered, also after the worker was replaced and its file cut off', { timeout: 90_000 }, async () => {
    const set = await create('changing');
    const red = (seed: number, more: Put = {}) => put(set, { colour: 'red', isNight: false, hasPerson: false }, seed, more);
    const blue = (seed: number) => put(set, { colour: 'blue', isNight: false, hasPerson: false }, seed);
    for (let seed = 0; seed < 40; seed += 1) await blue(1000 + seed);
    const first = await red(1);
    await embed(set);
    const reds = async (query: Record<string, string> = {}): Promise<string[]> => (await findAll(set, { text: 'red', limit: '20', ...query })).filter(({ name }) => name.startsWith('red')).map(({ sha256 }) => sha256);
    expect(await reds()).toEqual([first]);

    const second = await red(2, { split: 'val' });
    expect(await reds()).toEqual([first]);
    await embed(set);
    expect((await reds()).toSorted()).toEqual([first, second].toSorted());
    // What another set had turned into a vector already is there as soon as it is copied.
    const other = await create('other');
    const third = await put(other, { colour: 'red', isNight: false, hasPerson: true }, 3);
    await embed(other);
    await gateway.owner.call('copySamples', { params: { id: set.id }, body: { from: other.id, sha256s: [third] } });
    expect((await reds()).toSorted()).toEqual([first, second, third].toSorted());
    expect((await findAll(other, { text: 'red' })).map(({ sha256 }) => sha256)).toEqual([third]);

    // A transaction that ends after a later one has been read.
    const late = gateway.dataSource.createQueryRunner();
    await late.startTransaction();
    await late.query('SELECT pg_current_xact_id()');
    const fourth = await put(other, { colour: 'red', isNight: true, hasPerson: true }, 4);
    await embed(other);
    await late.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, added_at, is_original) VALUES ($1, $2, 'red late', 'Gate', $3, now(), false)`, [set.id, Buffer.from(fourth, 'hex'), mine]);
    const fifth = await red(5);
    await embed(set);
    expect((await reds()).toSorted()).toEqual([first, second, third, fifth].toSorted());
    expect((await reds()).toSorted()).toEqual([first, second, third, fifth].toSorted());
    await late.commitTransaction();
    await late.release();
    const whole = [first, second, third, fourth, fifth].toSorted();
    expect((await reds()).toSorted()).toEqual(whole);

    await gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: [first] } });
    expect((await reds()).toSorted()).toEqual(whole.filter((one) => one !== first));
    expect(await reds({ removed: 'true' })).toEqual([first]);
    expect(await reds({ split: 'val' })).toEqual([second]);
    expect((await find(set, { text: 'red', split: 'test' })).items).toEqual([]);
    await gateway.owner.call('restoreSamples', { params: { id: set.id }, body: { sha256s: [first] } });
    expect((await reds()).toSorted()).toEqual(whole);

    await restart();
    expect((await reds()).toSorted()).toEqual(whole);
    const folder = join(gateway.settings.samplesDir, 'search', set.id);
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.rows'))) truncateSync(join(folder, name), 100);
    await restart();
    expect((await reds()).toSorted()).toEqual(whole);
    // Files of sets that are gone go with the next worker.
    await gateway.owner.call('deleteDataset', { params: { id: other.id } });
    await restart();
    expect(readdirSync(join(gateway.settings.samplesDir, 'search'))).toEqual([set.id]);
  });

  it('finds few of many by a filter, and pages through them', { timeout: 60_000 }, async () => {
    const set = await create('filtered');
    for (let index = 0; index < 200; index += 1) await put(set, { colour: index < 150 ? 'red' : 'blue', isNight: false, hasPerson: false }, index, { split: index >= 150 && index % 2 === 0 ? 'train' : null });
    await embed(set);
    const found = await findAll(set, { text: 'red', split: 'train', limit: '4' });
    expect([found.length, new Set(found.map(({ sha256 }) => sha256)).size]).toEqual([25, 25]);
    expect(found.every(({ split }) => split === 'train')).toBe(true);

    const argus = async (...words: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [CLI, 'dataset', 'search', 'filtered', ...words], { env: { PATH: process.env['PATH'], ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string } })).stdout;
    const [head, ...lines] = (await argus('--text', 'blue', '--limit', '3')).trim().split('\n');
    expect(head).toMatch(/^SCORE +GROUP +TIME +NAME +SHA256$/);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^[01]\.\d{3} .*blue day.* [0-9a-f]{64}$/);
    expect((JSON.parse(await argus('--like', found[0]?.sha256 as string, '--limit', '1', '--json')) as FoundSample[])[0]?.sha256).toBe(found[0]?.sha256);
    const file = join(models, 'blue.png');
    writeFileSync(file, scenePicture({ colour: 'blue', isNight: false, hasPerson: false }, 5000));
    expect(await argus('--picture', file, '--limit', '1')).toMatch(/ blue day /);
    expect(await argus('--text', 'blue', '--group', 'Nowhere')).toBe('There is none.\n');
  });

  it('is for those who see the set, and says what is wrong with a question', async () => {
    const set = await create('closed');
    const inside = await put(set, sceneOf(0), 0, { cameraId: theirs });
    await embed(set);
    const elsewhere = await create('elsewhere');
    const hidden = await put(elsewhere, sceneOf(1), 1, { cameraId: theirs });
    await embed(elsewhere);
    const scoped = await gateway.withKey(['dataset.read', 'dataset.write'], [mine]);
    for (const query of [{ text: 'red' }, { sample: inside }] as Record<string, string>[]) expect((await ask(set, query, scoped)).status).toBe(404);
    expect((await scoped.call('searchByPicture', { params: { id: set.id }, body: { picture: scenePicture(sceneOf(0), 0).toString('base64') } })).status).toBe(404);
    expect((await scoped.call('getDatasetVectors', { params: { id: set.id } })).status).toBe(404);
    expect((await ask(set, { text: 'red' }, await gateway.withKey(['camera.read']))).status).toBe(403);
    // A picture of another set is no way to learn of that set.
    expect((await ask(set, { sample: hidden })).status).toBe(404);
    for (const query of [{}, { text: 'red', sample: inside }, { text: '  ' }, { text: 'x'.repeat(501) }, { sample: 'abc' }, { text: 'red', cursor: 'bm9uc2Vuc2U' }] as Record<string, string>[]) expect([query, (await ask(set, query)).status]).toEqual([query, 400]);
    expect((await ask(set, { text: 'red', model: 'nobody' })).body).toMatchObject({ code: 'search.no-model', detail: expect.stringContaining('got "nobody"') });
    await restart([SHIPPED]);
    const none = await ask(set, { text: 'red' });
    expect([none.status, none.body.code]).toEqual([409, 'search.no-model']);
    expect(none.body.detail).toMatch(/no model package that understands words is installed/);
    await endWorker(worker, 'SIGTERM');
    const away = await ask(set, { text: 'red' });
    expect([away.status, away.body.code]).toEqual([503, 'search.away']);
    worker = await start();
  });
});
