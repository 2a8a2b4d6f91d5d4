import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Camera, type CameraId, type CameraTimeline, type RecordingSegment, type TrackId } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { sampleEvent, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FPS, decode, makeSegment, type SegmentWish } from '../../test/footage-files.js';
import { connectEngine, pathOf, runGateway, type Answer, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket, files that ffmpeg made, and ffmpeg as the judge. The engine is a small client of its protocol. */
const T0 = Date.parse('2026-11-20T10:00:00.000Z');
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;

beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway);
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const addCamera = async (name = 'Door'): Promise<CameraId> => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id;

async function record(...wishes: SegmentWish[]): Promise<RecordingSegment[]> {
  const segments = wishes.map((wish) => makeSegment(gateway.settings.recordingsDir, wish));
  await engine.record(...segments);
  return segments;
}

const at = (seconds: number): string => isoTime(T0 + seconds * 1000);
const rowsOf = (cameraId: CameraId): Promise<{ path: string }[]> => gateway.dataSource.query('SELECT * FROM recording_segments WHERE camera_id = $1 ORDER BY start_at', [cameraId]);

async function timeline(camera: readonly CameraId[], from: string, to: string, buckets = 10, visitor: Visitor = gateway.owner): Promise<CameraTimeline[]> {
  return (await visitor.call('getTimeline', { query: { camera: camera.join(','), from, to, buckets: String(buckets) } })).body.cameras as CameraTimeline[];
}

/** The answer with its bytes in a file; for refusals with its problem. */
async function footage(cameraId: CameraId, from: string, to: string, visitor: Visitor = gateway.owner, headers: Record<string, string> = {}): Promise<Answer & { file: string; bytes: Buffer }> {
  const response = await fetch(gateway.url + pathOf(api.getFootage, { params: { id: cameraId }, query: { from, to } }), { headers: { authorization: `Bearer ${visitor.key}`, ...headers } });
  const file = join(gateway.data, `${newId()}.mp4`);
  const bytes = Buffer.from(await response.arrayBuffer());
  writeFileSync(file, bytes);
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  if (!isJson) expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(bytes.toString()) : undefined, file, bytes };
}

const auditOf = (action: string, ...cameraIds: CameraId[]): Promise<{ subject_id: CameraId; details: unknown }[]> => gateway.dataSource.query('SELECT subject_id, details FROM audit WHERE action = $1 AND subject_id = ANY($2)', [action, cameraIds]);

describe('a segment of the engine', () => {
  it('is stored once and acknowledged, also when its camera is gone', async () => {
    const cameraId = newId<CameraId>();
    const [segment] = (await record({ cameraId, startMs: T0 })) as [RecordingSegment];
    await engine.record(segment);
    expect(await rowsOf(cameraId)).toMatchObject([{ path: segment.path, bytes: String(segment.bytes), head_bytes: segment.fragments[0]?.offset, motion_peak: 30, fragments: segment.fragments }]);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../b.mp4', 'a//b.mp4', 'a/.b.mp4', 'a\\b.mp4'])('with the path %j is not taken, and nothing else waits for it', async (path) => {
    const cameraId = newId<CameraId>();
    const bad = { ...makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: T0 }), path };
    engine.send({ type: 'segment', entry: bad.id, segment: bad });
    const [good] = (await record({ cameraId, startMs: T0 + 10_000 })) as [RecordingSegment];
    expect((await rowsOf(cameraId)).map((row) => row.path)).toEqual([good.path]);
    expect(engine.acks).not.toContain(bad.id);
  });
});

describe('a timeline', () => {
  it('joins what touches, tells gaps, new connections, motion and events', async () => {
    const [cameraId, silent] = [await addCamera(), await addCamera()];
    const motion = [0, 255, 51, 0];
    await record(
      { cameraId, startMs: T0, motion },
      { cameraId, startMs: T0 + 4900 },
      { cameraId, startMs: T0 + 10_000 },
      { cameraId, startMs: T0 + 14_000, connection: 2 },
    );
    const event = sampleEvent({ cameraId, startedAt: at(2), confirmedAt: at(2) });
    engine.send({ type: 'event', entry: 'e', bootId: newId(), event });
    await engine.taken('e');
    const [one, other] = (await timeline([cameraId, silent], at(-10), at(20), 30)) as [CameraTimeline, CameraTimeline];
    expect(one.spans).toEqual([{ startAt: at(0), endAt: at(8.9) }, { startAt: at(10), endAt: at(14) }, { startAt: at(14), endAt: at(18) }]);
    expect(one.motion.slice(8, 16)).toEqual([null, null, 0, 1, 0.2, 0, 0, 0.039]);
    expect(one.motion.slice(-3)).toEqual([0.118, null, null]);
    expect(one.events).toMatchObject([{ eventId: event.id, startAt: at(2), label: event.label, rule: event.ruleName, state: event.state }]);
    expect(other).toEqual({ cameraId: silent, spans: [], motion: Array.from({ length: 30 }, () => null), events: [] });
    expect((await timeline([cameraId], at(2), at(12), 1))[0]).toMatchObject({ spans: [{ startAt: at(2), endAt: at(8.9) }, { startAt: at(10), endAt: at(12) }], motion: [1] });
    const [day] = (await timeline([cameraId], at(-43_200), at(43_200), 2)) as [CameraTimeline];
    expect(day.motion).toEqual([null, 1]);
  });

  it('is for cameras in the scope, and marks are for who may read events', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    await record({ cameraId: mine, startMs: T0 }, { cameraId: theirs, startMs: T0 });
    engine.send({ type: 'event', entry: 'm', bootId: newId(), event: sampleEvent({ cameraId: mine, startedAt: at(2), confirmedAt: at(2) }) });
    await engine.taken('m');
    const scoped = await gateway.withKey(['recording.view', 'event.read'], [mine]);
    const seen = await timeline([theirs, mine], at(0), at(10), 1, scoped);
    expect(seen.map(({ cameraId, events }) => [cameraId, events.length])).toEqual([[mine, 1]]);
    expect((await timeline([mine], at(0), at(10), 1, await gateway.withKey(['recording.view'])))[0]?.events).toEqual([]);
    expect((await (await gateway.withKey(['live.view', 'event.read'])).call('getTimeline', { query: { camera: mine, from: at(0), to: at(1) } })).status).toBe(403);
  });

  it.each([
    [{ from: at(1), to: at(1) }, 'to'],
    [{ from: at(1), to: at(0) }, 'to'],
    [{ from: at(0), to: at(32 * 86_400) }, 'to'],
    [{ from: 'yesterday', to: at(0) }, 'from'],
    [{ from: at(0), to: at(1), buckets: '2001' }, 'buckets'],
    [{ from: at(0), to: at(1), camera: 'x' }, 'camera.0'],
  ])('refuses %j', async (query, path) => {
    const answer = await gateway.owner.call('getTimeline', { query: { camera: newId(), ...query } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });
});

describe('footage', () => {
  it('over three files is one MP4 whose time runs on, from the key frame before', async () => {
    const cameraId = await addCamera('后门 "A"/..\\\r\nx');
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000 }, { cameraId, startMs: T0 + 8000 });
    const answer = await footage(cameraId, at(2.5), at(9.5));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('video/mp4; codecs="avc1.42c00b"');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="A-x-2026-11-20T10-00-02Z.mp4"; filename*=UTF-8''${encodeURIComponent('后门')}-A-x-2026-11-20T10-00-02Z.mp4`);
    expect([answer.headers.get('argus-start-at'), answer.headers.get('argus-next-from')]).toEqual([at(2), null]);
    const { frames, startSeconds, seconds, complaints, times } = decode(answer.file);
    expect({ frames, startSeconds, complaints }).toEqual({ frames: 8 * FPS, startSeconds: 0, complaints: '' });
    expect(seconds).toBeCloseTo(8, 3);
    expect(times.every((time, index) => Math.abs(time - index / FPS) < 0.001)).toBe(true);
  });

  it('keeps sound with its picture', async () => {
    const cameraId = await addCamera();
    await record(...[0, 4000, 8000].map((offset) => ({ cameraId, startMs: T0 + offset, audio: true })));
    const answer = await footage(cameraId, at(0), at(12));
    expect(answer.headers.get('content-type')).toBe('video/mp4; codecs="avc1.42c00b,mp4a.40.2"');
    const { frames, complaints } = decode(answer.file);
    expect({ frames, complaints }).toEqual({ frames: 12 * FPS, complaints: '' });
  });

  it('ends where a decoder has to be set up anew, and says where to ask on', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000, size: '320x240' }, { cameraId, startMs: T0 + 8000, size: '320x240' });
    const first = await footage(cameraId, at(0), at(12));
    expect(first.headers.get('argus-next-from')).toBe(at(4));
    expect(decode(first.file)).toMatchObject({ frames: 4 * FPS, complaints: '' });
    const second = await footage(cameraId, at(4), at(12));
    expect([second.headers.get('argus-start-at'), second.headers.get('argus-next-from')]).toEqual([at(4), null]);
    expect(decode(second.file)).toMatchObject({ frames: 8 * FPS, complaints: '' });
  });

  it('leaves a gap out', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 60_000, connection: 2 });
    expect(decode((await footage(cameraId, at(0), at(100))).file)).toMatchObject({ frames: 8 * FPS, seconds: 8, complaints: '' });
  });

  it('that is not there is told with the nearest that is', async () => {
    const cameraId = await addCamera();
    expect((await footage(cameraId, at(0), at(1))).body).toMatchObject({ status: 404, code: 'footage.none', detail: expect.stringContaining('there is none at all') });
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 60_000 });
    const { body } = await footage(cameraId, at(10), at(20));
    expect(body).toMatchObject({ status: 404, code: 'footage.none', detail: expect.stringContaining(`the nearest before ends ${at(4)}, the nearest after starts ${at(60)}`) });
  });

  it('of a camera that is gone is for who sees every camera', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 });
    await gateway.owner.call('deleteCamera', { params: { id: cameraId } });
    expect((await footage(cameraId, at(0), at(4))).status).toBe(200);
    expect((await footage(cameraId, at(0), at(4), await gateway.withKey(['recording.view'], [newId()]))).body.code).toBe('camera.not-found');
    expect((await footage(newId(), at(0), at(4))).body.code).toBe('camera.not-found');
  });

  it('is for who may view recordings, of their cameras, and each look is in the audit', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    await record({ cameraId: mine, startMs: T0 }, { cameraId: theirs, startMs: T0 });
    const scoped = await gateway.withKey(['recording.view'], [mine]);
    expect((await footage(mine, at(0), at(4), scoped)).status).toBe(200);
    expect((await footage(theirs, at(0), at(4), scoped)).body).toMatchObject({ status: 404, code: 'camera.not-found' });
    expect((await footage(mine, at(0), at(4), await gateway.withKey(['live.view', 'event.read']))).status).toBe(403);
    expect(await auditOf('footage.view', mine, theirs)).toEqual([{ subject_id: mine, details: { from: at(0), to: at(4) } }]);
  });

  it('is at most six hours, forwards', async () => {
    const cameraId = await addCamera();
    expect((await footage(cameraId, at(0), at(6 * 3600 + 1))).body.errors[0].path).toBe('to');
    expect((await footage(cameraId, at(1), at(0))).body.errors[0].path).toBe('to');
  });

  it.each([
    ['is gone', (path: string) => rmSync(path)],
    ['was cut', (path: string) => truncateSync(path, 2000)],
    ['is no MP4', (path: string) => writeFileSync(path, Buffer.alloc(1_000_000, 7))],
    ['is a folder', (path: string) => (rmSync(path), mkdirSync(path))],
    ['is a link out of the recordings folder', (path: string) => (rmSync(path), symlinkSync(join(gateway.data, 'secret.key'), path))],
  ])('of a file that %s ends before the first byte', async (_what, damage) => {
    const cameraId = await addCamera();
    const [, second] = (await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000 })) as [RecordingSegment, RecordingSegment];
    damage(join(gateway.settings.recordingsDir, second.path));
    const { status, body } = await footage(cameraId, at(0), at(8));
    expect([status, body.code]).toEqual([410, 'footage.damaged']);
    expect(body.detail).toContain(second.path);
    expect((await footage(cameraId, at(0), at(4))).status).toBe(200);
  });

  it('is read as fast as it is taken, and no further when nobody takes it any more', async () => {
    const cameraId = await addCamera();
    const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: T0 });
    const path = join(gateway.settings.recordingsDir, segment.path);
    const last = segment.fragments.at(-1)!;
    const extra = 256 * 1024 * 1024;
    growLastBox(path, last.offset, extra);
    await engine.record({ ...segment, bytes: segment.bytes + extra, fragments: [...segment.fragments.slice(0, -1), { ...last, bytes: last.bytes + extra }] });
    const abort = new AbortController();
    const response = await fetch(gateway.url + pathOf(api.getFootage, { params: { id: cameraId }, query: { from: at(0), to: at(4) } }), { headers: { authorization: `Bearer ${gateway.owner.key}` }, signal: abort.signal });
    const reader = response.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    const isOpen = () => readdirSync('/proc/self/fd').some((fd) => linkOf(fd) === path);
    await waitFor(isOpen, 20_000);
    await new Promise((later) => setTimeout(later, 500));
    expect(isOpen()).toBe(true);
    abort.abort();
    await waitFor(() => !isOpen(), 20_000);
  });

  it.each(['../secret.key', '/etc/passwd', 'x/../../secret.key'])('of a row with the path %j is not looked for', async (path) => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 });
    await gateway.dataSource.query('ALTER TABLE recording_segments DROP CONSTRAINT recording_segments_path_check');
    await gateway.dataSource.query('UPDATE recording_segments SET path = $2 WHERE camera_id = $1', [cameraId, path]);
    expect((await footage(cameraId, at(0), at(4))).body).toMatchObject({ status: 410, code: 'footage.damaged' });
    await gateway.dataSource.query('DELETE FROM recording_segments WHERE camera_id = $1', [cameraId]);
    await gateway.dataSource.query(`ALTER TABLE recording_segments ADD CONSTRAINT recording_segments_path_check CHECK (position('..' IN path) = 0 AND path !~ '^/|//|/\\.|\\\\')`);
  });
});

describe('a stretch of footage', () => {
  it('is as it is in the whole: browsers seek so, and it is one look', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000 });
    const range = (value: string, more: Record<string, string> = {}) => footage(cameraId, at(0), at(300), gateway.owner, { range: value, ...more });
    const whole = await footage(cameraId, at(0), at(300));
    const total = whole.bytes.length;
    const tag = whole.headers.get('etag') ?? '';
    expect([whole.headers.get('accept-ranges'), tag]).toEqual(['bytes', expect.stringMatching(/^"[\w-]{22}"$/)]);
    for (const [value, first, last] of [['bytes=0-', 0, total - 1], ['bytes=0-1', 0, 1], ['bytes=1000-70000', 1000, 70_000], [`bytes=${total - 1}-`, total - 1, total - 1], ['bytes=-500', total - 500, total - 1], [`bytes=5-${total * 2}`, 5, total - 1]] as const) {
      const part = await range(value);
      expect([value, part.status, part.headers.get('content-range')]).toEqual([value, 206, `bytes ${first}-${last}/${total}`]);
      expect(part.bytes.equals(whole.bytes.subarray(first, last + 1))).toBe(true);
      expect(part.headers.get('etag')).toBe(tag);
    }
    for (const value of ['bytes=0-1,5-6', 'frames=0-1', 'bytes=x']) expect([value, (await range(value)).status]).toEqual([value, 200]);
    expect((await range('bytes=3-9', { 'if-range': tag })).status).toBe(206);
    expect((await range('bytes=3-9', { 'if-range': '"another"' })).status).toBe(200);
    const behind = await range(`bytes=${total}-`);
    expect([behind.status, behind.body.code, behind.headers.get('content-range')]).toEqual([416, 'request.byte-range', `bytes */${total}`]);
    // Whole or from its start: a look each time. From the middle: the look that is under way.
    expect(await auditOf('footage.view', cameraId)).toHaveLength(5);
    expect((await footage(cameraId, at(1), at(300), gateway.owner, { range: 'bytes=9-' })).status).toBe(206);
    expect(await auditOf('footage.view', cameraId)).toHaveLength(6);
  });

  it('does not ask for a file that has no part in it', async () => {
    const cameraId = await addCamera();
    const [, second] = (await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000 })) as [RecordingSegment, RecordingSegment];
    rmSync(join(gateway.settings.recordingsDir, second.path));
    expect((await footage(cameraId, at(0), at(8), gateway.owner, { range: 'bytes=0-999' })).status).toBe(206);
    expect((await footage(cameraId, at(0), at(8), gateway.owner, { range: 'bytes=-999' })).body).toMatchObject({ status: 410, code: 'footage.damaged', detail: expect.stringContaining(second.path) });
  });
});

describe('the plan of a film', () => {
  const plan = (cameraId: CameraId, from: string, to: string, visitor: Visitor = gateway.owner) => visitor.call('getFootagePlan', { params: { id: cameraId }, query: { from, to } });

  it('tells what the film is, and the way back to the time of day', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 60_000, connection: 2 }, { cameraId, startMs: T0 + 64_000, size: '320x240' });
    const { body, status } = await plan(cameraId, at(2.5), at(100));
    const film = await footage(cameraId, at(2.5), at(100));
    expect([status, body]).toEqual([200, {
      masked: false, startAt: at(2), endAt: at(64), durationMs: 6000, bytes: film.bytes.length, contentType: 'video/mp4; codecs="avc1.42c00b"', width: 160, height: 120,
      gaps: [{ startAt: at(4), endAt: at(60), atMs: 2000 }], nextFrom: at(64),
    }]);
    expect(film.headers.get('argus-next-from')).toBe(body.nextFrom);
    expect((await plan(cameraId, at(10), at(20))).body).toMatchObject({ status: 404, code: 'footage.none' });
  });

  it('is for who may view recordings, of their cameras', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    await record({ cameraId: mine, startMs: T0 }, { cameraId: theirs, startMs: T0 });
    const scoped = await gateway.withKey(['recording.view'], [mine]);
    expect((await plan(mine, at(0), at(4), scoped)).status).toBe(200);
    expect((await plan(theirs, at(0), at(4), scoped)).body.code).toBe('camera.not-found');
    expect((await plan(mine, at(0), at(4), await gateway.withKey(['live.view']))).status).toBe(403);
  });
});

describe('objects in footage', () => {
  const objects = (cameraId: CameraId, from: string, to: string, visitor: Visitor = gateway.owner) => visitor.call('getFootageObjects', { params: { id: cameraId }, query: { from, to } });
  const seen = (atMs: number, number: number) => ({ atMs, objects: [{ trackId: newId<TrackId>(), number, label: 'person', score: 0.9, box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }, attributes: {} }] });

  it('are told by the time of day, oldest first, within the range', async () => {
    const cameraId = await addCamera();
    const pictures = [seen(0, 1), seen(1500.5, 2), { atMs: 2000, objects: [] }];
    await record({ cameraId, startMs: T0, pictures }, { cameraId, startMs: T0 + 4000 }, { cameraId, startMs: T0 + 8000, pictures: [seen(200, 3), seen(3000, 4)] });
    const { body } = await objects(cameraId, at(1), at(11));
    expect(body.pictures).toEqual([{ at: at(1.5), objects: pictures[1]?.objects }, { at: at(2), objects: [] }, { at: at(8.2), objects: [expect.objectContaining({ number: 3 })] }]);
    expect((await objects(cameraId, at(20), at(30))).body).toEqual({ pictures: [] });
  });

  it('are for who may view recordings, of their cameras, at most ten minutes, and each look is in the audit', async () => {
    const [mine, theirs] = [await addCamera(), await addCamera()];
    const scoped = await gateway.withKey(['recording.view'], [mine]);
    expect((await objects(mine, at(0), at(600), scoped)).status).toBe(200);
    expect((await objects(theirs, at(0), at(4), scoped)).body.code).toBe('camera.not-found');
    expect((await objects(mine, at(0), at(4), await gateway.withKey(['live.view', 'event.read']))).status).toBe(403);
    expect((await objects(mine, at(0), at(601))).body.errors[0].path).toBe('to');
    expect(await auditOf('footage.objects', mine, theirs)).toEqual([{ subject_id: mine, details: { from: at(0), to: at(600) } }]);
  });
});

describe('looks at footage in the audit', () => {
  const looks = async (cameraId: CameraId, action = 'footage.view') => (await auditOf(action, cameraId)).map(({ details }) => details as { from: string; to: string; lastAt?: string });

  it('are one row while they lie close together, which grows in both directions, also when they come at once', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0, seconds: 60 });
    const pieces = Array.from({ length: 29 }, (_, index) => 2 * index);
    await Promise.all([...pieces].reverse().map((second) => footage(cameraId, at(second), at(second + 2))));
    const [row, ...others] = await looks(cameraId);
    expect(others).toEqual([]);
    expect(row).toEqual({ from: at(0), to: at(58), lastAt: expect.stringMatching(/Z$/) });
    // Footage that is not there was asked for as well.
    expect((await footage(cameraId, at(600), at(601))).status).toBe(404);
    expect(await looks(cameraId)).toEqual([{ from: at(0), to: at(601), lastAt: expect.any(String) }]);
  });

  it('are rows of their own far away, for others, of another camera, from somewhere else, and where much is asked for at once', async () => {
    const [cameraId, second] = [await addCamera(), await addCamera()];
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 3_600_000 }, { cameraId: second, startMs: T0 });
    const other = await gateway.withKey(['recording.view']);
    for (let time = 0; time < 3; time += 1) {
      for (const [camera, from, visitor] of [[cameraId, 0, gateway.owner], [cameraId, 3600, gateway.owner], [cameraId, 0, other], [second, 0, gateway.owner]] as const) {
        expect((await footage(camera, at(from), at(from + 2), visitor)).status).toBe(200);
      }
    }
    expect((await looks(cameraId)).map(({ from }) => from).sort()).toEqual([at(0), at(0), at(3600)]);
    expect(await looks(second)).toHaveLength(1);
    for (let time = 0; time < 2; time += 1) expect((await footage(second, at(0), at(1000))).status).toBe(200);
    expect((await looks(second)).map(({ to }) => to).sort()).toEqual([at(1000), at(1000), at(2)].sort());
  });

  it('are few when somebody scrubs through a day, and cover all that was seen', async () => {
    const cameraId = await addCamera();
    await record({ cameraId, startMs: T0 });
    for (let second = 0; second < 86_400; second += 240) await gateway.owner.call('getFootageObjects', { params: { id: cameraId }, query: { from: at(second), to: at(second + 60) } });
    expect(await looks(cameraId, 'footage.objects')).toEqual([{ from: at(0), to: at(86_220), lastAt: expect.any(String) }]);
  });
});

/** Makes the last `mdat` longer by a hole, which costs no disk. */
function growLastBox(path: string, fragmentAt: number, extra: number): void {
  const bytes = readFileSync(path);
  const mdatAt = fragmentAt + bytes.readUInt32BE(fragmentAt);
  const end = mdatAt + bytes.readUInt32BE(mdatAt);
  bytes.writeUInt32BE(bytes.readUInt32BE(mdatAt) + extra, mdatAt);
  writeFileSync(path, bytes.subarray(0, end));
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.of(0), 0, 1, end + extra - 1);
  closeSync(file);
}

function linkOf(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null;
  }
}
