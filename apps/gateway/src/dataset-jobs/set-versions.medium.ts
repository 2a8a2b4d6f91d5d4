import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Annotation, type CameraId, type Dataset, type DatasetOrigin, type DatasetVersion, type Sample } from '@argus/contracts';
import { openDataset } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pathOf, type Visitor } from '../../test/running-gateway.js';
import { endWorker, whyNoWorker } from '../../test/running-worker.js';
import { addCamera, drawn, SetBench } from '../../test/set-bench.js';
import { streetPictures } from '../../test/street-pictures.js';

/** Real: PostgreSQL, HTTP, built workers as processes that are killed, pictures of the shipped street. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

let bench: SetBench;
let theirs: CameraId;
let frames: readonly Buffer[];

beforeAll(async () => {
  frames = streetPictures(8, 'fps=1,scale=320:-2', 5);
  bench = await SetBench.open();
  theirs = await addCamera(bench.gateway, 'Yard');
}, 60_000);
afterEach(() => bench.clear());
afterAll(() => bench?.close());

const box = (id: string, label: string, x: number): Annotation => drawn(label, x, 20.25, 31.5, 60, { id });
const put = (set: Dataset, content: Uint8Array, annotations: readonly Annotation[], isOriginal = false): Promise<string> =>
  bench.put(set, content, {
    annotations,
    row: { name: '门口 1.jpg', pts_us: 8123456789, wall_at: '2026-05-01T10:00:00.123Z', time_zone: 'Asia/Shanghai', is_original: isOriginal, sharpness: 123.4567, brightness: 0.123456, phash: -7, attributes: '{"a": [1, null, "二"]}' },
  });

/** Frames with two boxes that people drew. */
async function fill(set: Dataset, from: number, to: number, isOriginal = false): Promise<string[]> {
  const digests: string[] = [];
  for (let index = from; index < to; index += 1) digests.push(await put(set, frames[index] as Buffer, [box(`p${index}`, '行人', 10 + index), box(`c${index}`, 'car', 100.5 + index)], isOriginal));
  return digests;
}

const seal = async (set: Dataset, message = ''): Promise<string> => (await bench.result(set, { kind: 'version', message })).digest;
const versionsOf = async ({ id }: Dataset): Promise<DatasetVersion[]> => (await bench.gateway.owner.call('listDatasetVersions', { params: { id } })).body as DatasetVersion[];
const auditOf = async (action: string): Promise<unknown[]> => bench.gateway.dataSource.query('SELECT details FROM audit WHERE action = $1 ORDER BY id DESC', [action]);

/** Labels, splits and samples of a set are others than they were. */
async function change(set: Dataset, digests: readonly string[]): Promise<void> {
  const params = { id: set.id };
  await bench.gateway.owner.call('saveAnnotations', { params: { ...params, sha256: digests[0] as string }, body: { annotations: [box('x', 'bus', 3)] } });
  await bench.gateway.owner.call('changeSamples', { params, body: { sha256s: [digests[1]], set: { split: 'val', complete: true, focus: true } } });
  await bench.gateway.owner.call('removeSamples', { params, body: { sha256s: digests.slice(2, 4) } });
  await fill(set, 5, 8);
}

describe.skipIf(problem)('a version that is restored', () => {
  it('is exactly the set again, and so is what was before it', async () => {
    await bench.worker();
    const set = await bench.create('there and back');
    const digests = await fill(set, 0, 5);
    const first = await seal(set, 'first');
    await change(set, digests);
    const restored = await bench.result(set, { kind: 'restore-version', digest: first });
    expect(restored).toMatchObject({ digest: first, added: 2, changed: 2, removed: 3 });
    expect(await bench.dataset(set)).toMatchObject({ head: first, isChanged: false, counts: { samples: 5, annotations: 10 } });
    expect((await bench.samples(set, { removed: 'true' })).length).toBe(3);
    // Of the same content is the same version, to the last digit.
    expect(await bench.result(set, { kind: 'version' })).toMatchObject({ digest: first, isNew: false });
    const before = restored.before as string;
    expect((await versionsOf(set)).map(({ digest, message }) => [digest, message])).toEqual([[before, `before restoring ${first.slice(0, 12)}`], [first, 'first']]);
    expect(await bench.result(set, { kind: 'restore-version', digest: before })).toMatchObject({ before: first, added: 3, changed: 2, removed: 2 });
    expect(await seal(set)).toBe(before);
    // What is so already is left alone.
    expect(await bench.result(set, { kind: 'restore-version', digest: before })).toMatchObject({ before, added: 0, changed: 0, removed: 0 });
    expect((await auditOf('dataset-job.create'))[0]).toMatchObject({ details: { kind: 'restore-version', digest: before, name: 'there and back' } });
  }, 60_000);

  it('brings back samples that are in no set any more, originals as originals', async () => {
    await bench.worker();
    const set = await bench.create('originals');
    const [first] = await fill(set, 0, 3, true);
    const version = await seal(set);
    await bench.gateway.dataSource.query('DELETE FROM dataset_samples');
    await bench.gateway.dataSource.query('UPDATE datasets SET revision = revision + 1');
    expect(await bench.result(set, { kind: 'restore-version', digest: version })).toMatchObject({ before: null, added: 3, changed: 0, removed: 0 });
    const visitor = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect((await visitor.call('getSamplePicture', { params: { id: set.id, sha256: first as string } })).status).toBe(403);
  }, 60_000);

  it('goes on where a killed worker was, and changes the set at once or not at all', async () => {
    const set = await bench.create('large');
    await bench.gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) SELECT sha256(i::text::bytea), 'image/jpeg', 9, 8, 8, now() FROM generate_series(1, 12000) AS i`);
    const fillAgain = () => bench.gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, annotations, labels, added_at) SELECT $1, sha256(i::text::bytea), i || '.jpg', 'g' || i % 9, $2, '{car}', now() FROM generate_series(1, 12000) AS i`, [set.id, JSON.stringify([box('1', 'car', 1)])]);
    await fillAgain();
    await bench.gateway.dataSource.query('UPDATE datasets SET revision = revision + 1, has_unknown_cameras = true');
    const first = await bench.worker();
    const version = await seal(set);
    await bench.gateway.dataSource.query('DELETE FROM dataset_samples WHERE dataset_id = $1', [set.id]);
    await put(set, frames[0] as Buffer, []);
    const job = await bench.begin(set, { kind: 'restore-version', digest: version });
    await waitFor(async () => (await bench.job(job)).progress.done >= 500, 30_000);
    await endWorker(first, 'SIGKILL');
    const { progress, state } = await bench.job(job);
    expect([state, progress.done < 12_000, (await bench.samples(set)).length]).toEqual(['running', true, 1]);
    await bench.worker();
    expect((await bench.settled(job)).result).toMatchObject({ added: 12_000, changed: 0, removed: 1 });
    expect(await seal(set)).toBe(version);
    expect(await bench.gateway.dataSource.query('SELECT count(*)::int AS count FROM staged_samples')).toEqual([{ count: 0 }]);
  }, 120_000);

  it('seals again where somebody labels between the seal and the change, so that no label is lost', async () => {
    await bench.worker();
    const set = await bench.create('worked on');
    const [first] = await fill(set, 0, 3);
    const version = await seal(set);
    const label = (name: string) => bench.gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: first as string }, body: { annotations: [box('x', name, 3)] } });
    await label('before');
    // Whoever writes a version waits: the set is sealed by then, and not changed yet.
    const holding = bench.gateway.dataSource.createQueryRunner();
    await holding.startTransaction();
    await holding.query('LOCK TABLE dataset_versions IN SHARE MODE');
    const job = await bench.begin(set, { kind: 'restore-version', digest: version });
    await waitFor(async () => ((await bench.gateway.dataSource.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'dataset_versions'::regclass`)) as unknown[]).length > 0, 30_000);
    await label('in between');
    await holding.commitTransaction();
    await holding.release();
    const { before } = await bench.resultOf(job, 'restore-version');
    expect(await seal(set)).toBe(version);
    await bench.result(set, { kind: 'restore-version', digest: before as string });
    expect((await bench.sample(set, first as string)).annotations.map((one) => one.label)).toEqual(['in between']);
    expect((await versionsOf(set)).length).toBe(2);
  }, 60_000);

  it('is refused where it is not there, and for who may not', async () => {
    await bench.worker();
    const set = await bench.create('refused');
    await fill(set, 0, 2);
    const version = await seal(set);
    const params = { id: set.id };
    expect((await bench.gateway.owner.call('createDatasetJob', { params, body: { kind: 'restore-version', digest: '0'.repeat(64) } })).body).toMatchObject({ status: 404 });
    const reader = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect((await reader.call('createDatasetJob', { params, body: { kind: 'restore-version', digest: version } })).status).toBe(403);
    const elsewhere = await bench.gateway.withKey(['dataset.read', 'dataset.write'], [theirs]);
    for (const body of [{ kind: 'restore-version', digest: version }, { kind: 'compare-versions', from: version }]) expect((await elsewhere.call('createDatasetJob', { params, body })).status).toBe(404);
    // Its file is damaged: nothing is changed.
    writeFileSync(join(bench.gateway.settings.samplesDir, 'versions', `${version}.imgdataset`), 'no archive');
    const failed = await bench.settled(await bench.begin(set, { kind: 'restore-version', digest: version }), 'failed');
    expect(failed.problem).toContain(`version ${version.slice(0, 12)} cannot be read`);
    expect(failed.problem).not.toContain(bench.gateway.settings.samplesDir);
    expect((await bench.samples(set)).length).toBe(2);
  }, 60_000);
});

describe.skipIf(problem)('versions', () => {
  it('are compared by sample and label, with each other and with the set', async () => {
    await bench.worker();
    const set = await bench.create('compared');
    const digests = await fill(set, 0, 5);
    const first = await seal(set);
    await change(set, digests);
    const expected = { samples: { before: 5, after: 6 }, added: 3, removed: 2, changed: 2, labels: [{ label: 'bus', before: 0, after: 1 }] };
    const now = await bench.result(set, { kind: 'compare-versions', from: first });
    expect(now).toMatchObject({ from: first, to: null, ...expected });
    expect(Object.fromEntries(now.list.map(({ sha256, what }) => [sha256, what]))).toMatchObject({ [digests[0] as string]: 'changed', [digests[1] as string]: 'changed', [digests[2] as string]: 'removed', [digests[3] as string]: 'removed' });
    const second = await seal(set);
    expect(await bench.result(set, { kind: 'compare-versions', from: first, to: second })).toMatchObject(expected);
    expect(await bench.result(set, { kind: 'compare-versions', from: second, to: first })).toMatchObject({ added: 2, removed: 3, changed: 2, labels: [{ label: 'bus', before: 1, after: 0 }] });
    expect(await bench.result(set, { kind: 'compare-versions', from: second })).toMatchObject({ added: 0, removed: 0, changed: 0, list: [], labels: [] });
  }, 60_000);

  it('are taken away as they were, by who may export', async () => {
    await bench.worker();
    const set = await bench.create('taken away');
    const digests = await fill(set, 0, 3, true);
    const version = await seal(set);
    await bench.gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: digests } });
    const body = { kind: 'export', format: 'imgdataset', version };
    // The set has no originals any more; the version has.
    const exporter = await bench.gateway.withKey(['dataset.read', 'dataset.write', 'dataset.export'], [bench.cameraId]);
    expect((await exporter.call('createDatasetJob', { params: { id: set.id }, body })).body).toMatchObject({ status: 403, code: 'dataset.originals' });
    const job = await bench.settled(await bench.begin(set, body));
    expect(job.result).toMatchObject({ samples: 3, annotations: 6, originals: 3 });
    const file = await fetch(bench.gateway.url + pathOf(api.getDatasetJobFile, { params: { id: set.id, jobId: job.id } }), { headers: { authorization: `Bearer ${bench.gateway.owner.key}` } });
    const path = join(bench.gateway.data, 'taken.imgdataset');
    writeFileSync(path, Buffer.from(await file.arrayBuffer()));
    const opened = await openDataset(path);
    const samples: Sample[] = [];
    for await (const sample of opened.samples()) samples.push(sample);
    expect([opened.manifest.version, opened.manifest.parents, samples.length]).toEqual([version, [version], 3]);
    expect(Buffer.from(await opened.read(digests[0] as string)).equals(frames[0] as Buffer)).toBe(true);
    await opened.close();
    expect((await auditOf('dataset.export'))[0]).toMatchObject({ details: { version } });
    expect((await bench.result(set, { ...body, format: 'coco' } as never)) as object).toMatchObject({ samples: 3, originals: 3 });
  }, 60_000);

  it('are kept, or removed with their name left behind', async () => {
    await bench.worker();
    const set = await bench.create('kept');
    const [first] = await fill(set, 0, 2);
    const one = await seal(set);
    await bench.gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: first as string }, body: { annotations: [] } });
    const two = await seal(set);
    const of = (digest: string) => ({ params: { id: set.id, digest } });
    const reader = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect([(await reader.call('deleteDatasetVersion', of(one))).status, (await reader.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).status]).toEqual([403, 403]);
    const elsewhere = await bench.gateway.withKey(['dataset.read', 'dataset.write'], [theirs]);
    expect([(await elsewhere.call('deleteDatasetVersion', of(one))).status, (await elsewhere.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).status, (await elsewhere.call('listDatasetOrigins', { params: { id: set.id } })).status]).toEqual([404, 404, 404]);
    expect((await bench.gateway.owner.call('changeDatasetVersion', { ...of(one), body: { isKept: true } })).body).toMatchObject({ digest: one, isKept: true });
    expect((await bench.gateway.owner.call('deleteDatasetVersion', of(one))).body).toMatchObject({ status: 409, code: 'dataset.version-kept' });
    expect((await bench.gateway.owner.call('deleteDataset', { params: { id: set.id } })).body).toMatchObject({ status: 409, code: 'dataset.version-kept' });
    expect((await bench.gateway.owner.call('deleteDatasetVersion', of(two))).status).toBe(204);
    // Who was made from whom stays known; what the set is now is in no version.
    expect(await versionsOf(set)).toMatchObject([{ digest: two, parents: [one], isGone: true }, { digest: one, isKept: true, isGone: false }]);
    expect(await bench.dataset(set)).toMatchObject({ head: two, isChanged: true });
    for (const body of [{ kind: 'restore-version', digest: two }, { kind: 'export', format: 'coco', version: two }, { kind: 'compare-versions', from: two }]) expect((await bench.gateway.owner.call('createDatasetJob', { params: { id: set.id }, body })).status).toBe(404);
    // Sealed again it is whole again.
    expect(await bench.result(set, { kind: 'version' })).toMatchObject({ digest: two, isNew: false });
    expect((await versionsOf(set))[0]).toMatchObject({ digest: two, isGone: false });
    expect([(await auditOf('dataset.change-version')).length, (await auditOf('dataset.delete-version')).length]).toEqual([1, 1]);
  }, 60_000);

  it('stand beside where the set came from, as far as the caller may know', async () => {
    const [set, source, hidden] = [await bench.create('target'), await bench.create('source'), await bench.create('hidden')];
    await fill(source, 0, 2);
    await fill(hidden, 2, 3);
    for (const from of [source, hidden]) await bench.gateway.owner.call('copySamples', { params: { id: set.id }, body: { from: from.id, sha256s: (await bench.samples(from)).map(({ sha256 }) => sha256) } });
    await bench.gateway.dataSource.query('UPDATE datasets SET camera_ids = ARRAY[$2::uuid] WHERE id = $1', [hidden.id, theirs]);
    await bench.gateway.dataSource.query('UPDATE datasets SET camera_ids = ARRAY[$2::uuid] WHERE id = $1', [set.id, bench.cameraId]);
    const originsOf = async (visitor: Visitor, { id }: Dataset) => (await visitor.call('listDatasetOrigins', { params: { id } })).body as DatasetOrigin[];
    expect(await originsOf(bench.gateway.owner, set)).toMatchObject([{ kind: 'copy', direction: 'from', name: 'hidden', datasetId: hidden.id, times: 1, samples: 1 }, { name: 'source', datasetId: source.id, samples: 2 }]);
    expect(await originsOf(bench.gateway.owner, source)).toMatchObject([{ kind: 'copy', direction: 'to', name: 'target', datasetId: set.id, samples: 2 }]);
    const visitor = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect((await originsOf(visitor, set)).map(({ name, datasetId }) => [name, datasetId])).toEqual([[null, null], ['source', source.id]]);
    expect((await bench.gateway.owner.call('getSampleStorage', {})).body).toMatchObject({ pictures: 3, unusedPictures: 0, collected: { pictures: 0, bytes: 0 } });
    expect((await visitor.call('getSampleStorage', {})).status).toBe(403);
  }, 60_000);
});
