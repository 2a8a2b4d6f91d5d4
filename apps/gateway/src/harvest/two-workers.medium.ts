import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SampleStore } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';
import { CAMERAS, SEGMENTS, SharedHarvest, type Taken } from '../../test/shared-harvest.js';

/** Real: PostgreSQL, HTTP, two built workers as processes, kill -9, the twelve seconds after which a dead worker's part is free. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

describe.skipIf(problem)('two workers with one harvest of 32 cameras', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(() => gateway?.stop());

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
    const harvest = new SharedHarvest(gateway, 1);
    await harvest.recordAll();
    const two = [await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' }), await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' })] as const;
    const run = await harvest.begin('shared');
    const sharesNow = async (): Promise<number[]> => writtenBy(await harvest.takenBy(await harvest.now(run)));
    // One of them hears of the run first: how they share is seen from when both are at work.
    const head = await waitFor(async () => {
      const now = await sharesNow();
      return now.length === 2 && now.every((share) => share > 0) && now;
    }, 60_000);
    await waitFor(async () => (await harvest.now(run)).segments.done >= (CAMERAS * SEGMENTS) / 2, 60_000);
    await endWorker(two[1], 'SIGKILL');
    const shares = (await sharesNow()).map((share, index) => share - (head[index] as number));
    const shared = await harvest.done(run);
    await endWorker(two[0], 'SIGTERM');

    const one = await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '1' });
    const alone = await harvest.done(await harvest.begin('alone'));
    await endWorker(one, 'SIGTERM');
    const [expected, taken] = [await harvest.takenBy(alone), await harvest.takenBy(shared)];
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
