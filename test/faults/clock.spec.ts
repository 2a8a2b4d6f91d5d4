import { join } from 'node:path';
import type { Camera, RecordingSegment } from '@argus/contracts';
import { readSegment } from '@argus/footage';
import { DEMO_CLIP, type RtspCameras, startRtspCameras, waitFor } from '@argus/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../../apps/inference/src/fixtures/engine-fixture.js';
import { canFakeClock, FakedClock } from './faked-clock.js';
import { ingestChildren } from './process-family.js';
import { footageFilesIn, picturesOf, statsOf, toldOf } from './recorded-footage.js';
import { isEngineBuilt, seconds } from './watched-engine.js';

/**
 * Real: the built engine with four RTSP cameras (the demo clip, 10 pictures a second, a key frame every 2 s), the disk. The wall clock of the engine and its children is
 * set by libfaketime, their monotonic time is not, as when somebody sets a machine's clock. Each picture of the clip is known by a digest, so each packet on disk is
 * known by its number. The gateway's end of the link is a stand-in.
 */
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Where the clock stands against the true time, step by step: an hour back, a day back, right again, an hour ahead, right again. */
const STEPS = [0, -HOUR, -HOUR - DAY, 0, HOUR, 0] as const;
const LEAPS = 40;
const PATHS = ['a', 'b', 'c', 'd'];
/** A file ends after 10 s at a key frame; times follow the clock from the second file after it was set ahead on. */
const STEP_SECONDS = 36;
const LONGEST_MS = 14_000;
const NEAR_MS = 30_000;
const PIPELINE = pipelineOf({ analysisFps: 2, routes: [], gate: { enabled: false, threshold: 0.0008, stillIntervalSeconds: 5, holdSeconds: 2 } });
const RECORDING: Camera['recording'] = { mode: 'continuous', preSeconds: 5, postSeconds: 10, audio: true, schedule: null, keepDays: 1, keepBytes: null, moveAfterDays: null };

let numbers: ReadonlyMap<string, number>;
let server: RtspCameras | null = null;
let fixture: EngineFixture | null = null;
let clock: FakedClock;
let cameras: readonly Camera[] = [];

beforeAll(async () => {
  numbers = new Map((await picturesOf(DEMO_CLIP)).map((digest, number) => [digest, number]));
});
afterEach(async () => {
  await fixture?.stop();
  await server?.kill();
  clock?.remove();
  [fixture, server] = [null, null];
});

async function start(): Promise<EngineFixture> {
  clock = new FakedClock();
  server = await startRtspCameras({ clip: DEMO_CLIP, cameras: PATHS.map((path, index) => ({ path, startSeconds: index * 19 })) });
  cameras = PATHS.map((path) => cameraOf({ name: path, url: server?.url(path) ?? '', recording: RECORDING }));
  return (fixture = await EngineFixture.start(configOf(cameras, [], [PIPELINE]), clock.environment));
}

const until = async (what: string, condition: () => unknown, timeoutMs = 60_000): Promise<void> => void (await waitFor(async () => Boolean(await condition()), timeoutMs, () => `expected ${what}`));
const everyRecorder = (engine: EngineFixture): boolean => statsOf(engine).length === PATHS.length && statsOf(engine).every(({ recorder }) => recorder?.state === 'recording');
const childrenOf = (engine: EngineFixture): number[] => ingestChildren(engine.process?.pid ?? 0).map(({ pid }) => pid);

/** Recording and analysis go on for so long, with the connections that there were. */
async function goOn(engine: EngineFixture, stepSeconds: number): Promise<void> {
  const before = new Map(statsOf(engine).map((stats) => [stats.cameraId, stats]));
  await new Promise((wake) => setTimeout(wake, stepSeconds * 1000));
  for (const { cameraId, analysed, reconnects, recorder } of statsOf(engine)) {
    expect(analysed).toBeGreaterThan((before.get(cameraId)?.analysed ?? 0) + stepSeconds);
    expect([reconnects, recorder?.state, recorder?.lostPackets]).toEqual([before.get(cameraId)?.reconnects, 'recording', before.get(cameraId)?.recorder?.lostPackets]);
  }
}

/** Every file is sound and as it was told, of a length that can be; each picture received is in exactly one file, and none is missing between them. */
async function requireWhole(root: string, segments: readonly RecordingSegment[]): Promise<number> {
  let [last, pictures] = [null as number | null, 0];
  for (const segment of segments) {
    const { bytes, headId, fragments, startMs, endMs } = await readSegment(join(root, segment.path));
    expect({ bytes, headId, fragments }).toEqual({ bytes: segment.bytes, headId: segment.headId, fragments: segment.fragments });
    expect([Date.parse(segment.startAt), Date.parse(segment.endAt)]).toEqual([startMs, endMs]);
    expect(endMs - startMs).toBeGreaterThan(0);
    expect(endMs - startMs).toBeLessThanOrEqual(LONGEST_MS);
    for (const digest of await picturesOf(join(root, segment.path))) {
      const number = numbers.get(digest) ?? NaN;
      if (last !== null) expect(number).toBe((last + 1) % numbers.size);
      [last, pictures] = [number, pictures + 1];
    }
  }
  return pictures;
}

describe.skipIf(!isEngineBuilt || !canFakeClock)('a clock that is set while cameras are recorded', () => {
  it('overwrites nothing, loses no packet, and stops neither recording nor analysis', async () => {
    const engine = await start();
    const root = join(engine.folder, 'recordings');
    await until('every recorder at work', () => everyRecorder(engine));
    const children = childrenOf(engine);
    // Whoever measured waits by it would see one of an hour: it has to come between two packets for that, so it comes often.
    for (let time = 1; time <= LEAPS; time += 1) {
      clock.set(time * HOUR);
      await seconds(0.37);
    }
    for (const offset of STEPS) {
      clock.set(offset);
      await goOn(engine, STEP_SECONDS);
      // What began last is told by the clock as it is now.
      for (const camera of cameras) expect(Math.abs(Date.parse(toldOf(engine, camera).at(-1)?.endAt ?? '') - clock.nowMs)).toBeLessThan(NEAR_MS);
    }
    const states = engine.gateway.ofType('states').flatMap((message) => message.states);
    expect([...new Set(states.map(({ state }) => state))].filter((state) => state !== 'connecting')).toEqual(['online']);
    expect(statsOf(engine).map(({ reconnects }) => reconnects)).toEqual(PATHS.map(() => 0));
    expect(childrenOf(engine)).toEqual(children);
    await engine.endEngine('SIGTERM');
    const told = cameras.map((camera) => toldOf(engine, camera));
    expect(footageFilesIn(root)).toEqual(told.flat().map(({ path }) => path).sort());
    let pictures = 0;
    for (const segments of told) pictures += await requireWhole(root, segments);
    expect(pictures).toBeGreaterThan(PATHS.length * STEPS.length * STEP_SECONDS * 9);
    console.info(`the clock was set ${STEPS.length - 1} times; ${told.flat().length} files, ${pictures} pictures, each once and none missing`);
    expect(engine.gateway.refused).toEqual([]);
  });

  it('leaves nothing unfinished when recorders are killed right after it was set back', async () => {
    const engine = await start();
    const root = join(engine.folder, 'recordings');
    await until('every recorder at work', () => everyRecorder(engine) && footageFilesIn(root).length > PATHS.length);
    const open = footageFilesIn(root).filter((name) => name.endsWith('.part')).map((name) => name.replace(/\.part$/, ''));
    expect(open).toHaveLength(PATHS.length);
    clock.set(-DAY);
    for (const pid of childrenOf(engine)) process.kill(pid, 'SIGKILL');
    await until('the files that were open, repaired and told', () => open.every((path) => cameras.some((camera) => toldOf(engine, camera).some((segment) => segment.path === path))));
    await until('every recorder at work', () => everyRecorder(engine));
    await goOn(engine, 15);
    await engine.endEngine('SIGTERM');
    expect(footageFilesIn(root)).toEqual(cameras.flatMap((camera) => toldOf(engine, camera)).map(({ path }) => path).sort());
  });
});
