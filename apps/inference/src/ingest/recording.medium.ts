import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Camera, CameraStats, RecordingSegment } from '@argus/contracts';
import { openClip } from '@argus/media';
import { makeClip, makeSound, readFlashes, startRtspCameras, waitFor, type RtspCameras, type RtspCamerasOptions } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { cameraOf, configOf, demoUrl, EngineFixture, MODELS, pipelineOf, ruleOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine, its children and disk, and an RTSP camera (10 pictures a second, a key frame every 2 s) in a process of its own. */
const isBuilt = existsSync(new URL('../../dist/main.js', import.meta.url)) && existsSync(new URL('../../../../libs/testing/dist/rtsp/rtsp-server-process.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference or libs/testing is not built (tsc -b apps/inference libs/testing)');

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

const PIPELINE = pipelineOf({ analysisFps: 1, routes: [] });
const ANALYZE = fileURLToPath(new URL('../../dist/analyze.js', import.meta.url));
const CLIPS = fileURLToPath(new URL('../../../../libs/media/fixtures', import.meta.url));
const PICTURE_MS = 100;
const GROUP_MS = 2000;
const ALWAYS = cameraOf({ recording: { mode: 'continuous', preSeconds: 5, postSeconds: 10, audio: true, schedule: null, keepDays: 1, keepBytes: null, moveAfterDays: null } }).recording;

async function rtsp(more: Partial<RtspCamerasOptions> = {}): Promise<RtspCameras> {
  const server = await startRtspCameras({ cameras: [{ path: 'a' }], ...more });
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
/** A start tells the newest files once more: each once, as the gateway keeps them. */
const filesTold = (fixture: EngineFixture): RecordingSegment[] => [...new Map(segmentsOf(fixture).map((segment) => [segment.id, segment])).values()];
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

/** What the detector sees in each picture of a file, one after the other: a second opinion, made offline. */
function detectionsIn(path: string): { readonly ptsUs: number; readonly boxes: readonly number[][] }[] {
  const lines = execFileSync(process.execPath, [ANALYZE, path, '--stage', 'detect', '--labels', 'person'], { encoding: 'utf8', env: { PATH: process.env['PATH'], ARGUS_MODELS_DIRS: MODELS }, maxBuffer: 64 * 1024 * 1024 }).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as { ptsUs: number; objects: { box: number[] }[] }).map(({ ptsUs, objects }) => ({ ptsUs, boxes: objects.map(({ box }) => box) }));
}

function overlap([x = 0, y = 0, w = 0, h = 0]: readonly number[], [ox = 0, oy = 0, ow = 0, oh = 0]: readonly number[]): number {
  const shared = Math.max(0, Math.min(x + w, ox + ow) - Math.max(x, ox)) * Math.max(0, Math.min(y + h, oy + oh) - Math.max(y, oy));
  return shared / (w * h + ow * oh - shared);
}

describe.skipIf(!isBuilt)('recording', () => {
  it('tells what was seen in the very pictures of a file', async () => {
    const camera = cameraOf({ url: demoUrl(0), recording: ALWAYS });
    const fixture = await EngineFixture.start(configOf([camera], [], [pipelineOf({ analysisFps: 5, routes: [] })]));
    open.push(fixture);
    await until('two files', () => segmentsOf(fixture).length >= 2, 60_000);
    await fixture.endEngine('SIGTERM');
    // By how many pictures the boxes were taken too early or too late: they fit best where they are.
    const fits = new Map([-4, -3, -2, -1, 0, 1, 2, 3, 4].map((shift) => [shift, 0]));
    let pictures = 0;
    for (const segment of segmentsOf(fixture)) {
      const found = detectionsIn(join(rootOf(fixture), segment.path));
      for (const { atMs, objects } of segment.pictures) {
        const index = found.findIndex(({ ptsUs }) => Math.abs(ptsUs / 1000 - atMs) < 1);
        expect(index).toBeGreaterThanOrEqual(0);
        pictures += 1;
        for (const { box, label } of objects) {
          expect(label).toBe('person');
          const pixels = [box.x * segment.width, box.y * segment.height, box.width * segment.width, box.height * segment.height];
          for (const [shift, sum] of fits) fits.set(shift, sum + Math.max(0, ...(found[index + shift]?.boxes ?? []).map((other) => overlap(pixels, other))));
        }
      }
    }
    expect(pictures).toBeGreaterThan(30);
    const best = Math.max(...fits.values());
    expect([...fits].find(([, sum]) => sum === best)?.[0]).toBe(0);
    const objects = segmentsOf(fixture).flatMap((segment) => segment.pictures.flatMap((picture) => picture.objects)).length;
    expect(best / objects).toBeGreaterThan(0.8);
    expect(fixture.gateway.refused).toEqual([]);
  });


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

  it('keeps what is around motion, and around events, and nothing else', async () => {
    // A street that is empty for 9 s, then somebody walks through it for 5 s; a key frame every 2 s.
    const url = `file://${CLIPS}/wake-up.mp4?loop=true&pace=realtime`;
    const moving = cameraOf({ name: 'Motion', url, recording: { ...ALWAYS, mode: 'motion', preSeconds: 2, postSeconds: 1 } });
    const eventful = cameraOf({ name: 'Events', url, recording: { ...ALWAYS, mode: 'events', preSeconds: 2, postSeconds: 1 } });
    const fixture = await EngineFixture.start(configOf([moving, eventful], [ruleOf()], [pipelineOf({ analysisFps: 5, routes: [] })]), { ARGUS_FILE_ROOTS: CLIPS });
    open.push(fixture);
    const filesOfCamera = ({ id }: Camera): RecordingSegment[] => segmentsOf(fixture).filter(({ cameraId }) => cameraId === id);
    await until('a recorder that waits', () => recorderOf(fixture)?.state === 'waiting');
    await until('two walks of each', () => [moving, eventful].every((camera) => filesOfCamera(camera).length >= 2), 60_000);
    for (const camera of [moving, eventful]) {
      const [first, second] = filesOfCamera(camera) as [RecordingSegment, RecordingSegment];
      for (const segment of [first, second]) await expectOnDisk(fixture, segment);
      // The walk, what was asked for around it, up to a group of pictures on either side, and what a busy machine is late.
      expect(endMs(first) - startMs(first)).toBeGreaterThan(6000);
      expect(endMs(first) - startMs(first)).toBeLessThan(13_000);
      expect(startMs(second) - startMs(first)).toBeGreaterThan(10_000);
      expect(startMs(second) - endMs(first)).toBeGreaterThan(1000);
    }
    // Quiet before it: two seconds that were asked for.
    const [walk] = filesOfCamera(moving) as [RecordingSegment];
    const firstMotion = walk.motion.findIndex((share) => share > 0);
    expect(firstMotion).toBeGreaterThanOrEqual(1);
    expect(firstMotion).toBeLessThanOrEqual(4);
    const [event] = fixture.gateway.ofType('event').map((message) => message.event).filter(({ cameraId, state }) => cameraId === eventful.id && state === 'ended');
    const [around] = filesOfCamera(eventful) as [RecordingSegment];
    expect(Date.parse(event?.startedAt ?? '') - startMs(around)).toBeGreaterThanOrEqual(1000);
    expect(endMs(around) - Date.parse(event?.startedAt ?? '')).toBeGreaterThan(1000);
    expect(around.pictures.some(({ objects }) => objects.length > 0)).toBe(true);
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
      const [done, before] = [filesTold(fixture).length, Date.now()];
      // Some groups of it are on disk, and its file is not full.
      await until('an open file', async () => Date.now() - before > 3 * GROUP_MS && (await filesOf(fixture, '.part')).length === 1);
      killed.push(Date.now());
      await kill();
      if (fixture.process === null) await fixture.startEngine();
      await until('the repaired file', () => filesTold(fixture).length > done);
    }
    for (const [index, segment] of filesTold(fixture).entries()) {
      await expectOnDisk(fixture, segment);
      expect((killed[index] as number) - endMs(segment)).toBeLessThan(GROUP_MS + 1000);
    }
    await until('recording again', () => recorderOf(fixture)?.state === 'recording');
    // The second engine cannot know whether the first one's file was told: once more does no harm.
    await until('the first file, told again', () => segmentsOf(fixture).filter(({ id }) => id === filesTold(fixture)[0]?.id).length === 2);
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

  it('keeps the sound of a camera, on the connection that is there or a new one, and none where a person forbids it', async () => {
    const seconds = 20;
    const server = await rtsp({ clip: makeClip({ width: 320, height: 240, fps: 10, seconds, keySeconds: 1, flashes: true }), sound: makeSound('alaw', seconds) });
    const camera = cameraOf({ url: server.url('a') });
    const fixture = await engineWith(camera);
    await until('a picture', () => (statsOf(fixture)?.analysed ?? 0) > 0);
    let revision = 1;
    const configure = (recording: Camera['recording']): void => fixture.gateway.configure(configOf([{ ...camera, recording }], [], [PIPELINE], (revision += 1)));
    const recordFor = async (recording: Camera['recording'], files: number, ms: number): Promise<void> => {
      configure(recording);
      await until('recording', () => recorderOf(fixture)?.state === 'recording');
      await sleep(ms);
      configure({ ...recording, mode: 'off' });
      await until('its file', () => segmentsOf(fixture).length === files);
      await until('nothing to tell', () => recorderOf(fixture) === null);
    };
    await recordFor({ ...ALWAYS, audio: false }, 1, 2000);
    const connections = (await server.counts())['a']?.connections;
    await recordFor(ALWAYS, 2, 6000);
    // Sound has to be asked for when a connection is opened.
    expect((await server.counts())['a']?.connections).toBe((connections ?? 0) + 1);
    await recordFor({ ...ALWAYS, audio: false }, 3, 2000);
    expect(segmentsOf(fixture).map(({ hasAudio, codecString }) => [hasAudio, codecString.split(',')[1]])).toEqual([[false, undefined], [true, 'mp4a.40.2'], [false, undefined]]);
    const heard = segmentsOf(fixture)[1] as RecordingSegment;
    await expectOnDisk(fixture, heard);
    const { flashes, tones } = readFlashes(join(rootOf(fixture), heard.path));
    const whole = flashes.filter((at) => at > 0.5);
    expect(whole.length).toBeGreaterThanOrEqual(2);
    for (const flash of whole) expect(Math.min(...tones.map((tone) => Math.abs(tone - flash)))).toBeLessThanOrEqual(0.04);
    expect(statsOf(fixture)?.reconnects).toBe(0);
    expect(fixture.gateway.refused).toEqual([]);
  });
});
