import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset, DatasetJob, DatasetOrigin, Page, SampleSummary } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers as processes that are killed, archives of the system's tar. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const STREET = fileURLToPath(new URL('../../../../demo/street.mp4', import.meta.url));
let gateway: RunningGateway;
let folder: string;
let picture: Buffer;
let made = 0;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-folders-'));
  picture = execFileSync('ffmpeg', ['-v', 'error', '-i', STREET, '-vf', 'scale=64:-2', '-frames:v', '1', '-f', 'mjpeg', '-']);
  gateway = await runGateway();
}, 60_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGTERM');
  await gateway.dataSource.query('TRUNCATE dataset_versions, datasets, pictures, dataset_samples, dataset_jobs CASCADE');
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startWorker(): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, { ARGUS_HARVEST_SLOTS: '0' });
  workers.push(child);
  return child;
}

const create = async (name: string): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name } })).body as Dataset;
const sets = async (): Promise<Dataset[]> => ((await gateway.owner.call('listDatasets', { query: { limit: '500' } })).body as Page<Dataset>).items;
const samplesOf = async (id: string): Promise<SampleSummary[]> => ((await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500' } })).body as Page<SampleSummary>).items;

/** One picture each, that no other has: what stands behind a JPEG's end is not looked at. */
function archiveOf(paths: readonly string[]): Buffer {
  const root = join(folder, String((made += 1)));
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), Buffer.concat([picture, Buffer.from(path)]));
  }
  execFileSync('tar', ['-cf', `${root}.tar`, '-C', root, '.']);
  return readFileSync(`${root}.tar`);
}

async function upload(content: Buffer, visitor: Visitor): Promise<string> {
  const tus = { authorization: `Bearer ${visitor.key}`, 'tus-resumable': '1.0.0' };
  const begun = await fetch(`${gateway.url}/api/v1/uploads`, { method: 'POST', headers: { ...tus, 'upload-length': String(content.byteLength) } });
  const address = begun.headers.get('location') as string;
  await fetch(new URL(address, gateway.url), { method: 'PATCH', headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: new Uint8Array(content) });
  return address.split('/').at(-1) as string;
}

async function begin({ id }: Dataset, paths: readonly string[], visitor: Visitor = gateway.owner): Promise<DatasetJob> {
  return (await visitor.call('createDatasetJob', { params: { id }, body: { kind: 'import', uploadId: await upload(archiveOf(paths), visitor), eachFolder: true } })).body as DatasetJob;
}

const ended = ({ id }: DatasetJob): Promise<DatasetJob> =>
  waitFor(async () => {
    const job = (await gateway.owner.call('getDatasetJob', { params: { id } })).body as DatasetJob;
    return (job.state === 'done' || job.state === 'failed') && job;
  }, 60_000);

describe.skipIf(problem)('an import that makes a set of each folder', () => {
  it('calls them as they are spelled, without what is above them all, and goes on with those that are there', async () => {
    await startWorker();
    const [tree, known] = [await create('tree'), await create('gate/街道')];
    const job = await ended(await begin(tree, ['root/a/1.jpg', 'root/a/2.jpg', 'root/gate/街道/3.jpg', 'root/constructor/4.jpg']));
    expect(job.result).toMatchObject({ added: 4, sets: expect.arrayContaining([{ name: 'gate/街道', datasetId: known.id }]) });
    const found = await sets();
    expect(found.map(({ name, counts }) => [name, counts.samples]).sort()).toEqual([['a', 2], ['constructor', 1], ['gate/街道', 1], ['tree', 0]]);
    expect(found.every(({ name, cameraIds }) => (name === 'tree') === (cameraIds !== null))).toBe(true);
    expect((await samplesOf(known.id)).map(({ name }) => name)).toEqual(['3.jpg']);
    // Again: nothing is there twice.
    expect((await ended(await begin(tree, ['root/a/1.jpg', 'root/b/9.jpg']))).result).toMatchObject({ added: 1, known: 1 });
  }, 60_000);

  it('refuses folders that would be one set, by name, and who sees not all sets', async () => {
    await startWorker();
    const tree = await create('tree');
    const job = await ended(await begin(tree, ['Gate/1.jpg', 'gate/2.jpg']));
    expect([job.state, job.problem]).toEqual(['failed', expect.stringMatching(/the folders "(Gate|gate)" and "(Gate|gate)" would be one set/)]);
    expect((await sets()).map(({ name }) => name)).toEqual(['tree']);
    const some = await gateway.withKey(['dataset.read', 'dataset.write'], []);
    const uploadId = await upload(archiveOf(['a/1.jpg']), some);
    expect((await some.call('createDatasetJob', { params: { id: tree.id }, body: { kind: 'import', uploadId, eachFolder: true } })).status).toBe(403);
  }, 60_000);

  it('goes on where a killed worker was, with the same sets', async () => {
    const names = Array.from({ length: 60 }, (_unused, index) => `folder ${index}`);
    const first = await startWorker();
    const tree = await create('tree');
    const job = await begin(tree, names.map((name) => `${name}/1.jpg`));
    await waitFor(async () => ((await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob).progress.done >= 16, 30_000);
    await endWorker(first, 'SIGKILL');
    workers.length = 0;
    await startWorker();
    expect((await ended(job)).result).toMatchObject({ added: 60, known: 0 });
    const found = await sets();
    expect([found.length, found.filter(({ counts }) => counts.samples === 1).length]).toEqual([61, 60]);
    const one = found.find(({ name }) => name === 'folder 7') as Dataset;
    expect(((await gateway.owner.call('listDatasetOrigins', { params: { id: one.id } })).body as DatasetOrigin[])[0]).toMatchObject({ kind: 'import', direction: 'from', name: 'folders' });
  }, 90_000);
});
