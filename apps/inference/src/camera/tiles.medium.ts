import { existsSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Camera, CameraStats, ModelId, PipelineSettings } from '@argus/contracts';
import { silentLogger } from '@argus/kernel';
import { encodeJpeg, openClip } from '@argus/media';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OfflineModel } from '../analyze/offline-frame.js';
import { cameraOf, configOf, EngineFixture, MODELS, pipelineOf } from '../fixtures/engine-fixture.js';
import { streetMosaic } from '../fixtures/street-mosaic.js';
import { ModelRegistry } from '../models/model-registry.js';
import { ringDirectory } from '../ring/pixel-ring.js';

/** Real: the built engine, its ingest children and model processes, a motion JPEG clip. The gateway's end of the link is a stand-in. */
const isBuilt = existsSync(new URL('../../dist/main.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

const SCORE = 0.4;
const SLOT_BYTES_USED = 416 * 416 * 3;

describe.skipIf(!isBuilt)('tiles, live', () => {
  let engine: EngineFixture;
  let persons: number;
  const cameras = { plain: cameraOf({ name: 'plain' }), tiled: cameraOf({ name: 'tiled' }) };
  const settings: Partial<PipelineSettings> = { minScore: SCORE, routes: [], analysisFps: 2 };

  beforeAll(async () => {
    engine = await EngineFixture.start();
    const made = await smallPeople(engine.folder);
    persons = made.persons;
    const common = { ...pipelineOf(settings), gate: { ...pipelineOf().gate, enabled: false }, flow: { policy: 'freshest', depth: 4, stalenessMs: 20_000 } } as const;
    const plain = { ...common };
    const tiled = { ...common, id: pipelineOf().id, isDefault: false, tiling: { columns: 3, rows: 3, overlap: 0.15, wholePicture: true } };
    const url = `${pathToFileURL(made.file).href}?loop=true`;
    cameras.plain = { ...cameras.plain, url };
    cameras.tiled = { ...cameras.tiled, url, pipelineId: tiled.id };
    engine.gateway.configure(configOf([cameras.plain, cameras.tiled], [], [plain, tiled]));
    engine.gateway.send({ type: 'watch', cameraIds: [cameras.plain.id, cameras.tiled.id] });
  });
  afterAll(() => engine.stop());

  const statsOf = (camera: Camera): CameraStats | undefined => engine.gateway.ofType('stats').at(-1)?.cameras.find(({ cameraId }) => cameraId === camera.id);
  const seen = (camera: Camera): number[] => engine.gateway.ofType('live').flatMap(({ cameraId, message }) => (cameraId === camera.id && message.type === 'overlay' ? [message.objects.length] : []));

  it('find small people whom the whole picture alone does not show, give every slot back and leave the other camera its turns', async () => {
    await waitFor(() => (statsOf(cameras.tiled)?.analysed ?? 0) >= 20, 150_000, () => `expected 20 pictures analysed in tiles, got ${JSON.stringify(statsOf(cameras.tiled))}`);
    const [plain, tiled] = [cameras.plain, cameras.tiled].map((camera) => seen(camera).slice(5)) as [number[], number[]];
    const mean = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const stats = statsOf(cameras.tiled) as CameraStats;
    const usedMb = ringBytes(engine.process?.pid ?? 0) / 1e6;
    console.info(`${persons} persons; plain ${mean(plain).toFixed(1)}, tiled ${mean(tiled).toFixed(1)} objects a picture; rings ${usedMb.toFixed(1)} MB; analysed ${statsOf(cameras.plain)?.analysed} and ${stats.analysed}`);
    expect(mean(tiled)).toBeGreaterThanOrEqual(mean(plain) + 0.2 * persons);
    expect(stats.dropped).toMatchObject({ backpressure: 0, late: 0 });
    // On a crowded machine a session may be taken for hung: that picture fails, and no other.
    const replaced = engine.gateway.ofType('stats').at(-1)?.compute.runs.reduce((sum, run) => sum + run.replaced, 0) ?? 0;
    expect(stats.dropped.failed).toBeLessThanOrEqual(replaced);
    expect(statsOf(cameras.plain)?.analysed).toBeGreaterThanOrEqual(15);
    // Slots are used last in, first out: tiles that were not given back would be 180 slots of memory by now.
    expect(usedMb * 1e6).toBeLessThan(64 * SLOT_BYTES_USED);
  }, 180_000);
});

async function smallPeople(folder: string): Promise<{ file: string; persons: number }> {
  const registry = new ModelRegistry([MODELS], silentLogger);
  await registry.scan();
  const detector = await OfflineModel.open('nanodet-g-416' as ModelId, registry);
  const mosaic = await streetMosaic(folder, detector, { width: 1152, height: 864, cellWidth: 288, step: 40 });
  await detector.close();
  const clip = await openClip(mosaic.file);
  const file = join(folder, 'street.mjpeg');
  for await (const frame of clip.frames()) {
    const jpeg = encodeJpeg(frame, { quality: 95 });
    await writeFile(file, Array.from({ length: 50 }, () => jpeg));
    frame.free();
  }
  await clip.close();
  return { file, persons: mosaic.persons.length };
}

/** Memory of the pixel rings of an engine; their files are sparse. */
function ringBytes(pid: number): number {
  const directory = ringDirectory();
  return readdirSync(directory).filter((name) => name.startsWith(`argus-ring-${pid}-`)).reduce((sum, name) => sum + statSync(join(directory, name)).blocks * 512, 0);
}
