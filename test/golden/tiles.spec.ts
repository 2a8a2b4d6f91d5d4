import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoxPixels, ModelId, TilingSettings } from '@argus/contracts';
import { silentLogger } from '@argus/kernel';
import { openClip, type VideoFrame } from '@argus/media';
import { decodeDetections } from '@argus/models';
import { mergeTileDetections, planTiles, type TileDetections } from '@argus/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OfflineFrame, OfflineModel } from '../../apps/inference/src/analyze/offline-frame.js';
import { streetMosaic, type Mosaic } from '../../apps/inference/src/fixtures/street-mosaic.js';
import { ModelRegistry } from '../../apps/inference/src/models/model-registry.js';
import { ROOT, SHARED } from './analyze.js';
import { middleSize, scorePersons, scoreText } from './tile-score.js';

/** Small people score lower than large ones: a pipeline for them asks for less. */
const SCORE = 0.3;
const GRID: TilingSettings = { columns: 8, rows: 8, overlap: 0.1, wholePicture: true };
const LABELS = join(SHARED, 'data/datasets/pets09-s2l1/gt-1-400.txt');

let folder: string;
let detector: OfflineModel;
let small: Mosaic;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-mosaic-'));
  const registry = new ModelRegistry([join(ROOT, 'libs/models/packages')], silentLogger);
  await registry.scan();
  detector = await OfflineModel.open('nanodet-g-416' as ModelId, registry);
  // 240 of 768 pixels: persons are 10 x 25 pixels in the middle, the area of 16 x 16.
  small = await streetMosaic(folder, detector, { width: 3840, height: 2160, cellWidth: 240, step: 2, labelsOf: petsLabels() });
});
afterAll(async () => {
  await detector.close();
  await rm(folder, { recursive: true, force: true });
});

/** Real: the shipped detector on the demo clip's people, made small in a 4K picture. */
describe('tiles on 16 px objects in a 4K picture', () => {
  it('find at least 20 points more of them than the whole picture alone, with at most 1 % doubles along seams', async () => {
    await eachFrame(small.file, async (frame) => {
      const plain = await new OfflineFrame(frame, 0, detector, new Map()).detect(SCORE);
      const views = await look(frame);
      const tiled = mergeTileDetections(views, frame);
      expect(await new OfflineFrame(frame, 0, detector, new Map(), GRID).detect(SCORE)).toEqual(tiled);
      const before = scorePersons(plain, small.persons);
      const after = scorePersons(tiled, small.persons, views);
      console.info(`${small.persons.length} persons of ${middleSize(small.persons)}, ${views.length} views; plain ${scoreText(before)}; tiled ${scoreText(after)}`);
      expect(small.persons.length).toBeGreaterThan(500);
      expect(after.recall - before.recall).toBeGreaterThanOrEqual(0.2);
      expect(after.recall).toBeGreaterThanOrEqual(0.5);
      expect(after.precision).toBeGreaterThanOrEqual(0.75);
      expect(after.seamDoubles / after.found).toBeLessThanOrEqual(0.01);
      if (small.labelled.length === 0) return;
      const byHand = scorePersons(tiled, small.labelled, views);
      console.info(`PETS: ${small.labelled.length} persons; plain ${scoreText(scorePersons(plain, small.labelled))}; tiled ${scoreText(byHand)}`);
      expect(byHand.recall - scorePersons(plain, small.labelled).recall).toBeGreaterThanOrEqual(0.2);
    });
  });

  it('take no more memory with more tiles', async () => {
    await eachFrame(small.file, async (frame) => {
      const run = (tiling: TilingSettings) => new OfflineFrame(frame, 0, detector, new Map(), tiling).detect(SCORE);
      await run({ ...GRID, columns: 2, rows: 2 });
      const before = process.memoryUsage.rss();
      for (let times = 0; times < 3; times += 1) await run(GRID);
      const grownMb = (process.memoryUsage.rss() - before) / 1e6;
      console.info(`memory grown by ${grownMb.toFixed(1)} MB`);
      // All tiles of such a picture as model input would be 21 MB, as pictures of their own 17 MB: neither is kept.
      expect(grownMb).toBeLessThan(15);
    });
  });
});

async function look(frame: VideoFrame): Promise<TileDetections[]> {
  const { manifest } = detector.session;
  const views: TileDetections[] = [];
  for (const tile of planTiles(frame, manifest.input.width / manifest.input.height, GRID)) {
    const { outputs, placement } = await detector.run(frame, tile);
    views.push({ tile, detections: decodeDetections(manifest, outputs, 0, placement, { minScore: SCORE, frame }) });
  }
  return views;
}

async function eachFrame(file: string, see: (frame: VideoFrame) => Promise<void>): Promise<void> {
  const clip = await openClip(file);
  for await (const frame of clip.frames()) {
    try {
      await see(frame);
    } finally {
      frame.free();
    }
  }
  await clip.close();
}

/** By number of the picture in the clip, from 0; PETS counts from 1. None where the labels are not at hand. */
function petsLabels(): (picture: number) => readonly BoxPixels[] {
  if (!existsSync(LABELS)) {
    console.info('skipped: independent labels need ../shared/data');
    return () => [];
  }
  const labels = new Map<number, BoxPixels[]>();
  for (const line of readFileSync(LABELS, 'utf8').trim().split('\n')) {
    const [frame = 0, , x = 0, y = 0, width = 0, height = 0, scored] = line.split(',').map(Number);
    if (scored !== 0) labels.set(frame - 1, [...(labels.get(frame - 1) ?? []), { x, y, width, height }]);
  }
  return (picture) => labels.get(picture) ?? [];
}
