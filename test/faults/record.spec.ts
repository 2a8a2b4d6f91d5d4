import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Camera, RecordingSegment } from '@argus/contracts';
import { readSegment } from '@argus/footage';
import { DEMO_CLIP, type RtspCameras, startRtspCameras, waitFor } from '@argus/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../../apps/inference/src/fixtures/engine-fixture.js';
import { footageFilesIn as filesIn, picturesOf, statsOf, toldOf as finishedOf } from './recorded-footage.js';
import { isEngineBuilt, seconds } from './watched-engine.js';

/**
 * Real: the built engine with four RTSP cameras (the demo clip, 10 pictures a second, a key frame every 2 s), the disk, a small tmpfs, kill -9. Each picture
 * of the clip is known by a digest, so each packet on disk is known by its number. The gateway's end of the link is a stand-in.
 */
const ROUNDS = Number(process.env['ARGUS_RECORD_ROUNDS'] ?? 2);
const PATHS = ['a', 'b', 'c', 'd'];
const GROUP_MS = 2000;
/** What is on its way to the disk when a kill comes. */
const ON_ITS_WAY_MS = 1000;
const PIPELINE = pipelineOf({ analysisFps: 2, routes: [], gate: { enabled: false, threshold: 0.0008, stillIntervalSeconds: 5, holdSeconds: 2 } });
const RECORDING: Camera['recording'] = { mode: 'continuous', preSeconds: 5, postSeconds: 10, audio: true, schedule: null, keepDays: 1, keepBytes: null, moveAfterDays: null };

let numbers: ReadonlyMap<string, number>;
let server: RtspCameras | null = null;
let fixture: EngineFixture | null = null;
let cameras: readonly Camera[] = [];
let disk: string | null = null;
let revision = 1;

beforeAll(async () => {
  numbers = new Map((await picturesOf(DEMO_CLIP)).map((digest, number) => [digest, number]));
});
afterEach(async () => {
  await fixture?.stop();
  await server?.kill();
  if (disk !== null) {
    execFileSync('umount', ['-l', disk]);
    rmdirSync(disk);
  }
  [fixture, server, disk] = [null, null, null];
});

async function start(recordingsDir?: string): Promise<EngineFixture> {
  server = await startRtspCameras({ clip: DEMO_CLIP, cameras: PATHS.map((path, index) => ({ path, startSeconds: index * 19 })) });
  cameras = PATHS.map((path) => cameraOf({ name: path, url: server?.url(path) ?? '', recording: RECORDING }));
  return (fixture = await EngineFixture.start(configOf(cameras, [], [PIPELINE]), recordingsDir === undefined ? {} : { ARGUS_RECORDINGS_DIR: recordingsDir }));
}

const until = async (what: string, condition: () => unknown, timeoutMs = 60_000): Promise<void> => void (await waitFor(async () => Boolean(await condition()), timeoutMs, () => `expected ${what}`));
const everyRecorder = (engine: EngineFixture, state: string): boolean => statsOf(engine).length === PATHS.length && statsOf(engine).every(({ recorder }) => recorder?.state === state);
/** A camera's, in order of time. */
const toldOf = (engine: EngineFixture, camera: Camera): RecordingSegment[] => finishedOf(engine, camera).sort((one, other) => Date.parse(one.startAt) - Date.parse(other.startAt));
const ingestChildren = (engine: EngineFixture): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(engine.process?.pid)], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('ingest/child/main.js') && !line.includes('repair')).map((line) => Number(line.trim().split(' ')[0]));

/** Every file is sound, is as it was told, and holds known pictures in order; each picture at most once. Gives how many holes there are. */
async function requireSound(root: string, segments: readonly RecordingSegment[]): Promise<number> {
  let [holes, last] = [0, null as number | null];
  for (const segment of segments) {
    const { bytes, headId, fragments } = await readSegment(join(root, segment.path));
    expect({ bytes, headId, fragments }).toEqual({ bytes: segment.bytes, headId: segment.headId, fragments: segment.fragments });
    for (const digest of await picturesOf(join(root, segment.path))) {
      const number = numbers.get(digest) ?? NaN;
      const step = last === null ? 1 : (number - last + numbers.size) % numbers.size;
      // The clip is a ring: half of it back would be a repetition.
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(numbers.size / 2);
      if (step > 1) holes += 1;
      last = number;
    }
  }
  return holes;
}

/** While recording fails, analysis goes on and no camera is lost. */
async function requireAnalysis(engine: EngineFixture): Promise<void> {
  const before = new Map(statsOf(engine).map(({ cameraId, analysed }) => [cameraId, analysed]));
  await until('analysis to go on', () => statsOf(engine).every(({ cameraId, analysed }) => analysed >= (before.get(cameraId) ?? 0) + 6));
  const states = engine.gateway.ofType('states').flatMap((message) => message.states);
  for (const { id } of cameras) expect(states.filter(({ cameraId }) => cameraId === id).at(-1)?.state).toBe('online');
  expect(statsOf(engine).every(({ reconnects }) => reconnects === 0)).toBe(true);
}

describe.skipIf(!isEngineBuilt)('recording', () => {
  it('loses at most the open group of pictures to kill -9, and tells of every file', async () => {
    const engine = await start();
    const root = join(engine.folder, 'recordings');
    const kills: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const victim of ['child', 'engine'] as const) {
        const began = Date.now();
        await until('every recorder at work', () => everyRecorder(engine, 'recording') && Date.now() - began > 7 * GROUP_MS);
        kills.push(Date.now());
        if (victim === 'child') for (const pid of ingestChildren(engine)) process.kill(pid, 'SIGKILL');
        else await engine.endEngine('SIGKILL');
        if (victim === 'engine') await engine.startEngine();
        const killedMs = kills.at(-1) ?? 0;
        await until('the repaired files', () => cameras.every((camera) => toldOf(engine, camera).some(({ endAt }) => killedMs - Date.parse(endAt) < GROUP_MS + ON_ITS_WAY_MS)));
      }
    }
    await until('every recorder at work', () => everyRecorder(engine, 'recording'));
    await engine.endEngine('SIGTERM');
    const told = cameras.map((camera) => toldOf(engine, camera));
    expect(filesIn(root)).toEqual(told.flat().map(({ path }) => path).sort());
    for (const segments of told) expect(await requireSound(root, segments)).toBeLessThanOrEqual(kills.length);
    console.info(`${kills.length} kills; ${told.flat().length} files, ${told.flat().flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0)} packets, each once`);
    expect(engine.gateway.refused).toEqual([]);
  });

  it('goes on by itself after a full disk, and analysis does not notice', async (context) => {
    disk = mountTmpfs(24);
    if (disk === null) return context.skip('a tmpfs cannot be mounted here');
    const root = disk;
    const engine = await start(root);
    await until('every recorder at work', () => everyRecorder(engine, 'recording') && filesIn(root).length >= PATHS.length);
    fill(join(root, 'ballast'));
    await until('the reason', () => statsOf(engine).every(({ recorder }) => recorder?.problem === 'the disk with the recordings folder is full'));
    await requireAnalysis(engine);
    await until('lost packets counted', () => statsOf(engine).every(({ recorder }) => (recorder?.lostPackets ?? 0) > 0));
    rmSync(join(root, 'ballast'));
    await until('every recorder at work again', () => everyRecorder(engine, 'recording') && statsOf(engine).every(({ recorder }) => recorder?.problem === null));
    await seconds(3);
    await engine.endEngine('SIGTERM');
    const told = cameras.map((camera) => toldOf(engine, camera));
    expect(filesIn(root)).toEqual(told.flat().map(({ path }) => path).sort());
    for (const segments of told) {
      expect(segments.length).toBeGreaterThan(1);
      expect(await requireSound(root, segments)).toBeGreaterThan(0);
    }
  });

  it('says that the disk is read-only, and records when it can be written again', async (context) => {
    disk = mountTmpfs(64);
    if (disk === null) return context.skip('a tmpfs cannot be mounted here');
    const root = disk;
    const engine = await start(root);
    await until('every recorder at work', () => everyRecorder(engine, 'recording'));
    const configure = (mode: Camera['recording']['mode']): void => engine.gateway.configure(configOf(cameras.map((camera) => ({ ...camera, recording: { ...RECORDING, mode } })), [], [PIPELINE], (revision += 1)));
    // A disk with open files is not made read-only by hand.
    configure('off');
    await until('no open file', () => filesIn(root).every((name) => !name.endsWith('.part')));
    execFileSync('mount', ['-o', 'remount,ro', root]);
    configure('continuous');
    await until('the reason', () => statsOf(engine).every(({ recorder }) => recorder?.problem === 'the disk with the recordings folder is read-only'));
    await requireAnalysis(engine);
    execFileSync('mount', ['-o', 'remount,rw', root]);
    await until('every recorder at work again', () => everyRecorder(engine, 'recording'));
    await engine.endEngine('SIGTERM');
    for (const camera of cameras) await requireSound(root, toldOf(engine, camera));
  });
});

/** A small disk of its own; null where nobody may mount one. */
function mountTmpfs(megabytes: number): string | null {
  const at = mkdtempSync(join(tmpdir(), 'argus-record-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', at], { stdio: 'ignore' });
    return at;
  } catch {
    return null;
  }
}

/** Takes what room there is. */
function fill(path: string): void {
  const piece = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeFileSync(path, piece, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
