import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Camera, CameraStats, EngineConfig, Event } from '@argus/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '@argus/testing';
import { cameraOf, configOf, demoUrl, EngineFixture, ruleOf } from './fixtures/engine-fixture.js';

/** Real: the built engine, its ingest children, model workers and disk; file:// clips. The gateway's end of the link is a stand-in. */
const isBuilt = existsSync(new URL('../dist/main.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

let engine: EngineFixture | null = null;
afterEach(async () => {
  await engine?.stop();
  engine = null;
});

const start = async (config: EngineConfig): Promise<EngineFixture> => (engine = await EngineFixture.start(config));
const until = async (what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> => void (await waitFor(condition, timeoutMs, () => `expected ${what}`));

const eventsOf = (fixture: EngineFixture): Event[] => fixture.gateway.ofType('event').map((message) => message.event);
const statsOf = (fixture: EngineFixture, camera: Camera): CameraStats | undefined => fixture.gateway.ofType('stats').at(-1)?.cameras.find((stats) => stats.cameraId === camera.id);
const stateOf = (fixture: EngineFixture, camera: Camera) => fixture.gateway.ofType('states').flatMap((message) => message.states).filter((state) => state.cameraId === camera.id).at(-1);
const analysed = (fixture: EngineFixture, camera: Camera): number => statsOf(fixture, camera)?.analysed ?? 0;
const drops = (stats: CameraStats): number => Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
const ingestChildren = (fixture: EngineFixture): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(fixture.process?.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('ingest/child/main.js'))
    .map((line) => Number(line.trim().split(' ')[0]));

/** How many processes share a core: times that are promised for an idle machine are longer on a crowded one. */
const crowding = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

describe.skipIf(!isBuilt)('engine', () => {
  it('tells events with stored pictures, tracks with attributes, and counters that add up', async () => {
    const camera = cameraOf();
    const fixture = await start(configOf([camera], [ruleOf()]));
    await until('an event that was confirmed', () => eventsOf(fixture).some((event) => event.state === 'confirmed'));
    await until('a finished track with a posture', () => fixture.gateway.ofType('tracks').some(({ tracks }) => tracks.some((track) => 'posture' in track.attributes)));
    const event = eventsOf(fixture).find((one) => one.state === 'confirmed') as Event;
    expect(event).toMatchObject({ cameraId: camera.id, kind: 'count', models: { detector: { id: 'nanodet-g-416' } } });
    for (const key of [event.snapshotKey, event.thumbnailKey]) {
      const bytes = await readFile(join(fixture.folder, 'blobs', key ?? 'none'));
      expect([...bytes.subarray(0, 2), ...bytes.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    }
    const stats = statsOf(fixture, camera) as CameraStats;
    expect(stats.received).toBe(stats.decoded + Object.values(stats.skipped).reduce((sum, count) => sum + count, 0));
    expect(stats.decoded).toBe(stats.paced + stats.still + stats.offered);
    expect(stats.offered - stats.analysed - drops(stats)).toBeGreaterThanOrEqual(0);
    expect(stats.offered - stats.analysed - drops(stats)).toBeLessThanOrEqual(2);
    expect(fixture.gateway.refused).toEqual([]);
    // Acknowledged entries are gone; one may be on its way.
    await waitFor(async () => (await readdir(join(fixture.folder, 'journal'))).length < 5, 5000, () => 'expected an empty journal');
  });

  it('applies changes without touching sources, and opens only the source whose URL changed', async () => {
    const [a, b] = [cameraOf({ name: 'a' }), cameraOf({ name: 'b', url: demoUrl(20) })];
    const before = configOf([a, b]);
    const fixture = await start(before);
    await until('both online', () => analysed(fixture, a) > 0 && analysed(fixture, b) > 0);
    const received = statsOf(fixture, b)?.received ?? 0;
    fixture.gateway.configure({ ...before, revision: 2, rules: [ruleOf()], cameras: [{ ...a, name: 'A', analysisFps: 2 }, b] });
    await until('an event of the new rule', () => eventsOf(fixture).length > 0);
    expect(stateOf(fixture, a)).toMatchObject({ state: 'online' });
    expect(fixture.gateway.ofType('states').flatMap(({ states }) => states).filter(({ state }) => state === 'offline')).toEqual([]);
    fixture.gateway.configure({ ...before, revision: 3, rules: [ruleOf()], cameras: [{ ...a, url: demoUrl(40) }, b] });
    await until('the changed source online again', () => fixture.gateway.ofType('applied').at(-1)?.revision === 3 && stateOf(fixture, a)?.state === 'online');
    await until('counters of the new source', () => (statsOf(fixture, a)?.received ?? 1e9) < (statsOf(fixture, b)?.received ?? 0));
    await until('the other one to go on', () => (statsOf(fixture, b)?.received ?? 0) > received);
    expect(statsOf(fixture, b)?.reconnects).toBe(0);
    expect(stateOf(fixture, b)).toMatchObject({ state: 'online', attempts: 0, lastError: null });
    fixture.gateway.configure({ ...before, revision: 4, cameras: [{ ...a, enabled: false }] });
    await until('one camera disabled, the other gone', () => stateOf(fixture, a)?.state === 'disabled' && fixture.gateway.ofType('stats').at(-1)?.cameras.length === 1);
  });

  it('replaces a killed ingest child within 3 s, and the other child does not notice', async () => {
    const [a, b] = [cameraOf({ name: 'a' }), cameraOf({ name: 'b', url: demoUrl(20) })];
    const fixture = await start(configOf([a, b], [ruleOf()]));
    await until('both online', () => analysed(fixture, a) > 2 && analysed(fixture, b) > 2);
    const [victim] = ingestChildren(fixture);
    expect(ingestChildren(fixture)).toHaveLength(2);
    const killedAt = Date.now();
    process.kill(victim as number, 'SIGKILL');
    const lost = (camera: Camera) => fixture.gateway.ofType('states').flatMap(({ states }) => states).some((state) => state.cameraId === camera.id && state.reason === 'decoder-crashed');
    await until('one camera lost', () => lost(a) || lost(b));
    const [hit, other] = lost(a) ? [a, b] : [b, a];
    await until('it is back', () => stateOf(fixture, hit)?.state === 'online');
    expect(Date.now() - killedAt).toBeLessThan(3000 * crowding());
    expect(lost(other)).toBe(false);
    expect(statsOf(fixture, other)?.reconnects).toBe(0);
    await until('analysis goes on', () => (statsOf(fixture, hit)?.reconnects ?? 0) === 1 && (statsOf(fixture, hit)?.analysedFps ?? 0) > 0);
    const stats = statsOf(fixture, hit) as CameraStats;
    expect(stats.decoded).toBe(stats.paced + stats.still + stats.offered);
    await until('its events ended', () => eventsOf(fixture).some((event) => event.cameraId === hit.id && event.endReason === 'camera-lost'));
  });

  it('sends after kill -9 what was not acknowledged, and then says that it is through', async () => {
    const fixture = await start(configOf([cameraOf()], [ruleOf()]));
    fixture.gateway.acknowledges = false;
    await until('events', () => eventsOf(fixture).length >= 2);
    await fixture.endEngine('SIGKILL');
    const told = fixture.gateway.ofType('event').map(({ entry }) => entry);
    await writeFile(join(fixture.folder, 'journal', '000000000001-00000000.json.tmp'), 'torn');
    fixture.gateway.messages.length = 0;
    fixture.gateway.acknowledges = true;
    await fixture.startEngine();
    await until('the replay', () => fixture.gateway.ofType('replayed').length > 0);
    const replayedAt = fixture.gateway.messages.findIndex(({ type }) => type === 'replayed');
    const again = fixture.gateway.messages.slice(0, replayedAt).flatMap((message) => (message.type === 'event' ? [message.entry] : []));
    expect(again).toEqual(expect.arrayContaining(told));
    expect(fixture.gateway.messages[0]).toMatchObject({ type: 'hello' });
    const boots = fixture.gateway.ofType('event').map(({ bootId }) => bootId);
    expect(boots).not.toContain(fixture.gateway.ofType('hello')[0]?.bootId);
  });

  it('links again after the gateway was lost, with everything that happened meanwhile', async () => {
    const camera = cameraOf();
    const fixture = await start(configOf([camera], [ruleOf()]));
    await until('an event', () => eventsOf(fixture).length > 0);
    const before = fixture.gateway.ofType('hello').length;
    fixture.gateway.drop();
    await until('a second hello', () => fixture.gateway.ofType('hello').length > before, 5000);
    const hello = fixture.gateway.messages.findLastIndex((message) => message.type === 'hello');
    await until('states and stats again', () => ['states', 'stats', 'replayed'].every((type) => fixture.gateway.messages.slice(hello).some((message) => message.type === type)));
    expect(stateOf(fixture, camera)?.state).toBe('online');
  });

  it('shows a watched camera: stream first, a key frame at once, overlays on the pts of packets', async () => {
    const camera = cameraOf();
    const fixture = await start(configOf([camera]));
    await until('analysis', () => analysed(fixture, camera) > 3);
    expect(fixture.gateway.packets).toEqual([]);
    const asked = Date.now();
    fixture.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    await until('packets', () => fixture.gateway.packets.length > 0, 2000);
    expect(Date.now() - asked).toBeLessThan(700 * crowding());
    expect(fixture.gateway.packets[0]).toMatchObject({ cameraId: camera.id, packet: { key: true } });
    const overlays = () => fixture.gateway.ofType('live').flatMap(({ message }) => (message.type === 'overlay' && message.objects.length > 0 ? [message] : []));
    await until('overlays', () => overlays().length > 3);
    const live = fixture.gateway.ofType('live').map(({ message }) => message.type);
    expect(live.slice(0, 2)).toEqual(['stream', 'state']);
    const times = new Set(fixture.gateway.packets.map(({ packet }) => packet.ptsUs));
    expect(overlays().slice(1).every(({ ptsUs }) => times.has(ptsUs))).toBe(true);
    fixture.gateway.send({ type: 'watch', cameraIds: [] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const count = fixture.gateway.packets.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(fixture.gateway.packets.length).toBe(count);
  });

  it('answers snapshots and probes, good and bad, with reasons', async () => {
    const camera = cameraOf();
    const fixture = await start(configOf([camera]));
    await until('analysis', () => analysed(fixture, camera) > 0);
    fixture.gateway.send({ type: 'snapshot', requestId: 's', cameraId: camera.id, maxWidth: 320 });
    fixture.gateway.send({ type: 'snapshot', requestId: 'nobody', cameraId: cameraOf().id, maxWidth: 320 });
    const urls = { good: demoUrl(0), absent: `file://${fixture.folder}/none.mp4`, outside: 'file:///etc/passwd', closed: 'rtsp://u:secret@127.0.0.1:9/x' };
    for (const [requestId, url] of Object.entries(urls)) fixture.gateway.send({ type: 'probe', requestId, url, masks: [] });
    await until('all answers', () => fixture.gateway.ofType('probed').length === 4 && fixture.gateway.ofType('snapshot').length === 2);
    const snapshots = Object.fromEntries(fixture.gateway.ofType('snapshot').map((answer) => [answer.requestId, answer.jpegBase64]));
    expect(Buffer.from(snapshots['s'] ?? '', 'base64').subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
    expect(snapshots['nobody']).toBeNull();
    const results = Object.fromEntries(fixture.gateway.ofType('probed').map(({ requestId, result }) => [requestId, result]));
    expect(results['good']).toMatchObject({ ok: true, stream: { codec: 'h264', width: 768 } });
    expect(results['absent']).toMatchObject({ ok: false });
    expect(results['outside']).toMatchObject({ ok: false, reason: 'forbidden-url' });
    expect(results['closed']).toMatchObject({ ok: false, reason: 'refused' });
    expect(JSON.stringify(results)).not.toContain('secret');
  });
});
