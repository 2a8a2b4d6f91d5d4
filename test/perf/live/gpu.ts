import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDevices, openModel, readModelPackage } from '@argus/models';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { startCameras } from '../argus/cameras.ts';
import { EngineUnderTest } from '../argus/engine-under-test.ts';
import { streetClip } from '../measure/clips.ts';
import { atLeast, skipped, type Report } from '../measure/report.ts';
import { percentile } from '../measure/statistics.ts';

const DETECTOR = 'nanodet-g-416';
const PACKAGE = fileURLToPath(new URL(`../../../libs/models/packages/${DETECTOR}`, import.meta.url));
const BATCHES = [1, 2, 4, 8, 16, 32];
/** Enough for a large GPU, if the processor can decode as much. */
const CAMERAS = 48;

interface Speed {
  readonly batch: number;
  readonly picturesPerSecond: number;
  readonly runMsP95: number;
}

/** What a CUDA device brings: the detector by size of batch, and how well the engine fills the batches when it is saturated. */
export async function gpu({ quick }: { readonly quick: boolean }): Promise<Report> {
  const [device] = await listDevices(['cuda']);
  if (!device?.available) return skipped('gpu', `onnxruntime has no CUDA device: ${device?.reason ?? 'unknown'} (docs/guide/gpu.md)`);
  const speeds: Speed[] = [];
  for (const batch of BATCHES) speeds.push(await sessionSpeed(batch, quick ? 3 : 10));
  const engine = await saturatedEngine(quick ? 15 : 60);
  const one = speeds[0]?.picturesPerSecond ?? Number.NaN;
  const most = Math.max(...speeds.map(({ picturesPerSecond }) => picturesPerSecond));
  return {
    benchmark: 'gpu',
    targets: [atLeast('batch fill at saturation', engine.fill, 0.85), atLeast('best batch over batch 1', most / one, 3, ' x')],
    tables: [
      { title: `${DETECTOR} on CUDA, one session`, head: ['batch', 'pictures/s', 'run p95 ms'], rows: speeds.map((speed) => [String(speed.batch), speed.picturesPerSecond, speed.runMsP95]) },
      { title: `Engine, ${CAMERAS} cameras 720p25, every picture wanted`, head: ['device', 'pictures/s', 'batch', 'mean batch', 'fill', 'run p95 ms', 'queue p95 ms'], rows: [[engine.device, engine.picturesPerSecond, engine.batch, engine.batchMean, engine.fill, engine.computeMsP95, engine.queueMsP95]] },
    ],
    notes: [],
    figures: { speeds, engine },
  };
}

async function sessionSpeed(batch: number, seconds: number): Promise<Speed> {
  const session = await openModel(await readModelPackage(PACKAGE), { provider: 'cuda', batch });
  try {
    const { width, height } = session.manifest.input;
    const pixels = new Uint8Array(batch * width * height * 3).fill(114);
    for (let warmUp = 0; warmUp < 10; warmUp += 1) await session.run(pixels, batch);
    const runMs: number[] = [];
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      const startMs = performance.now();
      await session.run(pixels, batch);
      runMs.push(performance.now() - startMs);
    }
    return { batch, picturesPerSecond: (runMs.length * batch) / seconds, runMsP95: percentile(runMs, 0.95) };
  } finally {
    await session.close();
  }
}

async function saturatedEngine(seconds: number) {
  const rtsp = await startCameras(CAMERAS, await streetClip());
  const cameras = rtsp.paths.map((path) => cameraOf({ name: path, url: rtsp.url(path) }));
  const pipeline = pipelineOf({ analysisFps: 25, routes: [] });
  const engine = await EngineUnderTest.start(configOf(cameras, [], [{ ...pipeline, gate: { ...pipeline.gate, enabled: false } }]));
  try {
    await engine.ready(cameras.map(({ id }) => id), 120);
    await sleep(20_000);
    const { models } = await engine.measure(seconds);
    const { compute } = await engine.nextStats();
    const run = compute.runs.find(({ model, device }) => model === DETECTOR && device.startsWith('cuda'));
    if (run === undefined) throw new Error(`expected the engine to place ${DETECTOR} on the CUDA device, it runs on ${compute.runs.map((entry) => entry.device).join(', ')}`);
    const pictures = models.find(({ model }) => model === DETECTOR)?.pictures ?? 0;
    return {
      device: run.device, picturesPerSecond: pictures / seconds, batch: run.batch, batchMean: run.batchMean, fill: (run.batchMean ?? Number.NaN) / run.batch,
      computeMsP95: run.computeMsP95, queueMsP95: run.queueMsP95,
    };
  } finally {
    await engine.stop();
    await rtsp.kill();
  }
}
