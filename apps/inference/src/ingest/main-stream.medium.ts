import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Camera, CameraStats, LiveMessage, LivePacket, RecordingSegment } from '@argus/contracts';
import { makeClip, startRtspCameras, waitFor, whyNoClips, type RtspCameras } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeH264, varianceIn } from '../fixtures/decode-with-ffmpeg.js';
import { cameraOf, configOf, EngineFixture, MODELS, pipelineOf, ruleOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine and RTSP cameras with two streams each, of the same scene in two sizes (10 pictures a second, a key frame every 2 s). */
const why = existsSync(new URL('../../dist/main.js', import.meta.url)) ? whyNoClips() : 'apps/inference is not built (tsc -b)';
if (why !== null) console.warn(`skipped: ${why}`);

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

const ANALYZE = fileURLToPath(new URL('../../dist/analyze.js', import.meta.url));
const CLIPS = fileURLToPath(new URL('../../../../libs/media/fixtures', import.meta.url));
const PIPELINE = pipelineOf({ analysisFps: 5, routes: [] });
const LARGE = { width: 768, height: 576 };
const SMALL = { width: 384, height: 288 };
const ALWAYS = cameraOf({ recording: { mode: 'continuous', preSeconds: 5, postSeconds: 10, audio: true, schedule: null, keepDays: 1, keepBytes: null, moveAfterDays: null } }).recording;

async function twoStreams(): Promise<RtspCameras> {
  const otherSize = makeClip({ ...SMALL, fps: 10, seconds: 79 });
  const server = await startRtspCameras({ otherSize, cameras: [{ path: 'large' }, { path: 'small', clip: 'otherSize' }] });
  open.push({ stop: () => server.kill() });
  return server;
}

async function engineWith(camera: Camera, environment: NodeJS.ProcessEnv = {}): Promise<EngineFixture> {
  const fixture = await EngineFixture.start(configOf([camera], [ruleOf()], [PIPELINE]), environment);
  open.push(fixture);
  return fixture;
}

const until = async (what: string, condition: () => unknown, timeoutMs = 30_000): Promise<void> => void (await waitFor(() => Boolean(condition()), timeoutMs, () => `expected ${what}`));
const statsOf = (fixture: EngineFixture): CameraStats | undefined => fixture.gateway.ofType('stats').at(-1)?.cameras[0];
const segmentsOf = (fixture: EngineFixture): RecordingSegment[] => fixture.gateway.ofType('segment').map(({ segment }) => segment);
const packetsOf = (fixture: EngineFixture, main: boolean): LivePacket[] => fixture.gateway.packets.filter(({ packet }) => packet.main === main).map(({ packet }) => packet);
const messagesOf = <T extends LiveMessage['type']>(fixture: EngineFixture, type: T): Extract<LiveMessage, { type: T }>[] =>
  fixture.gateway.ofType('live').filter(({ stream }) => stream === 'main').flatMap(({ message }) => (message.type === type ? [message as Extract<LiveMessage, { type: T }>] : []));

/** What the detector sees in each picture of a file, one after the other: a second opinion, made offline. */
function boxesIn(path: string): { readonly atMs: number; readonly boxes: readonly (readonly number[])[] }[] {
  const lines = execFileSync(process.execPath, [ANALYZE, path, '--stage', 'detect', '--labels', 'person'], { encoding: 'utf8', env: { PATH: process.env['PATH'], ARGUS_MODELS_DIRS: MODELS }, maxBuffer: 64 * 1024 * 1024 }).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as { ptsUs: number; objects: { box: number[] }[] }).map(({ ptsUs, objects }) => ({ atMs: ptsUs / 1000, boxes: objects.map(({ box }) => box) }));
}

function overlap([x = 0, y = 0, w = 0, h = 0]: readonly number[], [ox = 0, oy = 0, ow = 0, oh = 0]: readonly number[]): number {
  const shared = Math.max(0, Math.min(x + w, ox + ow) - Math.max(x, ox)) * Math.max(0, Math.min(y + h, oy + oh) - Math.max(y, oy));
  return shared / (w * h + ow * oh - shared);
}

describe.skipIf(why !== null)('a main stream beside the analysed one', () => {
  it('is what is recorded, with the boxes on the pictures that they were found in', async () => {
    const server = await twoStreams();
    const camera = cameraOf({ url: server.url('large'), analysisUrl: server.url('small'), recording: ALWAYS });
    const fixture = await engineWith(camera);
    await until('two files', () => segmentsOf(fixture).length >= 2, 60_000);
    expect(statsOf(fixture)).toMatchObject({ stream: SMALL, main: { state: 'online', stream: LARGE, problem: null }, recorder: { state: 'recording', lostPackets: 0 } });
    await fixture.endEngine('SIGTERM');
    expect((await server.counts())['large']?.connections).toBe(1);
    // By how many pictures of the large stream the boxes of the small one come too early or too late.
    const fits = new Map([-4, -3, -2, -1, 0, 1, 2, 3, 4].map((shift) => [shift, 0]));
    let [pictures, objects] = [0, 0];
    for (const segment of segmentsOf(fixture)) {
      expect(segment).toMatchObject({ ...LARGE, connection: 1 });
      expect(Math.max(...segment.motion)).toBeGreaterThan(0);
      const found = boxesIn(join(fixture.folder, 'recordings', segment.path));
      for (const { atMs, objects: seen } of segment.pictures) {
        const index = found.findIndex((one) => Math.abs(one.atMs - atMs) < 1);
        // A moment of the other stream is moved to a picture of this one.
        expect(index).toBeGreaterThanOrEqual(0);
        pictures += 1;
        for (const { box } of seen) {
          objects += 1;
          const pixels = [box.x * segment.width, box.y * segment.height, box.width * segment.width, box.height * segment.height];
          for (const [shift, sum] of fits) fits.set(shift, sum + Math.max(0, ...(found[index + shift]?.boxes ?? []).map((other) => overlap(pixels, other))));
        }
      }
    }
    expect(pictures).toBeGreaterThan(30);
    const best = Math.max(...fits.values());
    expect(Math.abs([...fits].find(([, sum]) => sum === best)?.[0] ?? 9)).toBeLessThanOrEqual(1);
    expect(best / objects).toBeGreaterThan(0.7);
    expect(fixture.gateway.refused).toEqual([]);
  });

  it('is opened for viewers who want it, and closed behind the last one', async () => {
    const server = await twoStreams();
    const camera = cameraOf({ url: server.url('large'), analysisUrl: server.url('small') });
    const fixture = await engineWith(camera);
    await until('analysis', () => (statsOf(fixture)?.analysed ?? 0) > 3);
    expect(statsOf(fixture)?.main).toEqual({ state: 'closed', stream: null, problem: null });
    expect((await server.counts())['large']?.connections).toBe(0);
    fixture.gateway.send({ type: 'watch', cameraIds: [], main: [camera.id] });
    await until('pictures and boxes', () => packetsOf(fixture, true).length >= 40 && messagesOf(fixture, 'overlay').length >= 8);
    const [first] = packetsOf(fixture, true);
    expect(first?.key).toBe(true);
    expect(messagesOf(fixture, 'stream')[0]).toMatchObject({ codec: 'h264', ...LARGE });
    expect(messagesOf(fixture, 'state').at(-1)?.state).toMatchObject({ state: 'online' });
    const times = packetsOf(fixture, true).map(({ ptsUs }) => ptsUs);
    const boxed = messagesOf(fixture, 'overlay').map(({ ptsUs }) => ptsUs).filter((ptsUs) => ptsUs >= (times[0] as number) && ptsUs <= (times.at(-1) as number));
    expect(boxed.length).toBeGreaterThan(5);
    for (const ptsUs of boxed) expect(times).toContain(ptsUs);
    expect(packetsOf(fixture, false)).toEqual([]);
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id], main: [] });
    await until('it to be closed', () => statsOf(fixture)?.main?.state === 'closed');
    await until('the small one', () => packetsOf(fixture, false).length > 10);
    expect(statsOf(fixture)).toMatchObject({ reconnects: 0, stream: SMALL });
  });

  it('fails for itself: analysis goes on, and what it is missed for is told', async () => {
    const server = await twoStreams();
    await server.fault('large', 'refuse');
    const camera = cameraOf({ url: server.url('large'), analysisUrl: server.url('small'), recording: ALWAYS });
    const fixture = await engineWith(camera);
    await until('the reason', () => statsOf(fixture)?.recorder?.state === 'failed');
    expect(statsOf(fixture)?.main).toMatchObject({ state: 'offline', problem: expect.any(String) });
    expect(statsOf(fixture)?.recorder?.problem).toMatch(/^the main stream, which is recorded, is offline: /);
    fixture.gateway.send({ type: 'watch', cameraIds: [], main: [camera.id] });
    await until('its state for viewers', () => messagesOf(fixture, 'state').some(({ state }) => state.state === 'offline'));
    const { analysed } = statsOf(fixture) as CameraStats;
    await until('analysis to go on', () => (statsOf(fixture)?.analysed ?? 0) > analysed + 5);
    expect(fixture.gateway.ofType('states').at(-1)?.states[0]).toMatchObject({ state: 'online' });
    await server.fault('large', 'none');
    await until('recording', () => statsOf(fixture)?.recorder?.state === 'recording' && statsOf(fixture)?.main?.state === 'online');
    expect(statsOf(fixture)?.main?.problem).toBeNull();
    // And the other way round: nobody looks for motion then, and footage goes on.
    await server.fault('small', 'refuse');
    await until('the camera offline', () => fixture.gateway.ofType('states').at(-1)?.states[0]?.state === 'offline');
    const bytes = statsOf(fixture)?.recorder?.bytes ?? 0;
    await until('footage to go on', () => (statsOf(fixture)?.recorder?.bytes ?? 0) > bytes + 50_000);
  });

  it('is recorded around motion that the other one showed', async () => {
    // A street that is empty for 9 s, then somebody walks through it for 5 s; a key frame every 2 s.
    const clip = `file://${CLIPS}/wake-up.mp4?loop=true&pace=realtime`;
    const camera = cameraOf({ url: clip, analysisUrl: `${clip}&start=0`, recording: { ...ALWAYS, mode: 'motion', preSeconds: 2, postSeconds: 1 } });
    const fixture = await engineWith(camera, { ARGUS_FILE_ROOTS: CLIPS });
    await until('a recorder that waits', () => statsOf(fixture)?.recorder?.state === 'waiting');
    const msOf = ({ startAt, endAt }: RecordingSegment): number => Date.parse(endAt) - Date.parse(startAt);
    // Before the other stream is there nobody looks for motion, and a group or two are kept.
    const walks = (): RecordingSegment[] => segmentsOf(fixture).filter((segment) => msOf(segment) > 5000);
    await until('two walks', () => walks().length >= 2, 60_000);
    const [first, second] = walks() as [RecordingSegment, RecordingSegment];
    expect(msOf(first)).toBeGreaterThan(6000);
    expect(msOf(first)).toBeLessThan(13_000);
    expect(Date.parse(second.startAt) - Date.parse(first.endAt)).toBeGreaterThan(1000);
    // Quiet before it: two seconds that were asked for.
    const firstMotion = first.motion.findIndex((share) => share > 0);
    expect(firstMotion).toBeGreaterThanOrEqual(1);
    expect(firstMotion).toBeLessThanOrEqual(4);
  });

  it('is shown with its privacy masks', async () => {
    const server = await twoStreams();
    const privacyMasks = [{ name: 'Middle', enabled: true, polygon: [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }] }];
    const camera = cameraOf({ url: server.url('large'), analysisUrl: server.url('small'), privacyMasks });
    const fixture = await engineWith(camera);
    await until('analysis', () => (statsOf(fixture)?.analysed ?? 0) > 0);
    fixture.gateway.send({ type: 'watch', cameraIds: [], main: [camera.id] });
    await until('pictures', () => packetsOf(fixture, true).length >= 30);
    expect(messagesOf(fixture, 'stream').at(-1)).toMatchObject({ codec: 'h264', ...LARGE });
    const pictures = decodeH264(packetsOf(fixture, true).map(({ data }) => data), LARGE);
    expect(Math.max(...pictures.map((picture) => varianceIn(picture, { left: 0.3, top: 0.31, right: 0.7, bottom: 0.69 })))).toBeLessThan(2);
    expect(Math.min(...pictures.map((picture) => varianceIn(picture, { left: 0.05, top: 0.78, right: 0.95, bottom: 0.98 })))).toBeGreaterThan(100);
  });
});
