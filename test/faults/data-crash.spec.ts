import { copyFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeNumberedVideo, seededRandom, seedOfRun, whyNoClips } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harvestKind, jobKinds, MODELS } from '../../apps/gateway/test/crash-kinds.js';
import { CrashSite, type CrashFigures } from '../../apps/gateway/test/crash-site.js';
import { runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { crashExtract } from '../../apps/worker/test/crash-extract.js';

/** Kills in all; 40 in the everyday run. */
const POINTS = Number(process.env['ARGUS_CRASH_POINTS'] ?? 40);
const SHARES = { harvest: 0.25, 'every picture': 0.05, extract: 0.2, 'auto-label': 0.15, import: 0.15, export: 0.1, version: 0.1 } as const;
const problem = whyNoWorker() ?? whyNoClips();
if (problem) console.warn(`skipped: ${problem}`);

const pointsOf = (kind: keyof typeof SHARES): number => Math.max(1, Math.round(POINTS * SHARES[kind]));
const MB = 2 ** 20;

/** Real: PostgreSQL, the built worker and the built command with their processes, kill -9; after half of the kills the disk loses what was not flushed. */
describe.skipIf(problem)(`harvest, extract and jobs on sets over ${POINTS} kills at any time`, () => {
  let gateway: RunningGateway;
  let site: CrashSite;
  let random: () => number;

  beforeAll(async () => {
    random = seededRandom(seedOfRun());
    gateway = await runGateway();
    site = new CrashSite(gateway, random, { ARGUS_MODELS_DIRS: MODELS });
  });
  afterAll(() => gateway?.stop());

  function expectUnharmed(points: number, figures: CrashFigures): void {
    console.info(JSON.stringify(figures));
    expect(figures).toMatchObject({ kills: points, lost: 0, isEqual: true });
    expect(figures.redoneBytes).toBeLessThanOrEqual(64 * MB);
  }

  it('harvest', async () => {
    expectUnharmed(pointsOf('harvest'), await site.storm(await harvestKind(gateway, { cameras: 3, segments: 6 }), pointsOf('harvest')));
  });

  it('a harvest of every picture', async () => {
    expectUnharmed(pointsOf('every picture'), await site.storm(await harvestKind(gateway, { cameras: 1, segments: 2, seconds: 12, size: '640x360', every: 1 }), pointsOf('every picture')));
  });

  it.each(['auto-label', 'import', 'export', 'version'] as const)('%s', async (name) => {
    const kinds = await jobKinds(gateway, 96);
    expectUnharmed(pointsOf(name), await site.storm(kinds[name], pointsOf(name)));
  });

  it('extract', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argus-crash-extract-'));
    try {
      const clip = makeNumberedVideo({ width: 320, height: 180, pictures: 400, encode: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '3', '-g', '60'], extension: 'mp4' });
      for (const name of ['gate/morning.mp4', 'gate/evening.mp4', 'yard/北门 1.mp4']) {
        mkdirSync(dirname(join(folder, 'in', name)), { recursive: true });
        copyFileSync(clip, join(folder, 'in', name));
      }
      expectUnharmed(pointsOf('extract'), { kind: 'extract', ...(await crashExtract({ folder, points: pointsOf('extract'), random })) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
