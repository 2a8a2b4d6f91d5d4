import type { Annotation, Camera, CameraId, Dataset, DatasetMatrix, DatasetStatistics, Sample, SampleSummary } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, files. Samples are put in as the worker puts them. */
let gateway: RunningGateway;
let store: SampleStore;
let mine: CameraId;
let theirs: CameraId;

beforeAll(async () => {
  gateway = await runGateway();
  store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
  [mine, theirs] = await Promise.all(['Gate', 'Yard'].map(async (name) => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id)) as [CameraId, CameraId];
});
afterAll(async () => {
  await store?.close();
  await gateway?.stop();
});
afterEach(() => gateway.dataSource.query('TRUNCATE datasets, pictures, dataset_samples CASCADE'));

const create = async (name: string, visitor: Visitor = gateway.owner): Promise<Dataset> => (await visitor.call('createDataset', { body: { name } })).body as Dataset;
const box = (label: string): Annotation => ({ id: label, kind: 'box', label, box: { x: 1, y: 2, width: 30, height: 40 }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {} });

interface Put {
  readonly cameraId?: CameraId | null;
  readonly wallAt?: string | null;
  readonly labels?: readonly string[];
  readonly isOriginal?: boolean;
}

/** One picture whose content is its name, and its row. */
async function put(dataset: Dataset, name: string, { cameraId = mine, wallAt = '2026-11-01T12:00:00.000Z', labels = [], isOriginal = false }: Put = {}): Promise<string> {
  const content = Buffer.from(`picture ${name}`);
  const sha256 = Buffer.from((await store.put(content, { extension: 'jpg', owner: 'test' })).sha256, 'hex');
  await store.commit();
  await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', $2, 640, 480, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength]);
  await gateway.dataSource.query(
    `INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, wall_at, time_zone, is_original, annotations, labels, sharpness, brightness, phash, added_at) VALUES ($1, $2, $3, $4, $5, $6, 'Asia/Shanghai', $7, $8, $9, 10, 0.5, -1, now())`,
    [dataset.id, sha256, `${name}.jpg`, cameraId === null ? 'elsewhere' : cameraId === mine ? 'Gate' : 'Yard', cameraId, wallAt, isOriginal, JSON.stringify(labels.map(box)), labels],
  );
  await gateway.dataSource.query(`UPDATE datasets SET revision = revision + 1, camera_ids = (SELECT coalesce(array_agg(DISTINCT one), '{}') FROM unnest(camera_ids || $2::uuid[]) AS one), has_unknown_cameras = has_unknown_cameras OR $3 WHERE id = $1`, [dataset.id, cameraId === null ? [] : [cameraId], cameraId === null]);
  return sha256.toString('hex');
}

const samplesOf = async ({ id }: Dataset, query: Record<string, string> = {}): Promise<SampleSummary[]> => (await gateway.owner.call('listSamples', { params: { id }, query })).body.items as SampleSummary[];
const get = async ({ id }: Dataset): Promise<Dataset> => (await gateway.owner.call('getDataset', { params: { id } })).body as Dataset;

describe('a sample set', () => {
  it('is made, renamed and removed; names that look the same are refused', async () => {
    const set = await create('街道 Street');
    expect(set).toMatchObject({ name: '街道 Street', counts: { samples: 0 }, head: null, isChanged: false, cameraIds: [] });
    expect((await gateway.owner.call('createDataset', { body: { name: '街道 ＳＴＲＥＥＴ' } })).body).toMatchObject({ code: 'dataset.name-taken' });
    expect((await gateway.owner.call('updateDataset', { params: { id: set.id }, body: { name: 'Roads', licence: 'CC-BY-4.0' } })).body).toMatchObject({ name: 'Roads', licence: 'CC-BY-4.0' });
    expect((await gateway.owner.call('deleteDataset', { params: { id: set.id } })).status).toBe(204);
    expect((await gateway.owner.call('getDataset', { params: { id: set.id } })).status).toBe(404);
    const audit = await gateway.dataSource.query(`SELECT action FROM audit WHERE subject_id = $1 ORDER BY at`, [set.id]);
    expect(audit).toEqual([{ action: 'dataset.create' }, { action: 'dataset.update' }, { action: 'dataset.delete' }]);
  });

  it('is for those who may look at all of its cameras, and with unknown ones for those who see all', async () => {
    const [both, one, unknown] = [await create('both'), await create('one'), await create('unknown')];
    await put(both, 'a');
    await put(both, 'b', { cameraId: theirs });
    await put(one, 'a');
    await put(unknown, 'c', { cameraId: null });
    const scoped = await gateway.withKey(['dataset.read', 'dataset.write'], [mine]);
    expect((await scoped.call('listDatasets')).body.items.map(({ name }: Dataset) => name)).toEqual(['one']);
    for (const set of [both, unknown]) {
      expect((await scoped.call('getDataset', { params: { id: set.id } })).status).toBe(404);
      expect((await scoped.call('listSamples', { params: { id: set.id } })).status).toBe(404);
      expect((await scoped.call('listSampleDigests', { params: { id: set.id } })).status).toBe(404);
      expect((await scoped.call('getDatasetMatrix', { params: { id: set.id } })).status).toBe(404);
      expect((await scoped.call('getDatasetStatistics', { params: { id: set.id } })).status).toBe(404);
      expect((await scoped.call('copySamples', { params: { id: one.id }, body: { from: set.id, sha256s: ['0'.repeat(64)] } })).status).toBe(404);
    }
    expect((await (await gateway.withKey(['dataset.read'])).call('createDataset', { body: { name: 'x' } })).status).toBe(403);
    expect((await gateway.owner.call('listDatasets')).body.items).toHaveLength(3);
  });

  it('has the labels of models looked at where somebody says that nothing is missing, until that is taken back', async () => {
    const set = await create('looked at');
    const sha256 = await put(set, 'a');
    const labels = [{ ...box('person'), id: 'model', state: 'auto', score: 0.9 }, { ...box('car'), id: 'told', state: 'reviewed' }, { ...box('bus'), id: 'drawn', state: 'edited' }, { ...box('dog'), id: 'kept', state: 'accepted', score: 0.8 }];
    await gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256 }, body: { annotations: labels } });
    const mark = async (complete: boolean) => {
      const answer = await gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [sha256], set: { complete } } });
      const { annotations } = (await gateway.owner.call('getSample', { params: { id: set.id, sha256 } })).body as Sample;
      return [answer.body.changed, (await get(set)).unreviewed, ...annotations.map(({ id, state }) => `${id} ${state}`)];
    };
    expect((await get(set)).unreviewed).toBe(1);
    expect(await mark(true)).toEqual([1, 0, 'model reviewed', 'told reviewed', 'drawn edited', 'kept accepted']);
    expect(await mark(true)).toEqual([0, 0, 'model reviewed', 'told reviewed', 'drawn edited', 'kept accepted']);
    expect(await mark(false)).toEqual([1, 1, 'model auto', 'told reviewed', 'drawn edited', 'kept accepted']);
  });

  it('counts what is in it, anew after each change', async () => {
    const set = await create('counted');
    const first = await put(set, 'a', { labels: ['person', 'car'] });
    await put(set, 'b', { cameraId: theirs, labels: ['person'] });
    expect((await get(set)).counts).toEqual({ samples: 2, bytes: 18, annotations: 3, labels: { person: 2, car: 1 }, groups: 2, complete: 0 });
    expect((await gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [first], set: { complete: true, split: 'val' } } })).body).toEqual({ changed: 1 });
    expect((await gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [first], set: { complete: true } } })).body).toEqual({ changed: 0 });
    expect((await gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [first], set: { focus: true } } })).body).toEqual({ changed: 1 });
    expect((await samplesOf(set, { focus: 'true' })).map(({ sha256 }) => sha256)).toEqual([first]);
    expect((await samplesOf(set, { focus: 'false', sort: 'sharpest' })).map(({ sha256 }) => sha256)).not.toContain(first);
    expect((await gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: [first, '0'.repeat(64)] } })).body).toEqual({ changed: 1 });
    expect((await get(set)).counts).toMatchObject({ samples: 1, annotations: 1, labels: { person: 1 }, complete: 0 });
    expect((await samplesOf(set, { removed: 'true' })).map(({ sha256 }) => sha256)).toEqual([first]);
    expect((await gateway.owner.call('restoreSamples', { params: { id: set.id }, body: { sha256s: [first] } })).body).toEqual({ changed: 1 });
    expect(await get(set)).toMatchObject({ counts: { samples: 2, complete: 1 }, isChanged: true });
  });
});

describe('samples', () => {
  it('come by group and time, a page after the other, each once', async () => {
    const set = await create('pages');
    const names = Array.from({ length: 25 }, (_unused, index) => index);
    for (const index of names) await put(set, `p${index}`, { cameraId: index % 3 === 0 ? theirs : mine, wallAt: index % 5 === 0 ? null : new Date(Date.UTC(2026, 10, 1, 0, 25 - index)).toISOString() });
    const seen: SampleSummary[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await gateway.owner.call('listSamples', { params: { id: set.id }, query: { limit: '4', ...(cursor ? { cursor } : {}) } });
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    const key = ({ origin }: SampleSummary): string => `${origin?.group} ${origin?.wallTime ?? ''}`;
    expect(seen.map(({ name }) => name).sort()).toEqual(names.map((index) => `p${index}.jpg`).sort());
    expect(seen.map(key)).toEqual(seen.map(key).toSorted());
    expect((await gateway.owner.call('listSamples', { params: { id: set.id }, query: { cursor: 'bm9uc2Vuc2U' } })).status).toBe(400);
  });

  it('are told by their digests in the same order, and a page begins after any of them', async () => {
    const set = await create('digests');
    const long = '很'.repeat(300);
    for (let index = 0; index < 9; index += 1) await put(set, `d${index}`, { cameraId: index % 2 === 0 ? mine : theirs, wallAt: index === 4 ? null : new Date(Date.UTC(2026, 10, 1, 0, 9 - index)).toISOString() });
    // A cursor with the longest name of a group is taken back as it was given.
    await gateway.dataSource.query('UPDATE dataset_samples SET group_name = $2 WHERE dataset_id = $1 AND camera_id = $3', [set.id, long, theirs]);
    const expected = await samplesOf(set);
    const order = expected.map(({ sha256 }) => sha256);
    const runs: { group: string; sha256s: string[] }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await gateway.owner.call('listSampleDigests', { params: { id: set.id }, query: { limit: '2', ...(cursor ? { cursor } : {}) } });
      runs.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(runs.flatMap(({ sha256s }) => sha256s)).toEqual(order);
    expect([...new Set(runs.map(({ group }) => group))]).toEqual([...new Set(expected.map(({ origin }) => origin?.group))]);
    expect((await gateway.owner.call('listSampleDigests', { params: { id: set.id } })).body.items).toHaveLength(2);
    for (const at of [0, 4, 8]) expect((await samplesOf(set, { after: order[at] as string, limit: '3' })).map(({ sha256 }) => sha256)).toEqual(order.slice(at + 1, at + 4));
    await gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: [order[4]] } });
    expect((await samplesOf(set, { after: order[4] as string })).map(({ sha256 }) => sha256)).toEqual(order.slice(5));
    expect((await gateway.owner.call('listSamples', { params: { id: set.id }, query: { after: '0'.repeat(64) } })).status).toBe(404);
  });

  it('are parted into days of a zone', async () => {
    const set = await create('zones');
    await put(set, 'evening', { wallAt: '2026-11-01T15:59:00.000Z' });
    await put(set, 'night', { wallAt: '2026-11-01T16:00:00.000Z' });
    const matrix = async (query: Record<string, string>) => gateway.owner.call('getDatasetMatrix', { params: { id: set.id }, query });
    expect((await matrix({})).body.cells).toMatchObject([{ at: '2026-11-01T00:00:00.000Z', samples: 2 }]);
    expect((await matrix({ timeZone: 'Asia/Shanghai' })).body.cells).toMatchObject([{ at: '2026-10-31T16:00:00.000Z', samples: 1 }, { at: '2026-11-01T16:00:00.000Z', samples: 1 }]);
    const wrong = await matrix({ timeZone: 'Mars/Olympus' });
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'timeZone']);
  });

  it('are filtered by group, label, split and time, and the matrix with them', async () => {
    const set = await create('filtered');
    await put(set, 'a', { labels: ['person'], wallAt: '2026-11-01T10:10:00.000Z' });
    await put(set, 'b', { labels: ['car'], wallAt: '2026-11-01T10:50:00.000Z' });
    await put(set, 'c', { labels: ['car'], wallAt: '2026-11-02T10:00:00.000Z', cameraId: theirs });
    const names = async (query: Record<string, string>): Promise<string[]> => (await samplesOf(set, query)).map(({ name }) => name);
    expect(await names({ label: 'car' })).toEqual(['b.jpg', 'c.jpg']);
    expect(await names({ label: 'car', group: 'Gate' })).toEqual(['b.jpg']);
    expect(await names({ from: '2026-11-01T10:50:00Z', to: '2026-11-02T00:00:00Z' })).toEqual(['b.jpg']);
    expect(await names({ split: 'none' })).toHaveLength(3);
    const matrix = (await gateway.owner.call('getDatasetMatrix', { params: { id: set.id }, query: { step: 'hour' } })).body as DatasetMatrix;
    expect(matrix).toMatchObject({ groups: [{ name: 'Gate', samples: 2 }, { name: 'Yard', samples: 1 }], cells: [{ group: 0, at: '2026-11-01T10:00:00.000Z', samples: 2 }, { group: 1, at: '2026-11-02T10:00:00.000Z', samples: 1 }] });
    const statistics = (await gateway.owner.call('getDatasetStatistics', { params: { id: set.id } })).body as DatasetStatistics;
    expect(statistics).toMatchObject({ labels: [{ label: 'car', annotations: 2, samples: 2 }, { label: 'person', annotations: 1, samples: 1 }], splits: { none: 3 }, hours: [{ hour: 18, samples: 3 }], brightness: [{ from: 0.5, count: 3 }] });
    expect(statistics.boxSizes[0]?.from).toBeCloseTo(Math.sqrt(1200), 3);
  });

  it('are copied by digest with what is known of them, once', async () => {
    const [from, to] = [await create('from'), await create('to')];
    const digests = [await put(from, 'a', { labels: ['person'] }), await put(from, 'b', { cameraId: theirs })];
    expect((await gateway.owner.call('copySamples', { params: { id: to.id }, body: { from: from.id, sha256s: digests } })).body).toEqual({ changed: 2 });
    expect((await gateway.owner.call('copySamples', { params: { id: to.id }, body: { from: from.id, sha256s: digests } })).body).toEqual({ changed: 0 });
    const [sample] = digests;
    const read = async (id: Dataset['id']) => (await gateway.owner.call('getSample', { params: { id, sha256: sample as string } })).body;
    expect(await read(to.id)).toEqual(await read(from.id));
    expect((await get(to)).cameraIds?.toSorted()).toEqual([mine, theirs].toSorted());
  });

  it('are seen as they lie in their shard; those without masks only by who may see originals', async () => {
    const set = await create('pictures');
    const [plain, original] = [await put(set, 'plain'), await put(set, 'original', { isOriginal: true })];
    const picture = async (sha256: string, visitor: Visitor) => visitor.call('getSamplePicture', { params: { id: set.id, sha256 } });
    const reader = await gateway.withKey(['dataset.read']);
    expect((await picture(plain, reader)).status).toBe(200);
    expect([(await picture(original, reader)).status, (await picture(original, await gateway.withKey(['dataset.read', 'recording.original']))).status]).toEqual([403, 200]);
    const missing = await picture('0'.repeat(64), reader);
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store']);
    // Named by its digest, a picture never changes: browsers keep it, each for its own session.
    const { headers } = await picture(plain, reader);
    expect(['cache-control', 'etag', 'vary'].map((name) => headers.get(name))).toEqual(['private, max-age=31536000, immutable', `"${plain}-original"`, 'cookie, authorization']);
  });

  it('keep their annotations as they were given', async () => {
    const set = await create('labelled');
    const sha256 = await put(set, 'a');
    const annotations = [{ ...box('人'), score: 0.123456789012, attributes: { colour: 'red' } }];
    expect((await gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256 }, body: { annotations } })).body.annotations).toEqual(annotations);
    expect((await samplesOf(set))[0]).toMatchObject({ labels: ['人'], annotationCount: 1 });
    const wrong = await gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256 }, body: { annotations: [{ ...box('x'), kind: 'blob' }] } });
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'annotations.0.kind']);
  });
});
