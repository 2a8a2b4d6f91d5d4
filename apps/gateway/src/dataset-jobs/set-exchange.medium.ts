import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Annotation, type CameraId, type Dataset, type DatasetJob, type DatasetJobResult } from '@argus/contracts';
import { openDataset, openFileTree, readCoco, versionDigestOf } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pathOf, type Visitor } from '../../test/running-gateway.js';
import { endWorker, whyNoWorker } from '../../test/running-worker.js';
import { addCamera, drawn, SetBench, type PutOptions } from '../../test/set-bench.js';
import { streetPictures } from '../../test/street-pictures.js';

/** Real: PostgreSQL, HTTP, built workers as processes, pictures of the shipped street, Python's zipfile and json as the judges. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

let bench: SetBench;
let folder: string;
let theirs: CameraId;
let frames: readonly Buffer[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-exchange-'));
  frames = streetPictures(24, 'fps=2');
  writeFileSync(join(folder, '001.jpg'), frames[0] as Buffer);
  bench = await SetBench.open();
  theirs = await addCamera(bench.gateway, 'Yard');
}, 60_000);
afterEach(() => bench.clear());
afterAll(async () => {
  await bench?.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (set: Dataset, content: Uint8Array, annotations: readonly Annotation[], { isOriginal = false, name = 'a.jpg', ...options }: PutOptions & { readonly isOriginal?: boolean; readonly name?: string } = {}): Promise<string> =>
  bench.put(set, content, { ...options, annotations, row: { sharpness: null, brightness: null, phash: null, name, is_original: isOriginal, wall_at: '2026-05-01T10:00:00Z', time_zone: 'Asia/Shanghai' } });
const box = (id: string, label: string, x: number, more: Partial<Annotation> = {}): Annotation => drawn(label, x, 20.25, 31.5, 60, { id, ...more });

/** Frames with a box that people drew and one of a model. */
async function fill(set: Dataset, count: number, options: Parameters<typeof put>[3] = {}): Promise<string[]> {
  const digests: string[] = [];
  for (const [index, frame] of frames.slice(0, count).entries()) digests.push(await put(set, frame, [box(`p${index}`, '行人', 10 + index), box(`c${index}`, 'car', 100.5 + index, { state: 'auto', score: 0.5 })], { name: `${index}.jpg`, ...options }));
  return digests;
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of items) all.push(one);
  return all;
}

const fileOf = (set: Dataset, job: DatasetJob, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(bench.gateway.url + pathOf(api.getDatasetJobFile, { params: { id: set.id, jobId: job.id } }), { headers: { authorization: `Bearer ${bench.gateway.owner.key}`, ...headers } });

async function exported(set: Dataset, options: object): Promise<{ readonly path: string; readonly job: DatasetJob; readonly result: Extract<DatasetJobResult, { kind: 'export' }> }> {
  const job = await bench.begin(set, { kind: 'export', ...options });
  const result = await bench.resultOf(job, 'export');
  const content = Buffer.from(await (await fileOf(set, job)).arrayBuffer());
  expect([content.byteLength, createHash('sha256').update(content).digest('hex')]).toEqual([result.bytes, result.sha256]);
  const path = join(folder, result.file);
  writeFileSync(path, content);
  return { path, job, result };
}

describe.skipIf(problem)('an export', () => {
  it('is a COCO archive with the same pictures and boxes, whoever reads it', async () => {
    await bench.worker();
    const set = await bench.create('东门 street', { licence: 'CC-BY-4.0' });
    const digests = await fill(set, 8);
    const { path, job, result } = await exported(set, { format: 'coco', audience: 'public', reviewedOnly: false });
    expect(result).toMatchObject({ file: '东门-street-coco.zip', samples: 8, annotations: 16, originals: 0, leftOut: {} });
    // Python reads it, and knows nothing of us.
    const script = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
coco = json.loads(z.read('annotations/instances_default.json'))
names = {c['id']: c['name'] for c in coco['categories']}
print(json.dumps({hashlib.sha256(z.read('images/' + i['file_name'])).hexdigest(): sorted([names[a['category_id']], *a['bbox']] for a in coco['annotations'] if a['image_id'] == i['id']) for i in coco['images']}))`;
    const read = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' })) as Record<string, unknown>;
    expect(read).toEqual(Object.fromEntries(digests.map((sha256, index) => [sha256, [['car', 100.5 + index, 20.25, 31.5, 60], ['行人', 10 + index, 20.25, 31.5, 60]]])));
    // And ours has all of it: states, scores, where it was taken.
    const tree = await openFileTree(path);
    const images = await gather(readCoco(tree));
    await tree.close();
    expect(images.map(({ annotations, ours }) => [annotations.map(({ id, state, score }) => [id, state, score]), ours.origin?.wallTime])).toEqual(
      digests.toSorted().map((sha256) => digests.indexOf(sha256)).map((index) => [[[`p${index}`, 'edited', null], [`c${index}`, 'auto', 0.5]], '2026-05-01T10:00:00.000Z']),
    );
    // A stretch of it, as a download that goes on asks.
    const part = await fileOf(set, job, { range: 'bytes=4-9' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-type')]).toEqual([206, `bytes 4-9/${result.bytes}`, 'application/zip']);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(readFileSync(path).subarray(4, 10));
    const audit = await bench.gateway.dataSource.query(`SELECT action, details->>'job' AS job FROM audit WHERE subject_id = $1 AND action IN ('dataset.export', 'dataset.download') ORDER BY at`, [set.id]);
    expect(audit).toEqual([{ action: 'dataset.export', job: job.id }, { action: 'dataset.download', job: job.id }]);
  }, 60_000);

  it('has only what was asked for, in every format', async () => {
    await bench.worker();
    const set = await bench.create('chosen');
    const [first] = await fill(set, 1, { complete: true, split: 'train' });
    for (const frame of frames.slice(1, 4)) await put(set, frame, [box('x', 'dog', 5)], { split: 'val' });
    for (const format of ['yolo', 'voc', 'cvat-images', 'cvat-video', 'datumaro', 'mot', 'imagenet', 'folders', 'webdataset'] as const) {
      const { samples } = await bench.result(set, { kind: 'export', format, reviewedOnly: false });
      expect([format, samples]).toEqual([format, 4 - (format === 'imagenet' ? 1 : 0)]);
    }
    const { path, result } = await exported(set, { format: 'imgdataset', completeOnly: true, splits: ['train', 'none'] });
    expect(result).toMatchObject({ file: 'chosen.imgdataset', samples: 1, annotations: 1, unreviewed: 1 });
    const opened = await openDataset(path);
    const samples = await gather(opened.samples());
    await opened.close();
    expect(samples).toMatchObject([{ sha256: first, split: 'train', complete: true, origin: { cameraId: bench.cameraId, frameIndex: 7 }, annotations: [{ id: 'p0', label: '行人', state: 'edited' }] }]);
    expect((await bench.settled(await bench.begin(set, { kind: 'export', format: 'coco', splits: ['test'] }), 'failed')).problem).toMatch(/expected samples to export/);
    // What nobody looked at is not given away by chance, nor is a set without any label taken for one where there is nothing.
    const unseen = await bench.create('unseen');
    await put(unseen, frames[0] as Buffer, [box('m', 'car', 5, { state: 'auto', score: 0.5 })]);
    expect(await bench.dataset(unseen)).toMatchObject({ unreviewed: 1, counts: { annotations: 1 } });
    expect((await bench.settled(await bench.begin(unseen, { kind: 'export', format: 'coco' }), 'failed')).problem).toMatch(/all 1 of these samples were made by models only.*include-unreviewed/);
    for (const more of [{ reviewedOnly: false }, { ignoreUnreviewed: true }]) expect(await bench.result(unseen, { kind: 'export', format: 'coco', ...more })).toMatchObject({ annotations: 1, unreviewed: 'reviewedOnly' in more ? 0 : 1 });
  }, 90_000);

  it('is refused without a licence, for originals, and to those who may not', async () => {
    await bench.worker();
    const set = await bench.create('private');
    await fill(set, 2);
    const ask = (visitor: Visitor, body: object = {}) => visitor.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'export', format: 'folders', ...body } });
    expect((await ask(bench.gateway.owner, { audience: 'public' })).body).toMatchObject({ status: 409, code: 'dataset.no-licence' });
    const { job } = await exported(set, { format: 'folders' });
    const take = (visitor: Visitor) => visitor.call('getDatasetJobFile', { params: { id: set.id, jobId: job.id } });

    const reader = await bench.gateway.withKey(['dataset.read', 'dataset.write']);
    expect([(await ask(reader)).body.code, (await take(reader)).body.code]).toEqual(['auth.forbidden', 'auth.forbidden']);
    const elsewhere = await bench.gateway.withKey(['dataset.read', 'dataset.write', 'dataset.export'], [theirs]);
    expect([(await ask(elsewhere)).status, (await take(elsewhere)).status]).toEqual([404, 404]);
    const { visitor: annotator } = await bench.gateway.withUser('annotator', [bench.cameraId]);
    expect((await take(annotator)).status).toBe(200);
    // Somebody may look at recordings of these cameras, and take none of them away.
    await bench.gateway.dataSource.query(`UPDATE cameras SET tags = '{"door"}' WHERE id = $1`, [bench.cameraId]);
    const looker = await bench.gateway.withKey(['dataset.read', 'dataset.write', 'dataset.export'], null, [{ tag: 'door', live: true, recordings: true, exports: false }]);
    expect([(await ask(looker)).body.code, (await take(looker)).body.code]).toEqual(['auth.camera-right', 'auth.camera-right']);
    // Not by another set's address.
    const other = await bench.create('other');
    expect((await bench.gateway.owner.call('getDatasetJobFile', { params: { id: other.id, jobId: job.id } })).status).toBe(404);

    await put(set, frames[2] as Buffer, [], { isOriginal: true });
    expect((await ask(annotator)).body).toMatchObject({ status: 403, code: 'dataset.originals', detail: expect.stringContaining('1 of the pictures') });
    expect((await ask(annotator, { completeOnly: true })).status).toBe(201);
    const { job: whole, result } = await exported(set, { format: 'folders' });
    expect(result.originals).toBe(1);
    expect((await annotator.call('getDatasetJobFile', { params: { id: set.id, jobId: whole.id } })).body.code).toBe('dataset.originals');
  }, 60_000);

  it('is whole when its worker is killed, and goes when it is old', async () => {
    const set = await bench.create('killed');
    await fill(set, 24);
    const job = await bench.begin(set, { kind: 'export', format: 'coco' });
    const first = await bench.worker();
    await waitFor(async () => (await bench.job(job)).state !== 'queued', 30_000);
    await endWorker(first, 'SIGKILL');
    const second = await bench.worker();
    await bench.settled(job);
    const folderOf = join(bench.gateway.settings.exportsDir, 'datasets', job.id);
    expect(readdirSync(folderOf)).toEqual(['killed-coco.zip']);
    await bench.gateway.dataSource.query(`UPDATE dataset_jobs SET ended_at = ended_at - interval '8 days' WHERE id = $1`, [job.id]);
    await endWorker(second, 'SIGTERM');
    await bench.worker();
    await waitFor(() => !readdirSync(join(bench.gateway.settings.exportsDir, 'datasets')).includes(job.id), 30_000);
    expect((await fileOf(set, job)).status).toBe(404);
  }, 90_000);
});

const tus = (visitor: Visitor, method: string, path: string, headers: Record<string, string> = {}, body?: BodyInit): Promise<Response> =>
  fetch(new URL(path, bench.gateway.url), { method, headers: { authorization: `Bearer ${visitor.key}`, 'tus-resumable': '1.0.0', ...headers }, ...(body === undefined ? {} : { body }) });
const piece = (offset: number) => ({ 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' });

/** Answers the address of an upload of so many bytes. */
async function beginUpload(visitor: Visitor, bytes: number, name = 'set.zip'): Promise<string> {
  const begun = await tus(visitor, 'POST', '/api/v1/uploads', { 'upload-length': String(bytes), 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` });
  expect(begun.status).toBe(201);
  return begun.headers.get('location') as string;
}

const idOf = (address: string): string => address.split('/').at(-1) as string;

async function uploaded(content: Uint8Array): Promise<string> {
  const address = await beginUpload(bench.gateway.owner, content.byteLength);
  expect((await tus(bench.gateway.owner, 'PATCH', address, piece(0), Buffer.from(content))).status).toBe(204);
  return idOf(address);
}

describe('an upload', () => {
  it('goes on where it was interrupted, for who began it and nobody else', async () => {
    const writer = await bench.gateway.withKey(['dataset.read', 'dataset.write']);
    const other = await bench.gateway.withKey(['dataset.read', 'dataset.write']);
    const content = Buffer.alloc(3_000_000, 'argus ');
    const address = await beginUpload(writer, content.byteLength, '东门.zip');
    // The connection is lost in the middle of a piece.
    const leaving = new AbortController();
    const half = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(content.subarray(0, 1_000_000));
        setTimeout(() => leaving.abort(), 300);
      },
    });
    await expect(fetch(new URL(address, bench.gateway.url), { method: 'PATCH', headers: { authorization: `Bearer ${writer.key}`, 'tus-resumable': '1.0.0', ...piece(0) }, body: half, duplex: 'half', signal: leaving.signal } as RequestInit)).rejects.toThrow();
    const params = { id: idOf(address) };
    const received = await waitFor(async () => (await writer.call('getUpload', { params })).body.received as number, 10_000);
    const head = await tus(writer, 'HEAD', address);
    expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([200, String(received), '3000000']);
    expect(received).toBeLessThanOrEqual(1_000_000);
    for (const [method, headers] of [['HEAD', {}], ['PATCH', piece(received)], ['DELETE', {}]] as const) expect([method, (await tus(other, method, address, headers, method === 'PATCH' ? 'x' : undefined)).status]).toEqual([method, 404]);
    expect((await other.call('getUpload', { params })).body.code).toBe('upload.not-found');
    const set = await bench.create('target');
    const ask = (visitor: Visitor) => visitor.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'import', uploadId: params.id } });
    expect((await ask(writer)).body).toMatchObject({ status: 409, code: 'upload.incomplete' });
    // At another place than where it is: refused.
    expect((await tus(writer, 'PATCH', address, piece(received + 1), 'x')).status).toBe(409);
    expect((await tus(writer, 'PATCH', address, piece(received), content.subarray(received))).status).toBe(204);
    expect((await writer.call('getUpload', { params })).body).toEqual({ id: params.id, name: '东门.zip', bytes: 3_000_000, received: 3_000_000 });
    expect(readFileSync(join(bench.gateway.settings.samplesDir, 'uploads', params.id)).equals(content)).toBe(true);
    expect((await ask(other)).body.code).toBe('upload.not-found');
    expect((await tus(writer, 'DELETE', address)).status).toBe(204);
    expect((await writer.call('getUpload', { params })).status).toBe(404);
  });

  it('needs the permission, and room on the disk', async () => {
    const reader = await bench.gateway.withKey(['dataset.read']);
    expect((await tus(reader, 'POST', '/api/v1/uploads', { 'upload-length': '5' })).status).toBe(403);
    expect((await tus(bench.gateway.owner, 'POST', '/api/v1/uploads', { 'upload-length': String(2 ** 50) })).status).toBe(413);
  });
});

describe.skipIf(problem)('an import', () => {
  it('has the same pictures and boxes as the set that was exported', async () => {
    await bench.worker();
    const set = await bench.create('source');
    const digests = await fill(set, 10, { complete: true, split: 'val' });
    for (const format of ['coco', 'imgdataset', 'webdataset'] as const) {
      const { path } = await exported(set, { format, reviewedOnly: false });
      const copy = await bench.create(`copy ${format}`);
      const uploadId = await uploaded(readFileSync(path));
      const result = await bench.result(copy, { kind: 'import', uploadId });
      expect(result).toEqual({ kind: 'import', format, added: 10, known: 0, annotations: 20, sets: [], problems: { count: 0, list: [] }, troubles: [] });
      for (const sha256 of digests) {
        const [before, after] = [await bench.sample(set, sha256), await bench.sample(copy, sha256)];
        expect({ ...after, quality: null }).toEqual({ ...before, quality: null });
        expect(after.quality).not.toBeNull();
      }
      expect(await bench.dataset(copy)).toMatchObject({ cameraIds: [bench.cameraId], counts: { samples: 10, annotations: 20 } });
      expect((await bench.gateway.owner.call('getSamplePicture', { params: { id: copy.id, sha256: digests[0] as string }, query: { size: 'thumbnail' } })).status).toBe(200);
      // Once more: nothing is new.
      expect(await bench.result(copy, { kind: 'import', uploadId })).toMatchObject({ added: 0, known: 10, annotations: 0 });
    }
  }, 90_000);

  it('takes labels of others for reviewed, names what cannot be read, and is for those who see all cameras', async () => {
    await bench.worker();
    const source = join(folder, 'foreign');
    const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w')
z.write(sys.argv[2], 'images/a.jpg'); z.writestr('images/b.jpg', b'no picture at all')
z.writestr('annotations/x.json', json.dumps({'images': [{'id': 1, 'file_name': 'a.jpg', 'width': 1280, 'height': 720}, {'id': 2, 'file_name': 'b.jpg', 'width': 9, 'height': 9}, {'id': 3, 'file_name': 'gone.jpg', 'width': 9, 'height': 9}],
  'categories': [{'id': 7, 'name': 'do' + chr(0) + 'g'}], 'annotations': [{'id': 1, 'image_id': 1, 'category_id': 7, 'bbox': [1.5, 2, 30, 40], 'area': 1200, 'iscrowd': 0}, {'id': 2, 'image_id': 1, 'category_id': 99, 'bbox': [1, 2, 3, 4]}]}))
z.close()`;
    execFileSync('python3', ['-c', script, source, join(folder, '001.jpg')]);
    const set = await bench.create('foreign');
    const uploadId = await uploaded(readFileSync(source));
    const result = await bench.result(set, { kind: 'import', uploadId, group: '南门' });
    expect(result).toMatchObject({ format: 'coco', added: 1, annotations: 1, troubles: [{ problem: expect.stringMatching(/expected a JPEG/) }] });
    expect(result.problems.count).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(result.problems.list)).toMatch(/gone\.jpg/);
    const [only] = await bench.samples(set);
    expect((await bench.sample(set, only?.sha256 as string))).toMatchObject({ name: 'a.jpg', origin: { group: '南门', cameraId: null }, annotations: [{ label: 'do\ufffdg', state: 'reviewed', box: { x: 1.5, y: 2, width: 30, height: 40 } }] });
    expect((await bench.dataset(set)).cameraIds).toBeNull();
    const scoped = await bench.gateway.withKey(['dataset.read', 'dataset.write'], [bench.cameraId]);
    const own = await bench.create('scoped');
    expect((await scoped.call('createDatasetJob', { params: { id: own.id }, body: { kind: 'import', uploadId } })).body.code).toBe('auth.outside-scope');
  }, 60_000);

  it('adds nothing of a hostile or damaged archive', async () => {
    await bench.worker();
    const path = join(folder, 'hostile');
    const make = (entries: string) => execFileSync('python3', ['-c', `import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], 'w')\nz.write(sys.argv[2], 'images/a.jpg')\n${entries}\nz.close()`, path, join(folder, '001.jpg')]);
    const set = await bench.create('hostile');
    const failed = async (): Promise<string> => (await bench.settled(await bench.begin(set, { kind: 'import', uploadId: await uploaded(readFileSync(path)) }), 'failed')).problem as string;
    make(`z.writestr('../../evil.jpg', b'x')`);
    const said = await failed();
    expect(said).toMatch(/^the archive: .*\.\.\/\.\.\/evil\.jpg/);
    expect(said).not.toContain(bench.gateway.data);
    make(`z.write(sys.argv[2], 'images/z.jpg')`);
    // One bit of the last picture.
    const content = readFileSync(path);
    const at = content.lastIndexOf(readFileSync(join(folder, '001.jpg')).subarray(1000, 1020));
    content[at] = (content[at] as number) ^ 1;
    writeFileSync(path, content);
    expect(await failed()).toMatch(/images\/z\.jpg/);
    expect(await bench.samples(set)).toEqual([]);
    expect((await bench.gateway.dataSource.query('SELECT count(*)::int AS count FROM pictures'))).toEqual([{ count: 0 }]);
  }, 60_000);

  it.each(['imgdataset', 'webdataset'] as const)('of %s leaves nothing twice and nothing out when workers are killed in the middle', async (format) => {
    const [set, copy] = [await bench.create('calm'), await bench.create('stormy')];
    await fill(set, 24);
    const calm = await bench.worker();
    const { path } = await exported(set, { format, reviewedOnly: false });
    await endWorker(calm, 'SIGTERM');
    await bench.gateway.dataSource.query('DELETE FROM dataset_samples');
    const job = await bench.begin(copy, { kind: 'import', uploadId: await uploaded(readFileSync(path)) });
    const first = await bench.worker();
    await waitFor(async () => (await bench.job(job)).progress.done >= 16, 30_000);
    await endWorker(first, 'SIGKILL');
    await bench.worker();
    const result = await bench.resultOf(job, 'import');
    expect(result).toMatchObject({ added: 24, known: 0, annotations: 48, problems: { count: 0 }, troubles: [] });
    expect(await bench.gateway.dataSource.query('SELECT count(*)::int AS count, count(DISTINCT sha256)::int AS distinct FROM dataset_samples')).toEqual([{ count: 24, distinct: 24 }]);
  }, 90_000);
});

describe.skipIf(problem)('a version', () => {
  it('names the content of a set, says from which it was made, and is there as a package', async () => {
    await bench.worker();
    const set = await bench.create('versions');
    const [first] = await fill(set, 3);
    const get = () => bench.dataset(set);
    const one = await bench.result(set, { kind: 'version', message: 'first' });
    expect(await get()).toMatchObject({ head: one.digest, isChanged: false });
    await bench.gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: first as string }, body: { annotations: [] } });
    expect(await get()).toMatchObject({ head: one.digest, isChanged: true });
    const two = await bench.result(set, { kind: 'version', message: '第二' });
    expect([two.isNew, two.counts.annotations]).toEqual([true, 4]);
    // Nothing was changed: the same again.
    expect(await bench.result(set, { kind: 'version' })).toMatchObject({ digest: two.digest, isNew: false });
    const versions = (await bench.gateway.owner.call('listDatasetVersions', { params: { id: set.id } })).body;
    expect(versions).toMatchObject([{ digest: two.digest, parents: [one.digest], message: '第二', counts: { samples: 3, annotations: 4 } }, { digest: one.digest, parents: [], message: 'first', counts: { annotations: 6 } }]);
    const opened = await openDataset(join(bench.gateway.settings.samplesDir, 'versions', `${one.digest}.imgdataset`), { pictures: bench.store });
    const samples = await gather(opened.samples());
    await opened.close();
    // Anybody who has the samples computes the same digest.
    expect([samples.length, versionDigestOf(samples)]).toEqual([3, one.digest]);
    const elsewhere = await bench.gateway.withKey(['dataset.read'], [theirs]);
    expect((await elsewhere.call('listDatasetVersions', { params: { id: set.id } })).status).toBe(404);
  }, 60_000);
});
