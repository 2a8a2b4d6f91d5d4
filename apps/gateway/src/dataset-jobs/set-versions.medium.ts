import { type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Annotation, type Camera, type CameraId, type Dataset, type DatasetJob, type DatasetJobResult, type DatasetOrigin, type DatasetVersion, type Sample, type SampleSummary } from '@argus/contracts';
import { openDataset, SampleStore } from '@argus/datasets';
import { decodeStill } from '@argus/media';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { streetPictures } from '../../test/street-pictures.js';
import { pathOf, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers as processes that are killed, pictures of the shipped street. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

let gateway: RunningGateway;
let store: SampleStore;
let mine: CameraId;
let theirs: CameraId;
let frames: readonly Buffer[];
const workers: ChildProcess[] = [];

beforeAll(async () => {
  frames = streetPictures(8, 'fps=1,scale=320:-2', 5);
  gateway = await runGateway();
  store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
  [mine, theirs] = await Promise.all(['Gate', 'Yard'].map(async (name) => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id)) as [CameraId, CameraId];
}, 60_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGTERM');
  await gateway.dataSource.query('TRUNCATE dataset_versions, datasets, pictures, dataset_samples, dataset_jobs, sample_embeddings CASCADE');
});
afterAll(async () => {
  await store?.close();
  await gateway?.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, { ARGUS_HARVEST_SLOTS: '0' });
  workers.push(child);
  return child;
}

const create = async (name: string, more: object = {}): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name, ...more } })).body as Dataset;
const get = async ({ id }: Dataset): Promise<Dataset> => (await gateway.owner.call('getDataset', { params: { id } })).body as Dataset;
const box = (id: string, label: string, x: number): Annotation => ({ id, kind: 'box', label, box: { x, y: 20.25, width: 31.5, height: 60 }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {} });

async function put({ id }: Dataset, content: Uint8Array, annotations: readonly Annotation[], isOriginal = false): Promise<string> {
  const sha256 = Buffer.from((await store.put(content, { extension: 'jpg', owner: 'test' })).sha256, 'hex');
  await store.commit();
  const frame = decodeStill(content);
  await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', $2, $3, $4, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength, frame.width, frame.height]);
  frame.free();
  await gateway.dataSource.query(
    `INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, is_original, sharpness, brightness, phash, annotations, labels, attributes, added_at)
    VALUES ($1, $2, '门口 1.jpg', 'Gate', $3, 'street', 7, 8123456789, '2026-05-01T10:00:00.123Z', 'Asia/Shanghai', $4, 123.4567, 0.123456, -7, $5, $6, '{"a": [1, null, "二"]}', now())`,
    [id, sha256, mine, isOriginal, JSON.stringify(annotations), [...new Set(annotations.map(({ label }) => label))].sort()],
  );
  await gateway.dataSource.query(`UPDATE datasets SET revision = revision + 1, camera_ids = ARRAY[$2::uuid] WHERE id = $1`, [id, mine]);
  return sha256.toString('hex');
}

/** Frames with two boxes that people drew. */
async function fill(set: Dataset, from: number, to: number, isOriginal = false): Promise<string[]> {
  const digests: string[] = [];
  for (let index = from; index < to; index += 1) digests.push(await put(set, frames[index] as Buffer, [box(`p${index}`, '行人', 10 + index), box(`c${index}`, 'car', 100.5 + index)], isOriginal));
  return digests;
}

async function begin({ id }: Dataset, body: object, visitor: Visitor = gateway.owner): Promise<DatasetJob> {
  const answer = await visitor.call('createDatasetJob', { params: { id }, body });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body as DatasetJob;
}

function settled({ id }: DatasetJob, state: DatasetJob['state'] = 'done'): Promise<DatasetJob> {
  let last: DatasetJob | undefined;
  return waitFor(async () => {
    last = (await gateway.owner.call('getDatasetJob', { params: { id } })).body as DatasetJob;
    return last.state === state && last;
  }, 60_000, () => JSON.stringify(last));
}

const done = async <K extends DatasetJobResult['kind']>(set: Dataset, body: { readonly kind: K } & Record<string, unknown>) => (await settled(await begin(set, body))).result as Extract<DatasetJobResult, { kind: K }>;
const seal = async (set: Dataset, message = ''): Promise<string> => (await done(set, { kind: 'version', message })).digest;
const samplesOf = async ({ id }: Dataset, removed = 'false'): Promise<SampleSummary[]> => (await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500', removed } })).body.items as SampleSummary[];
const versionsOf = async ({ id }: Dataset): Promise<DatasetVersion[]> => (await gateway.owner.call('listDatasetVersions', { params: { id } })).body as DatasetVersion[];
const auditOf = async (action: string): Promise<unknown[]> => gateway.dataSource.query('SELECT details FROM audit WHERE action = $1 ORDER BY id DESC', [action]);

/** Labels, splits and samples of a set are others than they were. */
async function change(set: Dataset, digests: readonly string[]): Promise<void> {
  const params = { id: set.id };
  await gateway.owner.call('saveAnnotations', { params: { ...params, sha256: digests[0] as string }, body: { annotations: [box('x', 'bus', 3)] } });
  await gateway.owner.call('changeSamples', { params, body: { sha256s: [digests[1]], set: { split: 'val', complete: true, focus: true } } });
  await gateway.owner.call('removeSamples', { params, body: { sha256s: digests.slice(2, 4) } });
  await fill(set, 5, 8);
}

describe.skipIf(problem)('a version that is restored', () => {
  it('is exactly the set again, and so is what was before it', async () => {
    await startWorker();
    const set = await create('there and back');
    const digests = await fill(set, 0, 5);
    const first = await seal(set, 'first');
    await change(set, digests);
    const restored = await done(set, { kind: 'restore-version', digest: first });
    expect(restored).toMatchObject({ digest: first, added: 2, changed: 2, removed: 3 });
    expect(await get(set)).toMatchObject({ head: first, isChanged: false, counts: { samples: 5, annotations: 10 } });
    expect((await samplesOf(set, 'true')).length).toBe(3);
    // Of the same content is the same version, to the last digit.
    expect(await done(set, { kind: 'version' })).toMatchObject({ digest: first, isNew: false });
    const before = restored.before as string;
    expect((await versionsOf(set)).map(({ digest, message }) => [digest, message])).toEqual([[before, `before restoring ${first.slice(0, 12)}`], [first, 'first']]);
    expect(await done(set, { kind: 'restore-version', digest: before })).toMatchObject({ before: first, added: 3, changed: 2, removed: 2 });
    expect(await seal(set)).toBe(before);
    // What is so already is left alone.
    expect(await done(set, { kind: 'restore-version', digest: before })).toMatchObject({ before, added: 0, changed: 0, removed: 0 });
    expect((await auditOf('dataset-job.create'))[0]).toMatchObject({ details: { kind: 'restore-version', digest: before, name: 'there and back' } });
  }, 60_000);

  it('brings back samples that are in no set any more, originals as originals', async () => {
    await startWorker();
    const set = await create('originals');
    const [first] = await fill(set, 0, 3, true);
    const version = await seal(set);
    await gateway.dataSource.query('DELETE FROM dataset_samples');
    await gateway.dataSource.query('UPDATE datasets SET revision = revision + 1');
    expect(await done(set, { kind: 'restore-version', digest: version })).toMatchObject({ before: null, added: 3, changed: 0, removed: 0 });
    const visitor = await gateway.withKey(['dataset.read'], [mine]);
    expect((await visitor.call('getSamplePicture', { params: { id: set.id, sha256: first as string } })).status).toBe(403);
  }, 60_000);

  it('goes on where a killed worker was, and changes the set at once or not at all', async () => {
    const set = await create('large');
    await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) SELECT sha256(i::text::bytea), 'image/jpeg', 9, 8, 8, now() FROM generate_series(1, 12000) AS i`);
    const fillAgain = () => gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, annotations, labels, added_at) SELECT $1, sha256(i::text::bytea), i || '.jpg', 'g' || i % 9, $2, '{car}', now() FROM generate_series(1, 12000) AS i`, [set.id, JSON.stringify([box('1', 'car', 1)])]);
    await fillAgain();
    await gateway.dataSource.query('UPDATE datasets SET revision = revision + 1, has_unknown_cameras = true');
    const first = await startWorker();
    const version = await seal(set);
    await gateway.dataSource.query('DELETE FROM dataset_samples WHERE dataset_id = $1', [set.id]);
    await put(set, frames[0] as Buffer, []);
    const job = await begin(set, { kind: 'restore-version', digest: version });
    await waitFor(async () => ((await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob).progress.done >= 500, 30_000);
    await endWorker(first, 'SIGKILL');
    workers.length = 0;
    const { progress, state } = (await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob;
    expect([state, progress.done < 12_000, (await samplesOf(set)).length]).toEqual(['running', true, 1]);
    await startWorker();
    expect((await settled(job)).result).toMatchObject({ added: 12_000, changed: 0, removed: 1 });
    expect(await seal(set)).toBe(version);
    expect(await gateway.dataSource.query('SELECT count(*)::int AS count FROM staged_samples')).toEqual([{ count: 0 }]);
  }, 120_000);

  it('seals again where somebody labels between the seal and the change, so that no label is lost', async () => {
    await startWorker();
    const set = await create('worked on');
    const [first] = await fill(set, 0, 3);
    const version = await seal(set);
    const label = (name: string) => gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: first as string }, body: { annotations: [box('x', name, 3)] } });
    await label('before');
    // Whoever writes a version waits: the set is sealed by then, and not changed yet.
    const holding = gateway.dataSource.createQueryRunner();
    await holding.startTransaction();
    await holding.query('LOCK TABLE dataset_versions IN SHARE MODE');
    const job = await begin(set, { kind: 'restore-version', digest: version });
    await waitFor(async () => ((await gateway.dataSource.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'dataset_versions'::regclass`)) as unknown[]).length > 0, 30_000);
    await label('in between');
    await holding.commitTransaction();
    await holding.release();
    const { before } = (await settled(job)).result as Extract<DatasetJobResult, { kind: 'restore-version' }>;
    expect(await seal(set)).toBe(version);
    await done(set, { kind: 'restore-version', digest: before as string });
    expect(((await gateway.owner.call('getSample', { params: { id: set.id, sha256: first as string } })).body as Sample).annotations.map((one) => one.label)).toEqual(['in between']);
    expect((await versionsOf(set)).length).toBe(2);
  }, 60_000);

  it('is refused where it is not there, and for who may not', async () => {
    await startWorker();
    const set = await create('refused');
    await fill(set, 0, 2);
    const version = await seal(set);
    const params = { id: set.id };
    expect((await gateway.owner.call('createDatasetJob', { params, body: { kind: 'restore-version', digest: '0'.repeat(64) } })).body).toMatchObject({ status: 404 });
    const reader = await gateway.withKey(['dataset.read'], [mine]);
    expect((await reader.call('createDatasetJob', { params, body: { kind: 'restore-version', digest: version } })).status).toBe(403);
    const elsewhere = await gateway.withKey(['dataset.read', 'dataset.write'], [theirs]);
    for (const body of [{ kind: 'restore-version', digest: version }, { kind: 'compare-versions', from: version }]) expect((await elsewhere.call('createDatasetJob', { params, body })).status).toBe(404);
    // Its file is damaged: nothing is changed.
    writeFileSync(join(gateway.settings.samplesDir, 'versions', `${version}.imgdataset`), 'no archive');
    const failed = await settled(await begin(set, { kind: 'restore-version', digest: version }), 'failed');
    expect(failed.problem).toContain(`version ${version.slice(0, 12)} cannot be read`);
    expect(failed.problem).not.toContain(gateway.settings.samplesDir);
    expect((await samplesOf(set)).length).toBe(2);
  }, 60_000);
});

describe.skipIf(problem)('versions', () => {
  it('are compared by sample and label, with each other and with the set', async () => {
    await startWorker();
    const set = await create('compared');
    const digests = await fill(set, 0, 5);
    const first = await seal(set);
    await change(set, digests);
    const expected = { samples: { before: 5, after: 6 }, added: 3, removed: 2, changed: 2, labels: [{ label: 'bus', before: 0, after: 1 }] };
    const now = await done(set, { kind: 'compare-versions', from: first });
    expect(now).toMatchObject({ from: first, to: null, ...expected });
    expect(Object.fromEntries(now.list.map(({ sha256, what }) => [sha256, what]))).toMatchObject({ [digests[0] as string]: 'changed', [digests[1] as string]: 'changed', [digests[2] as string]: 'removed', [digests[3] as string]: 'removed' });
    const second = await seal(set);
    expect(await done(set, { kind: 'compare-versions', from: first, to: second })).toMatchObject(expected);
    expect(await done(set, { kind: 'compare-versions', from: second, to: first })).toMatchObject({ added: 2, removed: 3, changed: 2, labels: [{ label: 'bus', before: 1, after: 0 }] });
    expect(await done(set, { kind: 'compare-versions', from: second })).toMatchObject({ added: 0, removed: 0, changed: 0, list: [], labels: [] });
  }, 60_000);

  it('are taken away as they were, by who may export', async () => {
    await startWorker();
    const set = await create('taken away');
    const digests = await fill(set, 0, 3, true);
    const version = await seal(set);
    await gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: digests } });
    const body = { kind: 'export', format: 'imgdataset', version };
    // The set has no originals any more; the version has.
    const exporter = await gateway.withKey(['dataset.read', 'dataset.write', 'dataset.export'], [mine]);
    expect((await exporter.call('createDatasetJob', { params: { id: set.id }, body })).body).toMatchObject({ status: 403, code: 'dataset.originals' });
    const job = await settled(await begin(set, body));
    expect(job.result).toMatchObject({ samples: 3, annotations: 6, originals: 3 });
    const file = await fetch(gateway.url + pathOf(api.getDatasetJobFile, { params: { id: set.id, jobId: job.id } }), { headers: { authorization: `Bearer ${gateway.owner.key}` } });
    const path = join(gateway.data, 'taken.imgdataset');
    writeFileSync(path, Buffer.from(await file.arrayBuffer()));
    const opened = await openDataset(path);
    const samples: Sample[] = [];
    for await (const sample of opened.samples()) samples.push(sample);
    expect([opened.manifest.version, opened.manifest.parents, samples.length]).toEqual([version, [version], 3]);
    expect(Buffer.from(await opened.read(digests[0] as string)).equals(frames[0] as Buffer)).toBe(true);
    await opened.close();
    expect((await auditOf('dataset.export'))[0]).toMatchObject({ details: { version } });
    expect((await done(set, { ...body, format: 'coco' } as never)) as object).toMatchObject({ samples: 3, originals: 3 });
  }, 60_000);

  it('are kept, or removed with their name left behind', async () => {
    await startWorker();
    const set = await create('kept');
    const [first] = await fill(set, 0, 2);
    const one = await seal(set);
    await gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: first as string }, body: { annotations: [] } });
    const two = await seal(set);
    const of = (digest: string) => ({ params: { id: set.id, digest } });
    const reader = await gateway.withKey(['dataset.read'], [mine]);
    expect([(await reader.call('deleteDatasetVersion', of(one))).status, (await reader.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).status]).toEqual([403, 403]);
    const elsewhere = await gateway.withKey(['dataset.read', 'dataset.write'], [theirs]);
    expect([(await elsewhere.call('deleteDatasetVersion', of(one))).status, (await elsewhere.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).status, (await elsewhere.call('listDatasetOrigins', { params: { id: set.id } })).status]).toEqual([404, 404, 404]);
    expect((await gateway.owner.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).body).toMatchObject({ digest: one, isKept: true });
    expect((await gateway.owner.call('deleteDatasetVersion', of(one))).body).toMatchObject({ status: 409, code: 'dataset.version-kept' });
    expect((await gateway.owner.call('deleteDataset', { params: { id: set.id } })).body).toMatchObject({ status: 409, code: 'dataset.version-kept' });
    expect((await gateway.owner.call('deleteDatasetVersion', of(two))).status).toBe(204);
    // Who was made from whom stays known; what the set is now is in no version.
    expect(await versionsOf(set)).toMatchObject([{ digest: two, parents: [one], isGone: true }, { digest: one, isKept: true, isGone: false }]);
    expect(await get(set)).toMatchObject({ head: two, isChanged: true });
    for (const body of [{ kind: 'restore-version', digest: two }, { kind: 'export', format: 'coco', version: two }, { kind: 'compare-versions', from: two }]) expect((await gateway.owner.call('createDatasetJob', { params: { id: set.id }, body })).status).toBe(404);
    // Sealed again it is whole again.
    expect(await done(set, { kind: 'version' })).toMatchObject({ digest: two, isNew: false });
    expect((await versionsOf(set))[0]).toMatchObject({ digest: two, isGone: false });
    expect([(await auditOf('dataset.change-version')).length, (await auditOf('dataset.delete-version')).length]).toEqual([1, 1]);
  }, 60_000);

  it('stand beside where the set came from, as far as the caller may know', async () => {
    const [set, source, hidden] = [await create('target'), await create('source'), await create('hidden')];
    await fill(source, 0, 2);
    await fill(hidden, 2, 3);
    for (const from of [source, hidden]) await gateway.owner.call('copySamples', { params: { id: set.id }, body: { from: from.id, sha256s: (await samplesOf(from)).map(({ sha256 }) => sha256) } });
    await gateway.dataSource.query('UPDATE datasets SET camera_ids = ARRAY[$2::uuid] WHERE id = $1', [hidden.id, theirs]);
    await gateway.dataSource.query('UPDATE datasets SET camera_ids = ARRAY[$2::uuid] WHERE id = $1', [set.id, mine]);
    const originsOf = async (visitor: Visitor, { id }: Dataset) => (await visitor.call('listDatasetOrigins', { params: { id } })).body as DatasetOrigin[];
    expect(await originsOf(gateway.owner, set)).toMatchObject([{ kind: 'copy', direction: 'from', name: 'hidden', datasetId: hidden.id, times: 1, samples: 1 }, { name: 'source', datasetId: source.id, samples: 2 }]);
    expect(await originsOf(gateway.owner, source)).toMatchObject([{ kind: 'copy', direction: 'to', name: 'target', datasetId: set.id, samples: 2 }]);
    const visitor = await gateway.withKey(['dataset.read'], [mine]);
    expect((await originsOf(visitor, set)).map(({ name, datasetId }) => [name, datasetId])).toEqual([[null, null], ['source', source.id]]);
    expect((await gateway.owner.call('getSampleStorage', {})).body).toMatchObject({ pictures: 3, unusedPictures: 0, collected: { pictures: 0, bytes: 0 } });
    expect((await visitor.call('getSampleStorage', {})).status).toBe(403);
  }, 60_000);
});
