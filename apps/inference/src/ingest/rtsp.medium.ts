import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Camera, CameraState, CameraStats } from '@argus/contracts';
import { makeClip, startRtspCameras, waitFor, whyNoClips, type RtspCameras } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine and RTSP cameras in a process of their own that can be killed, frozen and made to lie. */
const isBuilt = existsSync(new URL('../../dist/main.js', import.meta.url)) && existsSync(new URL('../../../../libs/testing/dist/rtsp/rtsp-server-process.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference or libs/testing is not built (tsc -b apps/inference libs/testing)');

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function cameras(...settings: Parameters<typeof startRtspCameras>[0]['cameras']): Promise<RtspCameras> {
  const started = await startRtspCameras({ cameras: settings });
  open.push({ stop: () => started.kill() });
  return started;
}

async function engineWith(...watched: Camera[]): Promise<EngineFixture> {
  const fixture = await EngineFixture.start(configOf(watched, [], [pipelineOf({ analysisFps: 1, routes: [] })]));
  open.push(fixture);
  return fixture;
}

const historyOf = (fixture: EngineFixture, camera: Camera): CameraState[] => fixture.gateway.ofType('states').flatMap(({ states }) => states).filter(({ cameraId }) => cameraId === camera.id);
const stateOf = (fixture: EngineFixture, camera: Camera): CameraState | undefined => historyOf(fixture, camera).at(-1);
const statsOf = (fixture: EngineFixture, camera: Camera): CameraStats | undefined => fixture.gateway.ofType('stats').at(-1)?.cameras.find(({ cameraId }) => cameraId === camera.id);
const until = async (what: string, condition: () => unknown, timeoutMs = 20_000): Promise<void> => void (await waitFor(() => Boolean(condition()), timeoutMs, () => `expected ${what}`));

describe.skipIf(!isBuilt)('ingest of RTSP cameras', () => {
  it('tells a stall within 5 s, goes on when it is over, and lets the neighbour in the same child keep its rate', async () => {
    const [steady, shaky] = [await cameras({ path: 'a' }, { path: 'c' }), await cameras({ path: 'b' })];
    // Three cameras on at most two children: one shares.
    const [a, b, c] = [cameraOf({ url: steady.url('a') }), cameraOf({ url: shaky.url('b') }), cameraOf({ url: steady.url('c') })];
    const fixture = await engineWith(a, b, c);
    await until('all online', () => [a, b, c].every((camera) => stateOf(fixture, camera)?.state === 'online'));
    const before = [a, c].map((camera) => statsOf(fixture, camera)?.received ?? 0);
    const sentBefore = await steady.sent();
    const frozenAt = Date.now();
    shaky.freeze();
    await until('the stall', () => stateOf(fixture, b)?.state === 'stalled', 7000);
    expect(Date.now() - frozenAt).toBeLessThan(6500);
    await until('offline after the stall', () => stateOf(fixture, b)?.state === 'offline', 15_000);
    // The packet that the reader had kept back comes at its time-out: it is no sign of life.
    expect(historyOf(fixture, b).slice(historyOf(fixture, b).findIndex(({ state }) => state === 'stalled')).map(({ state }) => state)).not.toContain('online');
    shaky.thaw();
    await until('online again', () => stateOf(fixture, b)?.state === 'online', 20_000);
    expect(stateOf(fixture, b)?.lastError).toMatch(/no data|sent nothing|did not answer|picture/);
    const sent = await steady.sent();
    for (const [index, camera] of [a, c].entries()) {
      expect(historyOf(fixture, camera).filter(({ state }) => state === 'stalled' || state === 'offline')).toEqual([]);
      const path = index === 0 ? 'a' : 'c';
      const missing = (sent[path] ?? 0) - (sentBefore[path] ?? 0) - ((statsOf(fixture, camera)?.received ?? 0) - (before[index] ?? 0));
      // Counters come once a second: a second's worth of pictures may lie between the two readings.
      expect(missing).toBeLessThanOrEqual(15);
    }
  });

  it('decodes key frames only while the scene is still, and everything at once when somebody comes', async () => {
    const clip = fileURLToPath(new URL('../../../../libs/media/fixtures/wake-up.mp4', import.meta.url));
    const server = await startRtspCameras({ cameras: [{ path: 'a' }], clip });
    open.push({ stop: () => server.kill() });
    const camera = cameraOf({ url: server.url('a') });
    const fixture = await engineWith(camera);
    const modes = (): string[] => fixture.gateway.ofType('stats').flatMap(({ cameras: all }) => all.filter(({ cameraId }) => cameraId === camera.id).map(({ decodeMode }) => decodeMode));
    await until('key frames only', () => modes().at(-1) === 'key', 30_000);
    const still = statsOf(fixture, camera);
    await until('all again', () => modes().at(-1) === 'all', 30_000);
    await until('key frames only after it', () => modes().at(-1) === 'key', 30_000);
    await until('packets left out', () => (statsOf(fixture, camera)?.skipped.idle ?? 0) > 30, 30_000);
    expect(still?.decoder).toMatch(/^h264 \(/);
    for (const { cameras: all } of fixture.gateway.ofType('stats')) {
      for (const { received, decoded, skipped, paced, still: saved, offered } of all) {
        expect(received).toBe(decoded + Object.values(skipped).reduce((sum, count) => sum + count, 0));
        expect(decoded).toBe(paced + saved + offered);
      }
    }
  });

  it('comes back whenever a killed camera comes back', async () => {
    let server = await startRtspCameras({ cameras: [{ path: 'a' }] });
    open.push({ stop: () => server.kill() });
    const camera = cameraOf({ url: server.url('a') });
    const fixture = await engineWith(camera);
    for (let round = 0; round < 3; round += 1) {
      await until(`online in round ${round}`, () => stateOf(fixture, camera)?.state === 'online');
      await server.kill();
      await until(`offline in round ${round}`, () => stateOf(fixture, camera)?.state === 'offline');
      server = await startRtspCameras({ cameras: [{ path: 'a' }], port: server.port });
    }
    await until('online at the end', () => stateOf(fixture, camera)?.state === 'online');
    await until('three reconnects counted', () => statsOf(fixture, camera)?.reconnects === 3);
  });

  it.skipIf(whyNoClips() !== null)('tells another size of picture in mid-stream, to viewers before a key frame to begin with, and boxes stay right', async () => {
    const server = await startRtspCameras({ cameras: [{ path: 'a' }], otherSize: makeClip({ width: 480, height: 272, fps: 10, seconds: 20 }) });
    open.push({ stop: () => server.kill() });
    const camera = cameraOf({ url: server.url('a') });
    const fixture = await EngineFixture.start(configOf([camera], [], [pipelineOf({ analysisFps: 5, routes: [] })]));
    open.push(fixture);
    const sizeOf = (): string => `${statsOf(fixture, camera)?.stream?.width}x${statsOf(fixture, camera)?.stream?.height}`;
    const told = () => fixture.gateway.ofType('live').map(({ message }) => message);
    const sizesTold = () => told().flatMap((message) => (message.type === 'stream' ? [`${message.width}x${message.height}`] : []));
    await until('the first size', () => sizeOf() === '768x576');
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    await until('a description', () => sizesTold().length === 1);
    let packetsBefore = 0;
    fixture.gateway.onMessage = (message) => {
      if (message.type === 'live' && message.message.type === 'stream') packetsBefore = fixture.gateway.packets.length;
    };
    await server.fault('a', 'resolution');
    await until('the other size', () => sizeOf() === '480x272' && sizesTold().length === 2);
    expect(sizesTold()).toEqual(['768x576', '480x272']);
    const seen = told().length;
    const boxes = () => told().slice(seen).flatMap((message) => (message.type === 'overlay' ? message.objects : [])).map(({ box }) => box);
    await until('boxes', () => boxes().length >= 10, 30_000);
    for (const { x, y, width, height } of boxes()) expect(Math.max(x + width, y + height)).toBeLessThan(1.1);
    // A viewer begins anew when it is told: what follows has to begin with a key frame.
    expect(fixture.gateway.packets[packetsBefore]?.packet.key).toBe(true);
    await server.fault('a', 'none');
    await until('the first size again', () => sizeOf() === '768x576');
    expect(statsOf(fixture, camera)?.reconnects).toBe(0);
    expect(historyOf(fixture, camera).some(({ state }) => state === 'offline')).toBe(false);
  });

  it('says why a camera cannot be seen, without its password', async () => {
    const server = await cameras({ path: 'locked', user: { user: 'admin', password: 's3cret', scheme: 'digest' } }, { path: 'noise', fault: 'garbage' });
    const wrong = cameraOf({ url: server.url('locked').replace('s3cret', 'gu3ss') });
    const absent = cameraOf({ url: server.url('nothing-here') });
    const noise = cameraOf({ url: server.url('noise') });
    const right = cameraOf({ url: server.url('locked') });
    const fixture = await engineWith(wrong, absent, noise, right);
    await until('reasons', () => stateOf(fixture, wrong)?.reason && stateOf(fixture, absent)?.reason && stateOf(fixture, right)?.state === 'online');
    expect(stateOf(fixture, wrong)).toMatchObject({ state: 'offline', reason: 'unauthorized' });
    expect(stateOf(fixture, absent)).toMatchObject({ state: 'offline', reason: 'not-found' });
    await until('a reason for the noise', () => stateOf(fixture, noise)?.reason, 30_000);
    expect(stateOf(fixture, noise)?.state).toBe('offline');
    expect(JSON.stringify(fixture.gateway.messages)).not.toMatch(/gu3ss|s3cret/);
  });
});
