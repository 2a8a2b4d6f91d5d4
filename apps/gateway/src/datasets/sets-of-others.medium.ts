import { api, PERMISSIONS, type Api, type Camera, type Dataset, type Permission, type RouteSpec } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../../test/running-gateway.js';
import { drawn, SetBench } from '../../test/set-bench.js';

/** Real: gateway, PostgreSQL, HTTP. Whoever may do everything, but not with these cameras, learns nothing of what was made of them: each route of the data loop, from the catalogue, so that a new one is asked as well. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzYxLjE5LjEwMQD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgHBwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xABLAAEBAAAAAAAAAAAAAAAAAAAACAEBAAAAAAAAAAAAAAAAAAAAABABAAAAAAAAAAAAAAAAAAAAABEBAAAAAAAAAAAAAAAAAAAAAP/AABEIABAAEAMBIgACEQADEQD/2gAMAwEAAhEDEQA/AJ/AB//Z', 'base64');
const RIGHTS = PERMISSIONS.filter((one) => !['user.write', 'api-key.write'].includes(one));
const VERSION = 'ab'.repeat(32);

let bench: SetBench;
let [hidden, filmed, own]: Dataset[] = [];
let sha256: string;
/** Ids of what belongs to a set, by the name of its parameter or the beginning of its route. */
let ids: Record<'job' | 'run' | 'recipe' | 'upload', string>;
let strangers: readonly (readonly [string, Visitor])[];

const insert = (sql: string, values: readonly unknown[]): Promise<unknown> => bench.gateway.dataSource.query(sql, [...values]);

beforeAll(async () => {
  bench = await SetBench.open();
  const { owner, withKey } = bench.gateway;
  const other = (await owner.call('createCamera', { body: { name: 'Yard', url: 'rtsp://10.0.0.2/1', enabled: false, tags: ['yard'] } })).body as Camera;
  [hidden, filmed, own] = await Promise.all(['Secret gate', 'Secret films', 'Yard'].map((name) => bench.create(name)));
  const secret = hidden as Dataset;
  sha256 = await bench.put(secret, JPEG, { annotations: [drawn('secret person', 1, 2, 3, 4)], group: 'Secret gate' });
  await insert('UPDATE datasets SET has_unknown_cameras = true WHERE id = $1', [filmed?.id]);
  await insert(`INSERT INTO dataset_versions (dataset_id, digest, parents, counts, message, created_by, created_at) VALUES ($1, $2, '{}', '{}', 'secret', 'x', now())`, [secret.id, Buffer.from(VERSION, 'hex')]);
  const job = await bench.begin(secret, { kind: 'split' });
  const recipe = (await owner.call('createHarvestRecipe', { body: { name: 'Secret recipe', datasetId: secret.id, cameras: { include: [{ kind: 'keyword', pattern: 'Gate' }] }, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'seconds', every: 1 } } })).body as { id: string };
  const run = (await owner.call('startHarvestRun', { params: recipe })).body as { id: string };
  const begun = await fetch(`${bench.gateway.url}/api/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${owner.key}`, 'tus-resumable': '1.0.0', 'upload-length': '5' } });
  ids = { job: job.id, run: run.id, recipe: recipe.id, upload: begun.headers.get('location')?.split('/').at(-1) as string };
  strangers = [
    ['a key of another camera', await withKey(RIGHTS as Permission[], [other.id])],
    ['a key of no camera', await withKey(RIGHTS as Permission[], [])],
    ['a key of another group', await withKey(RIGHTS as Permission[], null, [{ tag: 'yard', live: true, recordings: true, exports: true }])],
    ['an annotator of another group', (await bench.gateway.withUser('annotator', null, [{ tag: 'yard', live: true, recordings: true, exports: true }])).visitor],
  ];
}, 60_000);
afterAll(() => bench?.close());

/** A body that would do. */
const BODIES: Partial<Record<keyof Api, () => unknown>> = {
  updateDataset: () => ({ name: 'stolen' }),
  updateHarvestRecipe: () => ({ name: 'stolen', cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'seconds', every: 1 } }),
  saveAnnotations: () => ({ annotations: [] }),
  changeSamples: () => ({ sha256s: [sha256], set: { focus: true } }),
  removeSamples: () => ({ sha256s: [sha256] }),
  restoreSamples: () => ({ sha256s: [sha256] }),
  copySamples: () => ({ from: own?.id, sha256s: [sha256] }),
  addFootagePictures: () => ({ cameraId: bench.cameraId, pictures: [{ atMs: 1_790_000_000_000, labels: [{ track: 't', label: 'person', box: { x: 1, y: 2, width: 3, height: 4 }, drawn: true, confidence: null }] }] }),
  searchByPicture: () => ({ picture: JPEG.toString('base64') }),
  changeDatasetVersion: () => ({ isKept: true }),
  reportWork: () => ({ seconds: { choosing: 1 } }),
  createDatasetJob: () => ({ kind: 'find-duplicates', how: 'exact', remove: true }),
};
const QUERIES: Partial<Record<keyof Api, () => Record<string, string>>> = { searchSamples: () => ({ sample: sha256 }) };
const SECRETS = /secret/i;

const routes = (Object.entries(api) as [keyof Api, RouteSpec][]).filter(([, { path }]) => /\/(datasets|dataset-jobs|harvest-runs|harvest-recipes|uploads)\/:id/.test(path)).map(([name]) => name);

function paramsOf(name: keyof Api, set: Dataset): Record<string, string> {
  const { path } = api[name] as RouteSpec;
  const of = path.includes('/dataset-jobs/') ? ids.job : path.includes('/harvest-runs/') ? ids.run : path.includes('/harvest-recipes/') ? ids.recipe : path.includes('/uploads/') ? ids.upload : set.id;
  return { id: of, sha256, digest: VERSION, jobId: ids.job };
}

describe('who does not see the cameras of a set', () => {
  it.each(routes)('is told by %s that there is nothing', async (name) => {
    for (const [who, visitor] of strangers) {
      for (const set of [hidden, filmed] as Dataset[]) {
        const [body, query] = [BODIES[name]?.(), QUERIES[name]?.()];
        const headers: Record<string, string> = name === 'appendUpload' ? { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } : {};
        const answer = await visitor.call(name, { params: paramsOf(name, set), headers, ...(query ? { query } : {}), ...(body === undefined ? {} : { body }) });
        expect([who, name, [403, 404].includes(answer.status) ? 'nothing' : answer.status, SECRETS.test(JSON.stringify(answer.body ?? ''))]).toEqual([who, name, 'nothing', false]);
      }
    }
    // It is there, and as it was.
    expect((await bench.gateway.owner.call('getDataset', { params: { id: hidden?.id as string } })).body).toMatchObject({ name: 'Secret gate', counts: { samples: 1, annotations: 1 } });
  });

  it('finds neither in lists, and reaches it neither from a set of his own nor with a recipe', async () => {
    for (const [who, visitor] of strangers) {
      for (const name of ['listDatasets', 'listHarvestRecipes', 'listHarvestRuns'] as const) {
        const { status, body } = await visitor.call(name, {});
        expect([who, name, status === 403 ? 200 : status, SECRETS.test(JSON.stringify(body))]).toEqual([who, name, 200, false]);
      }
      const params = { id: own?.id as string };
      const recipe = { name: `x ${newId()}`, datasetId: hidden?.id, quotaPerCamera: 5, cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'seconds', every: 1 } };
      const refused = [
        await visitor.call('copySamples', { params, body: { from: hidden?.id, sha256s: [sha256] } }),
        await visitor.call('createDatasetJob', { params, body: { kind: 'pick-diverse', count: 1, target: { kind: 'copy', into: hidden?.id } } }),
        await visitor.call('createDatasetJob', { params, body: { kind: 'export', format: 'coco', version: VERSION } }),
        await visitor.call('createDatasetJob', { params, body: { kind: 'import', uploadId: ids.upload } }),
        await visitor.call('createDatasetJobs', { body: { datasetIds: [own?.id, hidden?.id], job: { kind: 'split' } } }),
        await visitor.call('createHarvestRecipe', { body: recipe }),
        await visitor.call('previewHarvest', { body: recipe }),
        await visitor.call('getSample', { params: { ...params, sha256 } }),
        await visitor.call('getSamplePicture', { params: { ...params, sha256 } }),
      ];
      expect(refused.map(({ status }) => (status === 403 ? 404 : status))).toEqual(refused.map(() => 404));
    }
    expect((await bench.gateway.owner.call('listDatasetJobs', { params: { id: own?.id as string } })).body.items).toEqual([]);
  });
});
