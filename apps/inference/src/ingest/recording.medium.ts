import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Camera, CameraStats, RecordingSegment } from '@argus/contracts';
import { openClip } from '@argus/media';
import { startRtspCameras, waitFor, type RtspCameras } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine, its children and disk, and an RTSP camera (10 pictures a second, a key frame every 2 s) in a process of its own. */
const isBuilt = existsSync(new URL('../../dist/main.js', import.meta.url)) && existsSync(new URL('../../../../libs/testing/dist/rtsp/rtsp-server-process.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference or libs/testing is not built (tsc -b apps/inference libs/testing)');

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

const PIPELINE = pipelineOf({ analysisFps: 1, routes: [] });
const PICTURE_MS = 100;
const GROUP_MS = 2000;
const ALWAYS = cameraOf({ recording: { mode: 'continuous', schedule: null, keepDays: 1, keepBytes: null, moveAfterDays: null } }).recording;

async function rtsp(): Promise<RtspCameras> {
  const server = await startRtspCameras({ cameras: [{ path: 'a' }] });
  open.push({ stop: () => server.kill() });
  return server;
}

async function engineWith(camera: Camera): Promise<EngineFixture> {
  const fixture = await EngineFixture.start(configOf([camera], [], [PIPELINE]));
  open.push(fixture);
  return fixture;
}

const until = async (what: string, condition: () => unknown, timeoutMs = 20_000): Promise<void> => void (await waitFor(async () => Boolean(await condition()), timeoutMs, () => `expected ${what}`));
const statsOf = (fixture: EngineFixture): CameraStats | undefined => fixture.gateway.ofType('stats').at(-1)?.cameras[0];
const recorderOf = (fixture: EngineFixture): CameraStats['recorder'] | undefined => statsOf(fixture)?.recorder;
const segmentsOf = (fixture: EngineFixture): RecordingSegment[] => fixture.gateway.ofType('segment').map(({ segment }) => segment);
const rootOf = (fixture: EngineFixture): string => join(fixture.folder, 'recordings');
const startMs = ({ startAt }: RecordingSegment): number => Date.parse(startAt);
const endMs = ({ endAt }: RecordingSegment): number => Date.parse(endAt);
const packetsOf = ({ fragments }: RecordingSegment): number => fragments.reduce((sum, { packets }) => sum + packets, 0);

const filesOf = async (fixture: EngineFixture, ending: string): Promise<string[]> => (await readdir(rootOf(fixture), { recursive: true }).catch(() => [])).filter((name) => name.endsWith(ending)).sort();

const ingestChild = (fixture: EngineFixture): number =>
  Number(execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(fixture.process?.pid)], { encoding: 'utf8' }).split('\n').find((line) => line.includes('ingest/child/main.js') && !line.includes('repair'))?.trim().split(' ')[0]);

async function picturesOf(fixture: EngineFixture, segment: RecordingSegment): Promise<number> {
  const clip = await openClip(join(rootOf(fixture), segment.path));
  let pictures = 0;
  for await (const frame of clip.frames()) {
    pictures += 1;
    frame.free();
  }
  await clip.close();
  return pictures;
}

async function expectOnDisk(fixture: EngineFixture, segment: RecordingSegment): Promise<void> {
  const path = join(rootOf(fixture), segment.path);
  expect(segment.path).toMatch(new RegExp(`^${segment.cameraId}/${segment.startAt.slice(0, 10)}/${startMs(segment)}-${segment.id}\\.mp4$`));
  const { size, mode } = await stat(path);
  expect({ size, mode: mode & 0o777 }).toEqual({ size: segment.bytes, mode: 0o600 });
  for (const folder of [rootOf(fixture), dirname(dirname(path)), dirname(path)]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await picturesOf(fixture, segment)).toBe(packetsOf(segment));
}

describe.skipIf(!isBuilt)('recording', () => {
  it('keeps all that comes in files that follow each other without a hole, and forgets entries that are acknowledged', async () => {
    const server = await rtsp();
    const camera = cameraOf({ url: server.url('a'), recording: ALWAYS });
    const fixture = await engineWith(camera);
    const beganMs = Date.now();
    await until('two files', () => segmentsOf(fixture).length >= 2, 35_000);
    const during = recorderOf(fixture);
    await fixture.endEngine('SIGTERM');
    // The last one is finished by a stop, too.
    const segments = segmentsOf(fixture);
    expect(segments.length).toBeGreaterThanOrEqual(3);
    for (const segment of segments) {
      await expectOnDisk(fixture, segment);
      expect(segment).toMatchObject({ cameraId: camera.id, codec: 'h264', width: 768, height: 576, connection: 1 });
      expect(segment.motion).toHaveLength(Math.ceil((endMs(segment) - startMs(segment)) / 1000));
    }
    expect(Math.max(...segments.flatMap(({ motion }) => motion))).toBeGreaterThan(0);
    expect(Math.abs(startMs(segments[0] as RecordingSegment) - beganMs)).toBeLessThan(5000);
    for (const [index, segment] of segments.slice(1).entries()) {
      const holeMs = startMs(segment) - endMs(segments[index] as RecordingSegment);
      expect(holeMs).toBeLessThan(PICTURE_MS);
      // A camera sends the running group at once, late by up to its length: the first file's times are up to that late, the second one's are not.
      expect(holeMs).toBeGreaterThan(index === 0 ? -GROUP_MS - PICTURE_MS : -PICTURE_MS);
    }
    expect(await filesOf(fixture, '.mp4')).toEqual(segments.map(({ path }) => path).sort());
    expect(await filesOf(fixture, '.part')).toEqual([]);
    expect(during).toMatchObject({ state: 'recording', problem: null, lostPackets: 0 });
    expect(during?.bytes).toBeGreaterThan(segments[0]?.bytes ?? 0);
    expect(fixture.gateway.refused).toEqual([]);
    await fixture.startEngine();
    await until('an empty journal', async () => (await readdir(join(fixture.folder, 'journal'))).length === 0);
  });

  it('begins and ends by configuration and by hours, on the same connection', async () => {
    const server = await rtsp();
    const camera = cameraOf({ url: server.url('a'), timeZone: 'Asia/Shanghai' });
    const fixture = await engineWith(camera);
    await until('a picture', () => (statsOf(fixture)?.analysed ?? 0) > 0);
    expect(recorderOf(fixture)).toBeNull();
    let revision = 1;
    const configure = (recording: Camera['recording']): void => fixture.gateway.configure(configOf([{ ...camera, recording }], [], [PIPELINE], (revision += 1)));
    configure(ALWAYS);
    await until('footage', () => (recorderOf(fixture)?.bytes ?? 0) > 0 && recorderOf(fixture)?.state === 'recording');
    // No hour that is near: in Shanghai it is some other day of the week.
    const distant = ((new Date(Date.now() + 8 * 3_600_000).getUTCDay() + 2) % 7) + 1;
    configure({ ...ALWAYS, schedule: { windows: [{ days: [distant], from: '00:00', to: '23:59' }] } });
    await until('its file', () => segmentsOf(fixture).length === 1);
    await until('waiting', () => recorderOf(fixture)?.state === 'waiting');
    configure(ALWAYS);
    await until('recording again', () => recorderOf(fixture)?.state === 'recording');
    configure({ ...ALWAYS, mode: 'off' });
    await until('the second file', () => segmentsOf(fixture).length === 2);
    await until('nothing to tell', () => recorderOf(fixture) === null);
    for (const segment of segmentsOf(fixture)) await expectOnDisk(fixture, segment);
    expect(statsOf(fixture)?.reconnects).toBe(0);
    expect(await filesOf(fixture, '.part')).toEqual([]);
  });

  it('loses at most the group of pictures that was open when a child or the engine is killed', async () => {
    const server = await rtsp();
    const camera = cameraOf({ url: server.url('a'), recording: ALWAYS });
    const fixture = await engineWith(camera);
    const killed: number[] = [];
    for (const kill of [async () => process.kill(ingestChild(fixture), 'SIGKILL'), async () => fixture.endEngine('SIGKILL')]) {
      const [done, before] = [segmentsOf(fixture).length, Date.now()];
      // Some groups of it are on disk, and its file is not full.
      await until('an open file', async () => Date.now() - before > 3 * GROUP_MS && (await filesOf(fixture, '.part')).length === 1);
      killed.push(Date.now());
      await kill();
      if (fixture.process === null) await fixture.startEngine();
      await until('the repaired file', () => segmentsOf(fixture).length > done);
    }
    for (const [index, segment] of segmentsOf(fixture).entries()) {
      await expectOnDisk(fixture, segment);
      expect((killed[index] as number) - endMs(segment)).toBeLessThan(GROUP_MS + 1000);
    }
    await until('recording again', () => recorderOf(fixture)?.state === 'recording');
    expect(new Set(segmentsOf(fixture).map(({ id }) => id)).size).toBe(segmentsOf(fixture).length);
  });

  it('says why it cannot record, analyses all the same, and records by itself when it can', async () => {
    const server = await rtsp();
    const camera = cameraOf({ url: server.url('a'), recording: ALWAYS });
    const fixture = await engineWith(camera);
    await until('recording', () => recorderOf(fixture)?.state === 'recording');
    // A folder in the place of which there is a file can be written by nobody, not even by root.
    const configure = (recording: Camera['recording'], revision: number): void => fixture.gateway.configure(configOf([{ ...camera, recording }], [], [PIPELINE], revision));
    configure({ ...ALWAYS, mode: 'off' }, 2);
    await until('its file', () => segmentsOf(fixture).length === 1);
    await rm(rootOf(fixture), { recursive: true });
    await writeFile(rootOf(fixture), '');
    configure(ALWAYS, 3);
    await until('the reason', () => recorderOf(fixture)?.state === 'failed');
    expect(recorderOf(fixture)?.problem).toMatch(/recordings folder/);
    const { analysed } = statsOf(fixture) as CameraStats;
    await until('analysis to go on', () => (statsOf(fixture)?.analysed ?? 0) > analysed + 1);
    await until('lost packets counted', () => (recorderOf(fixture)?.lostPackets ?? 0) > 0);
    await rm(rootOf(fixture));
    await mkdir(rootOf(fixture), { mode: 0o700 });
    await until('recording again', () => recorderOf(fixture)?.state === 'recording', 30_000);
    expect(recorderOf(fixture)?.problem).toBeNull();
  });
});
