import { seededRandom, seedOfRun } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harvestKind, jobKinds, MODELS } from '../../test/crash-kinds.js';
import { CrashSite } from '../../test/crash-site.js';
import { runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, built workers that are killed with -9, footage that ffmpeg made. A few kills of each kind; `npm run faults` has 200 (test/faults/data-crash.spec.ts). */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

describe.skipIf(problem)('a worker that is killed at any moment', () => {
  let gateway: RunningGateway;
  let site: CrashSite;
  beforeAll(async () => {
    gateway = await runGateway();
    site = new CrashSite(gateway, seededRandom(seedOfRun()), { ARGUS_MODELS_DIRS: MODELS });
  });
  afterAll(() => gateway?.stop());

  const unharmed = (kind: string) => ({ kind, kills: 2, lost: 0, isEqual: true });

  it('loses no sample of a harvest and takes none twice', { timeout: 120_000 }, async () => {
    expect(await site.storm(await harvestKind(gateway, { cameras: 2, segments: 3 }), 2)).toMatchObject(unharmed('harvest'));
  });

  it('leaves jobs on sets to others, who end them as if nothing had been', { timeout: 240_000 }, async () => {
    const { 'auto-label': label, import: taken, export: given, version } = await jobKinds(gateway, 24);
    for (const kind of [label, taken, given, version]) expect(await site.storm(kind, 2)).toMatchObject(unharmed(kind.name));
  });
});
