import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MotScore, SHARED, analyze, scoreMot } from './analyze.js';

const clip = join(SHARED, 'data/videos/vtest.avi');
const present = existsSync(clip) && existsSync(join(SHARED, 'tools/mot.py')) && existsSync('/usr/bin/python3');
if (!present) console.log('skipped: accuracy on PETS needs ../shared/data, ../shared/tools/mot.py and /usr/bin/python3');

/** Real: the built CLI, the shipped detector, street footage, independent labels and scorer. */
describe.skipIf(!present)('accuracy on PETS S2.L1, frames 1-400', () => {
  it('finds persons: AP50 and F1 at least 0.88', async () => {
    // The scorer itself looks at every 5th frame.
    const score = await scored(await analyze(clip, '--stage', 'detect', '--format', 'mot'));
    console.log('detections', JSON.stringify(score));
    expect(score.ap50).toBeGreaterThanOrEqual(0.88);
    expect(score.f1).toBeGreaterThanOrEqual(0.88);
  });

  it('follows persons: MOTA at least 0.74, IDF1 at least 0.78', async () => {
    const score = await scored(await analyze(clip, '--stage', 'track', '--format', 'mot'));
    console.log('tracks', JSON.stringify(score));
    expect(score.mota).toBeGreaterThanOrEqual(0.74);
    expect(score.idf1).toBeGreaterThanOrEqual(0.78);
  });
});

async function scored(mot: string): Promise<MotScore> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-mot-'));
  try {
    const file = join(folder, 'result.txt');
    await writeFile(file, mot);
    return await scoreMot(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
