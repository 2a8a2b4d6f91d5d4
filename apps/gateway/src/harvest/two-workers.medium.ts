import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Camera, CameraId, HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../test/footage-files.js';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, two built workers as processes, kill -9, the twelve seconds after which a dead worker's part is free. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const CAMERAS = 32;
const SEGMENTS = 3;
/** 19:00 in Shanghai. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');
const RECIPE = {
  cameras: { include: [{ kind: 'keyword', pattern: '街道' }] },
  calendar: { dates: { kind: 'range', from: '2026-11-01', to: '2026-11-30' }, windows: [{ from: '19:00', to: '21:00' }] },
  sampling: { kind: 'frames', every: 1 },
  dropNearDuplicates: false,
};

interface Taken {
  readonly camera: string;
  readonly video: string;
  readonly frame: number;
  readonly sha256: string;
}

describe.skipIf(problem)('two workers with one harvest of 32 cameras', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(() => gateway?.stop());

  async function recordAll(): Promise<void> {
    const acks: string[] = [];
    const engine = await connectEngine(gateway, (message) => {
      if (message.type === 'ack') acks.push(...message.entries);
      return null;
    });
    for (let camera = 0; camera < CAMERAS; camera += 1) {
      const { id } = (await gateway.owner.call('createCamera', { body: { name: `街道 ${camera}`, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } } })).body as Camera;
      for (let at = 0; at < SEGMENTS; at += 1) {
        const segment = makeSegment(gateway.settings.recordingsDir, { cameraId: id as CameraId, startMs: SEVEN + at * 4000, size: '128x96', from: (camera * SEGMENTS + at) * 4 });
        engine.send({ type: 'segment', entry: segment.id, segment });
        await new Promise((wake) => setImmediate(wake));
      }
    }
    await waitFor(() => acks.length === CAMERAS * SEGMENTS, 20_000);
    engine.close();
  }

  async function begin(name: string): Promise<HarvestRun> {
    const saved = (await gateway.owner.call('createHarvestRecipe', { body: { ...RECIPE, name } })).body as SavedHarvestRecipe;
    return (await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body as HarvestRun;
  }

  const runOf = async ({ id }: HarvestRun): Promise<HarvestRun> => (await gateway.owner.call('getHarvestRun', { params: { id } })).body as HarvestRun;
  const done = (run: HarvestRun): Promise<HarvestRun> => waitFor(async () => {
    const now = await runOf(run);
    return now.state === 'done' && now;
  }, 90_000);
  const takenBy = ({ datasetId }: HarvestRun): Promise<Taken[]> =>
    gateway.dataSource.query(`SELECT group_name AS camera, video, frame_index AS frame, encode(sha256, 'hex') AS sha256 FROM dataset_samples WHERE dataset_id = $1 ORDER BY video, frame_index`, [datasetId]) as Promise<Taken[]>;

  /** Each worker writes into shards of its own. */
  function writtenBy(taken: readonly Taken[]): number[] {
    const wanted = new Set(taken.map(({ sha256 }) => sha256));
    const root = join(gateway.settings.samplesDir, 'shards');
    return readdirSync(root).map((owner) => {
      const lines = readdirSync(join(root, owner)).filter((name) => name.endsWith('.idx.jsonl')).flatMap((name) => readFileSync(join(root, owner, name), 'latin1').split('\n'));
      return lines.filter((line) => wanted.has(line.slice(11, 75))).length;
    });
  }

  it('share it, and what one leaves behind the other ends: the same pictures as by one alone', async () => {
    await recordAll();
    const two = [await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' }), await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' })] as const;
    const run = await begin('shared');
    const sharesNow = async (): Promise<number[]> => writtenBy(await takenBy(await runOf(run)));
    // One of them hears of the run first: how they share is seen from when both are at work.
    const head = await waitFor(async () => {
      const now = await sharesNow();
      return now.length === 2 && now.every((share) => share > 0) && now;
    }, 60_000);
    await waitFor(async () => (await runOf(run)).segments.done >= (CAMERAS * SEGMENTS) / 2, 60_000);
    await endWorker(two[1], 'SIGKILL');
    const shares = (await sharesNow()).map((share, index) => share - (head[index] as number));
    const shared = await done(run);
    await endWorker(two[0], 'SIGTERM');

    const one = await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' });
    const alone = await done(await begin('alone'));
    await endWorker(one, 'SIGTERM');
    const [expected, taken] = [await takenBy(alone), await takenBy(shared)];
    expect(expected).toHaveLength(CAMERAS * SEGMENTS * 100);
    expect(new Set(expected.map(({ sha256 }) => sha256)).size).toBe(expected.length);
    expect(taken).toEqual(expected);
    for (const { segments, samples } of [shared, alone]) expect([segments, samples]).toEqual([{ total: 96, done: 96, failed: 0, rejected: 0, underWay: 0 }, { added: expected.length, known: 0, near: 0 }]);

    console.info(`pictures by each worker while both were at work: ${shares.join(', ')}`);
    expect(shares).toHaveLength(2);
    const sum = shares.reduce((total, share) => total + share, 0);
    for (const share of shares) expect(share / sum).toBeGreaterThanOrEqual(0.25);
    const store = await SampleStore.open(gateway.settings.samplesDir);
    for (const { sha256 } of taken) await store.read(sha256);
    await store.close();
  }, 240_000);
});
