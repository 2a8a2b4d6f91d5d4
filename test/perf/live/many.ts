import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Camera, CameraState, LoadStats } from '@argus/contracts';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { startCameras } from '../argus/cameras.ts';
import { EngineUnderTest, type Stats } from '../argus/engine-under-test.ts';
import { stillClip, streetClip } from '../measure/clips.ts';
import { machineBusy } from '../measure/machine-load.ts';
import { familyOf, familyPssBytes } from '../measure/process-family.ts';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { median, percentile } from '../measure/statistics.ts';

const BUSY_CAMERAS = 10;
const STILL_CAMERAS = 90;
const MIB = 2 ** 20;

/** A hundred cameras of which ninety show a still scene: what an idle camera takes, and whether all are well. */
export async function many({ quick }: { readonly quick: boolean }): Promise<Report> {
  const minutes = quick ? 2 : 10;
  const [street, still] = [await startCameras(BUSY_CAMERAS, await streetClip(), 'busy'), await startCameras(STILL_CAMERAS, await stillClip(), 'still')];
  const busy = street.paths.map((path) => cameraOf({ name: path, url: street.url(path) }));
  const idle = still.paths.map((path) => cameraOf({ name: path, url: still.url(path) }));
  const pipeline = pipelineOf({});
  const engine = await EngineUnderTest.start(configOf(busy, [], [pipeline]));
  try {
    await engine.ready(busy.map(({ id }) => id));
    await sleep(30_000);
    const before = memoryOf(engine.pid);
    engine.configure(configOf([...busy, ...idle], [], [pipeline]));
    // Delays are told for whole minutes: that of a hundred connections at once is not what the rest of the day is like.
    await sleep(90_000);
    const samples: Sample[] = [];
    const machine = machineBusy(minutes * 60);
    for (let tick = 0; tick < minutes * 12; tick += 1) {
      await sleep(5000);
      samples.push(sample(await engine.nextStats(), statesOf(engine), [...busy, ...idle]));
    }
    const perIdle = (memoryOf(engine.pid) - before) / STILL_CAMERAS / MIB;
    const last = samples.at(-1) as Sample;
    const loops = samples.map(({ loopDelayMs }) => loopDelayMs).filter((value) => value !== null);
    const delay = loops.length === 0 ? null : percentile(loops, 0.99);
    const wrong = Math.max(...samples.map(({ notOnline }) => notOnline));
    return {
      benchmark: 'many',
      targets: [
        atMost('memory of an idle camera', perIdle, 15, ' MiB'),
        atMost('event loop delay, p99', delay, 20, ' ms'),
        atMost('cameras whose state was wrong at any look', wrong, 0),
        atLeast('still cameras that decode key frames only, at the end', last.keyOnly, STILL_CAMERAS),
      ],
      tables: [
        {
          title: `Many: ${BUSY_CAMERAS} busy and ${STILL_CAMERAS} still cameras 720p25 for ${minutes} minutes`,
          head: ['MiB per idle camera', 'loop p99 ms', 'loop median ms', 'wrong states', 'key frames only', 'busy fps', 'still fps', 'machine busy', 'children'],
          rows: [[perIdle.toFixed(2), delay, loops.length === 0 ? null : median(loops), wrong, last.keyOnly, median(samples.map(({ busyFps }) => busyFps)), median(samples.map(({ stillFps }) => stillFps)), await machine, last.children]],
        },
      ],
      notes: ['memory: proportional set size of all processes of the engine and its shared memory, with 100 cameras less with the 10 busy ones, by 90'],
      figures: { perIdleMiB: perIdle, loopDelayMs: delay, wrong, samples: samples.filter((_sample, index) => index % 6 === 0) },
    };
  } finally {
    await engine.stop();
    await Promise.all([street.kill(), still.kill()]);
  }
}

interface Sample {
  readonly notOnline: number;
  readonly keyOnly: number;
  readonly busyFps: number;
  readonly stillFps: number;
  /** Longest of all processes; null: the engine does not tell. */
  readonly loopDelayMs: number | null;
  readonly children: number;
  readonly shedding: string | null;
}

function sample({ cameras, compute }: Stats, states: ReadonlyMap<Camera['id'], CameraState>, all: readonly Camera[]): Sample {
  const stillIds = new Set(all.slice(BUSY_CAMERAS).map(({ id }) => id));
  const rates = (still: boolean): number => median(cameras.filter(({ cameraId }) => stillIds.has(cameraId) === still).map(({ analysedFps }) => analysedFps));
  return {
    notOnline: all.filter(({ id }) => states.get(id)?.state !== 'online').length,
    keyOnly: cameras.filter(({ cameraId, decodeMode }) => stillIds.has(cameraId) && decodeMode === 'key').length,
    busyFps: rates(false),
    stillFps: rates(true),
    loopDelayMs: longestDelay(compute.load),
    children: compute.load?.children.length ?? 0,
    shedding: compute.load?.shedding ?? null,
  };
}

function longestDelay(load: LoadStats | null): number | null {
  const delays = [load?.loopDelayMsP99, ...(load?.children ?? []).map(({ loopDelayMsP99 }) => loopDelayMsP99)].filter((value) => value !== null && value !== undefined);
  return delays.length === 0 ? null : Math.max(...delays);
}

/** The newest state of each camera that the gateway was told. */
function statesOf(engine: EngineUnderTest): Map<Camera['id'], CameraState> {
  return new Map(engine.fixture.gateway.ofType('states').flatMap(({ states }) => states.map((state) => [state.cameraId, state] as const)));
}

/** Files of shared memory belong to nobody's set: those of this family are added. */
function memoryOf(pid: number): number {
  const family = new Set(familyOf(pid));
  const rings = readdirSync('/dev/shm').filter((name) => family.has(Number(/^argus-ring-(\d+)-/.exec(name)?.[1])));
  return familyPssBytes(pid) + rings.reduce((total, name) => total + statSync(join('/dev/shm', name)).blocks * 512, 0);
}
