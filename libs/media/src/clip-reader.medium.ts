import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClip } from './clip-reader.js';
import { encodeJpeg } from './encode-jpeg.js';

/** Real: the native library and clips on disk. */
const DEMO = fileURLToPath(new URL('../../../demo/street.mp4', import.meta.url));
const VTEST = fileURLToPath(new URL('../../../../shared/data/videos/vtest.avi', import.meta.url));
if (!existsSync(VTEST)) console.warn(`skipped: ${VTEST} is not there`);

async function timesOf(path: string): Promise<number[]> {
  const clip = await openClip(path);
  const times: number[] = [];
  try {
    for await (const frame of clip.frames()) {
      times.push(frame.ptsUs);
      frame.free();
    }
  } finally {
    await clip.close();
    await clip.close();
  }
  return times;
}

describe('openClip', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus clip 片-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives pictures that can be encoded', async () => {
    const clip = await openClip(DEMO);
    for await (const frame of clip.frames()) {
      expect([...encodeJpeg(frame).subarray(0, 2)]).toEqual([0xff, 0xd8]);
      frame.free();
      break;
    }
    await clip.close();
  });

  it('gives every picture of the demo clip once, in order, from time 0 on', async () => {
    const times = await timesOf(DEMO);
    expect(times).toHaveLength(795);
    expect(times[0]).toBe(0);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
    expect(times.at(-1)).toBe(79_400_000);
  });

  it.skipIf(!existsSync(VTEST))('reads codecs that no camera sends', async () => {
    expect(await timesOf(VTEST)).toHaveLength(795);
  });

  it.skipIf(!existsSync(VTEST))('reads as far as a file that was cut off goes', async () => {
    const cut = join(folder, 'cut.avi');
    await writeFile(cut, (await readFile(VTEST)).subarray(0, 200_000));
    const times = await timesOf(cut);
    expect(times.length).toBeGreaterThan(0);
    expect(times.length).toBeLessThan(50);
  });

  it('says what is wrong', async () => {
    const text = join(folder, 'text.mp4');
    await writeFile(text, 'not a video');
    await expect(openClip(text)).rejects.toMatchObject({ code: 'media.source', reason: 'corrupt' });
    await expect(openClip(join(folder, 'none.mp4'))).rejects.toMatchObject({ reason: 'not-found' });
  });
});
