import type { Dataset, GuideStep, LearnGuide } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, SetBench } from '../../test/set-bench.js';
import { streetPictures } from '../../test/street-pictures.js';
import type { Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, pictures in the sample store. Rows of jobs are put in as the worker leaves them. */
let bench: SetBench;
let picture: Buffer;

beforeAll(async () => {
  picture = streetPictures(1, 'scale=64:-2')[0] as Buffer;
  bench = await SetBench.open();
}, 60_000);
afterAll(() => bench?.close());

const guide = async (visitor: Visitor = bench.gateway.owner): Promise<GuideStep[]> => ((await visitor.call('getLearnGuide')).body as LearnGuide).steps;
const states = async (visitor?: Visitor): Promise<string> => (await guide(visitor)).map(({ state }) => state).join(' ');
const done = (kind: string, set: Dataset) =>
  bench.gateway.dataSource.query(`INSERT INTO dataset_jobs (id, dataset_id, kind, options, state, progress, attempts, cursor, created_by, created_at, started_at, ended_at) VALUES (gen_random_uuid(), $1, $2, $3, 'done', '{}', 1, '{}', 'me', now(), now(), now())`, [set.id, kind, JSON.stringify({ kind })]);

describe('the guide', () => {
  it('says of each step what there is, and where to go on', async () => {
    expect(await states()).toBe('ready waiting waiting waiting waiting waiting waiting');
    expect((await guide())[0]).toMatchObject({ id: 'record', cameraId: bench.cameraId });
    const empty = await bench.create('Empty');
    expect(await states()).toBe('ready waiting waiting waiting waiting waiting waiting');
    const set = await bench.create('Streets');
    await bench.put(set, picture);
    // Pictures from elsewhere lead on without a camera that records.
    expect(await states()).toBe('ready waiting ready ready waiting ready ready');
    await done('pick-diverse', set);
    expect((await guide()).filter(({ datasetId }) => datasetId === empty.id)).toEqual([]);
    await bench.put(set, Buffer.concat([picture, Buffer.from('1')]), { annotations: [drawn('person', 1, 1, 9, 9)] });
    expect(await states()).toBe('ready waiting done ready ready ready ready');
    await bench.put(set, Buffer.concat([picture, Buffer.from('2')]), { complete: true });
    await done('auto-label', set);
    await done('export', set);
    expect(await guide()).toMatchObject([{}, {}, { count: 1 }, { count: 1 }, { id: 'review', count: 1, datasetId: set.id }, { id: 'seal', state: 'ready' }, { state: 'done', count: 1 }]);
  });

  it('is of what the caller sees, and names the rights that are missing', async () => {
    const other = await bench.gateway.withKey(['dataset.read', 'dataset.write'], []);
    expect(await states(other)).toBe('ready waiting waiting waiting waiting waiting waiting');
    expect((await guide(other)).every(({ cameraId, datasetId, count }) => cameraId === null && datasetId === null && count === 0)).toBe(true);
    const same = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect(await states(same)).toBe('ready waiting done done done ready done');
    expect((await guide(same)).map(({ missing }) => missing.join(' '))).toEqual(['camera.write', 'harvest.read harvest.run', 'dataset.write', 'dataset.write', 'dataset.write', 'dataset.write', 'dataset.write dataset.export']);
    expect((await guide(other))[2]?.missing).toEqual([]);
  });
});
