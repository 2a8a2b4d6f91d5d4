import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FrameScaler, openClip } from '@argus/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelOpenError, ModelRunError } from '../errors.js';
import { embeddingGraph } from '../graph/embedding-graph.js';
import type { ModelPackage } from '../package/model-package.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openPictureEmbedder, type PictureEmbedder } from './picture-embedder.js';

// The shipped detector's own features, real sessions; real footage where it is at hand (not part of the repository).

const VIDEOS = fileURLToPath(new URL('../../../../../shared/data/videos/', import.meta.url));
const noise = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => Math.imul(index + seed, 2_654_435_761) >>> 24);
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

let pkg: ModelPackage;
let embedder: PictureEmbedder;
beforeAll(async () => {
  pkg = await readModelPackage(fileURLToPath(new URL('../../packages/nanodet-g-416', import.meta.url)));
  embedder = await openPictureEmbedder(pkg);
});
afterAll(() => embedder.close());

describe('a picture embedder', () => {
  const bytes = 416 * 416 * 3;

  it('gives vectors of length 1 that are the same whenever and beside whatever a picture is asked for', async () => {
    const [a, b] = [noise(bytes, 1), new Uint8Array(bytes).fill(90)];
    const both = new Uint8Array(2 * bytes);
    both.set(a);
    both.set(b, bytes);
    const rows = await embedder.embed(both, 2);
    expect([embedder.dims, rows.length]).toEqual([256, 512]);
    for (const row of [rows.subarray(0, 256), rows.subarray(256)]) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    expect(await embedder.embed(b, 1)).toEqual(rows.slice(256));
    expect(cosine(rows.subarray(0, 256), rows.subarray(256))).toBeLessThan(0.9);
  });

  it('refuses other sizes, and tensors that are not there or have no channels', async () => {
    await expect(embedder.embed(new Uint8Array(7), 1)).rejects.toThrow(ModelRunError);
    await expect(openPictureEmbedder(pkg, { tensor: 'nothing' })).rejects.toThrow(ModelOpenError);
    await expect(openPictureEmbedder(pkg, { tensor: 'nothing' })).rejects.toThrow(/expected a tensor named 'nothing'/);
    await expect(openPictureEmbedder({ ...pkg, manifest: { ...pkg.manifest, id: 'other' as ModelPackage['manifest']['id'] } })).rejects.toThrow(/nanodet-g-416/);
    expect(() => embeddingGraph(new Uint8Array(0), 'x')).toThrow(RangeError);
  });
});

describe.skipIf(!existsSync(VIDEOS))('scenes of real footage', () => {
  it('lie apart: two pictures of one camera are closer than any two of different ones', { timeout: 120_000 }, async () => {
    const scaler = new FrameScaler({ ...pkg.manifest.input, layout: 'hwc' });
    const rows: { video: string; row: Float32Array }[] = [];
    const pixels = new Uint8Array(416 * 416 * 3);
    const started = performance.now();
    for (const [video, every] of [['vtest.avi', 100], ['intel-one-by-one-person-detection.mp4', 200], ['mmdet-demo-street.mp4', 15]] as const) {
      const clip = await openClip(`${VIDEOS}${video}`);
      let index = 0;
      for await (const frame of clip.frames()) {
        if (index % every === 0) {
          scaler.scaleInto(frame, null, pixels);
          rows.push({ video, row: await embedder.embed(pixels, 1) });
        }
        index += 1;
        frame.free();
      }
      await clip.close();
    }
    scaler.close();
    const pairs = rows.flatMap((a, index) => rows.slice(index + 1).map((b) => ({ isSame: a.video === b.video, cosine: cosine(a.row, b.row) })));
    const same = pairs.filter(({ isSame }) => isSame).map((pair) => pair.cosine);
    const other = pairs.filter(({ isSame }) => !isSame).map((pair) => pair.cosine);
    console.info(`${rows.length} pictures, decoding included ${(performance.now() - started).toFixed(0)} ms; cosine within a camera ${Math.min(...same).toFixed(3)} to ${Math.max(...same).toFixed(3)}, between ${Math.min(...other).toFixed(3)} to ${Math.max(...other).toFixed(3)}`);
    expect(same.length).toBeGreaterThan(20);
    expect(Math.min(...same)).toBeGreaterThan(Math.max(...other) + 0.02);
  });
});
