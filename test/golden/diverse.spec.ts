import { chooseDiverse, coverageOf, type Vectors } from '@argus/datasets';
import { DEMO_CLIP, seededRandom } from '@argus/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { filmViews, type View } from './film-views.js';

/** The street seen by 32 cameras, each of which looks at another part of it; neighbours overlap. The first has thirty times the pictures of the last. */
const COLUMNS = 8;
const ROWS = 4;
const CAMERAS = COLUMNS * ROWS;
const FRAMES = 795;
const picturesOf = (camera: number): number => Math.max(4, Math.round(120 / (1 + camera)));

function overlappingViews({ width, height }: { readonly width: number; readonly height: number }): View[] {
  const size = { width: Math.floor(width / 4), height: Math.floor(height / 3) };
  return Array.from({ length: CAMERAS }, (_, camera) => ({
    x: Math.round(((camera % COLUMNS) * (width - size.width)) / (COLUMNS - 1)),
    y: Math.round((Math.floor(camera / COLUMNS) * (height - size.height)) / (ROWS - 1)),
    ...size,
  }));
}

/** Real: the shipped film, the shipped detector's features. T-DIV on footage: bench `data diversity` does the same on more of it. */
describe('a choice of what differs, out of real footage of 32 cameras', () => {
  let vectors: Vectors;
  let cameras: Int32Array;

  beforeAll(async () => {
    const seen = await filmViews(DEMO_CLIP, overlappingViews, (frame, camera) => {
      const step = Math.floor(FRAMES / picturesOf(camera));
      return frame % step === 0 && frame / step < picturesOf(camera);
    });
    vectors = { data: Float32Array.from(seen.flatMap(({ vector }) => [...vector])), dims: seen[0]?.vector.length ?? 0 };
    cameras = Int32Array.from(seen, ({ camera }) => camera);
  });

  it('stands for all of it at half the distance of an even stride and of chance, with every camera in it', () => {
    const pictures = cameras.length;
    const random = seededRandom(7);
    for (const count of [40, 64, 96, 128]) {
      const { rows } = chooseDiverse(vectors, { count, groups: cameras, typical: true });
      const even = coverageOf(vectors, Array.from({ length: count }, (_, at) => Math.floor((at * pictures) / count)));
      const chance = coverageOf(vectors, Array.from({ length: count }, () => Math.floor(random() * pictures)));
      const ours = coverageOf(vectors, Array.from(rows));
      console.info(`${count} of ${pictures}: radius ${ours.radius.toFixed(3)}, even ${even.radius.toFixed(3)}, chance ${chance.radius.toFixed(3)}; of even ${(ours.radius / even.radius).toFixed(2)}, p95 ${(ours.p95 / even.p95).toFixed(2)}`);
      expect(new Set(Array.from(rows, (row) => cameras[row])).size).toBe(CAMERAS);
      // With hardly more than one picture for each camera there is little to choose.
      if (count < 2 * CAMERAS) continue;
      for (const other of [even, chance]) {
        expect(ours.radius).toBeLessThanOrEqual(0.5 * other.radius);
        expect(ours.p95).toBeLessThanOrEqual(0.7 * other.p95);
      }
    }
  });
});
