import { fileURLToPath } from 'node:url';
import { chooseDiverse, coverageOf, type Vectors } from '@argus/datasets';
import { FrameScaler, openClip } from '@argus/media';
import { openPictureEmbedder, readModelPackage } from '@argus/models';
import { DEMO_CLIP, seededRandom } from '@argus/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const DETECTOR = fileURLToPath(new URL('../../libs/models/packages/nanodet-g-416', import.meta.url));
/** The street seen by 32 cameras, each of which looks at another part of it; neighbours overlap. The first has thirty times the pictures of the last. */
const COLUMNS = 8;
const ROWS = 4;
const CAMERAS = COLUMNS * ROWS;
const FRAMES = 795;
const picturesOf = (camera: number): number => Math.max(4, Math.round(120 / (1 + camera)));

/** Real: the shipped film, the shipped detector's features. T-DIV on footage: bench `data diversity` does the same on more of it. */
describe('a choice of what differs, out of real footage of 32 cameras', () => {
  let vectors: Vectors;
  let cameras: Int32Array;

  beforeAll(async () => {
    const embedder = await openPictureEmbedder(await readModelPackage(DETECTOR));
    const scaler = new FrameScaler({ ...embedder.input, layout: 'hwc' });
    const pixels = new Uint8Array(embedder.input.width * embedder.input.height * 3);
    const seen: { camera: number; vector: Float32Array }[] = [];
    const clip = await openClip(DEMO_CLIP);
    let index = 0;
    for await (const frame of clip.frames()) {
      const size = { width: Math.floor(frame.width / 4), height: Math.floor(frame.height / 3) };
      for (let camera = 0; camera < CAMERAS; camera += 1) {
        const step = Math.floor(FRAMES / picturesOf(camera));
        if (index % step !== 0 || index / step >= picturesOf(camera)) continue;
        const [x, y] = [((camera % COLUMNS) * (frame.width - size.width)) / (COLUMNS - 1), (Math.floor(camera / COLUMNS) * (frame.height - size.height)) / (ROWS - 1)].map(Math.round) as [number, number];
        scaler.scaleInto(frame, { x, y, ...size }, pixels);
        seen.push({ camera, vector: await embedder.embed(pixels, 1) });
      }
      index += 1;
      frame.free();
    }
    await clip.close();
    scaler.close();
    await embedder.close();
    // As a set is: camera by camera, in order of time.
    const sorted = seen.toSorted((a, b) => a.camera - b.camera);
    const data = new Float32Array(sorted.length * embedder.dims);
    for (const [row, { vector }] of sorted.entries()) data.set(vector, row * embedder.dims);
    vectors = { data, dims: embedder.dims };
    cameras = Int32Array.from(sorted, ({ camera }) => camera);
  });

  it('stands for all of it at half the distance of an even stride and of chance, with every camera in it', () => {
    const pictures = cameras.length;
    const random = seededRandom(7);
    for (const count of [40, 64, 96, 128]) {
      const { rows } = chooseDiverse(vectors, { count, groups: cameras });
      const even = coverageOf(vectors, Array.from({ length: count }, (_, at) => Math.floor((at * pictures) / count)));
      const chance = coverageOf(vectors, Array.from({ length: count }, () => Math.floor(random() * pictures)));
      const ours = coverageOf(vectors, Array.from(rows));
      console.info(`${count} of ${pictures}: radius ${ours.radius.toFixed(3)}, even ${even.radius.toFixed(3)}, chance ${chance.radius.toFixed(3)}; of even ${(ours.radius / even.radius).toFixed(2)}, p95 ${(ours.p95 / even.p95).toFixed(2)}`);
      expect(new Set(Array.from(rows, (row) => cameras[row])).size).toBe(CAMERAS);
      // With hardly more than one picture for each camera there is little to choose.
      if (count < 3 * CAMERAS) continue;
      for (const other of [even, chance]) {
        expect(ours.radius).toBeLessThanOrEqual(0.5 * other.radius);
        expect(ours.p95).toBeLessThanOrEqual(0.7 * other.p95);
      }
    }
  });
});
