import { execFileSync, type ChildProcess } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Camera, type CameraId, type RecordedPicture, type RecordingSegment, type TrackId } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FPS, decode, makeSegment, type SegmentWish } from '../../test/footage-files.js';
import { connectEngine, pathOf, runGateway, type Answer, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

/** Real: PostgreSQL, HTTP, the built worker as a process behind its socket, files that ffmpeg made, and ffmpeg as the judge. */
const T0 = Date.parse('2026-11-20T10:00:00.000Z');
const [WIDTH, HEIGHT] = [320, 240];
const LEFT = { id: 'm1', name: 'Left', enabled: true, polygon: [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }] };
const at = (seconds: number): string => isoTime(T0 + seconds * 1000);
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
let worker: ChildProcess;
let viewer: Visitor;

beforeAll(async () => {
  if (problem) return;
  gateway = await runGateway();
  worker = await startWorker(gateway);
  viewer = await gateway.withKey(['recording.view']);
  engine = await connectEngine(gateway);
});
afterAll(async () => {
  if (worker) await endWorker(worker, 'SIGKILL');
  engine?.close();
  await gateway?.stop();
});

async function addCamera(): Promise<Camera> {
  return (await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false, privacyMasks: [LEFT] } })).body as Camera;
}
const change = (camera: Camera, body: Partial<Camera>) => gateway.owner.call('updateCamera', { params: { id: camera.id }, body: { ...camera, ...body } });

async function record(...wishes: SegmentWish[]): Promise<RecordingSegment[]> {
  const segments = wishes.map((wish) => makeSegment(gateway.settings.recordingsDir, { size: `${WIDTH}x${HEIGHT}`, ...wish }));
  await engine.record(...segments);
  return segments;
}

const fetchFilm = (cameraId: CameraId, from: string, to: string, visitor: Visitor = viewer, init: RequestInit = {}) =>
  fetch(gateway.url + pathOf(api.getFootage, { params: { id: cameraId }, query: { from, to } }), { ...init, headers: { authorization: `Bearer ${visitor.key}`, ...init.headers } });

async function film(...asked: Parameters<typeof fetchFilm>): Promise<Answer & { file: string }> {
  const response = await fetchFilm(...asked);
  const bytes = Buffer.from(await response.arrayBuffer());
  const file = join(gateway.data, `${newId()}.mp4`);
  writeFileSync(file, bytes);
  return { status: response.status, headers: response.headers, file, body: response.status === 200 ? undefined : JSON.parse(bytes.toString()) };
}

/** Of every picture: how far brightness goes apart in the left half, and in the right one. */
function halves(file: string): { left: number; right: number }[] {
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { maxBuffer: 256 * 1024 * 1024 });
  const spread = (picture: number, from: number, to: number): number => {
    let [low, high] = [255, 0];
    for (let row = 0; row < HEIGHT; row += 1) for (let column = from; column < to; column += 1) {
      const value = raw[(picture * HEIGHT + row) * WIDTH + column] as number;
      [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
    return high - low;
  };
  return Array.from({ length: raw.length / (WIDTH * HEIGHT) }, (_, picture) => ({ left: spread(picture, 0, WIDTH / 2 - 2), right: spread(picture, WIDTH / 2 + 2, WIDTH) }));
}
const isCovered = ({ left, right }: { left: number; right: number }): boolean => left < 16 && right > 100;
const looks = (cameraId: CameraId): Promise<{ details: unknown }[]> => gateway.dataSource.query(`SELECT details FROM audit WHERE action = 'footage.view' AND subject_id = $1 ORDER BY at`, [cameraId]);

describe.skipIf(problem)('footage of a camera with privacy masks', () => {
  it('comes with the masks in every picture, at the same places as the original, which others get', async () => {
    const { id } = await addCamera();
    await record({ cameraId: id, startMs: T0 }, { cameraId: id, startMs: T0 + 4000 }, { cameraId: id, startMs: T0 + 20_000, connection: 2 });
    const answer = await film(id, at(2.5), at(21));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}"$/)]);
    expect(['argus-start-at', 'argus-next-from', 'argus-masked', 'accept-ranges', 'cache-control', 'content-length'].map((name) => answer.headers.get(name))).toEqual([at(2), null, 'true', 'none', 'no-store', null]);
    const { frames, seconds, complaints, startSeconds } = decode(answer.file);
    expect({ frames, complaints, startSeconds }).toEqual({ frames: 8 * FPS, complaints: '', startSeconds: 0 });
    expect(seconds).toBeCloseTo(8, 2);
    const shown = halves(answer.file);
    expect([shown.length, shown.every(isCovered)]).toEqual([8 * FPS, true]);
    const plan = await viewer.call('getFootagePlan', { params: { id }, query: { from: at(2.5), to: at(21) } });
    expect(plan.body).toMatchObject({ masked: true, bytes: null, contentType: null, startAt: at(2), durationMs: 8000, gaps: [{ startAt: at(8), endAt: at(20) }] });
    // Who may see originals gets what was recorded.
    const original = await film(id, at(2.5), at(21), await gateway.withKey(['recording.view', 'recording.original']));
    expect([original.headers.get('argus-masked'), original.headers.get('accept-ranges'), halves(original.file).some(isCovered)]).toEqual([null, 'bytes', false]);
    expect((await looks(id)).map(({ details }) => details)).toEqual([{ from: at(2.5), to: at(21), masked: true }, { from: at(2.5), to: at(21) }]);
  });

  it('is for cameras in the scope, and at most two minutes of it at once', async () => {
    const { id } = await addCamera();
    await record({ cameraId: id, startMs: T0 });
    expect((await film(id, at(0), at(1), await gateway.withKey(['recording.view'], [newId()]))).body.code).toBe('camera.not-found');
    expect((await film(id, at(0), at(1), await gateway.withKey(['live.view']))).status).toBe(403);
    const long = await film(id, at(0), at(121));
    expect([long.status, long.body.errors[0].path, long.body.errors[0].message]).toEqual([400, 'to', expect.stringContaining('two minutes')]);
    expect((await film(id, at(0), at(120))).status).toBe(200);
    expect((await film(id, at(60), at(70))).body.code).toBe('footage.none');
  });

  it('shows the masks of now; what is asked for under masks that are gone stays with the original right', async () => {
    const camera = await addCamera();
    await record({ cameraId: camera.id, startMs: T0 });
    await change(camera, { privacyMasks: [{ ...LEFT, polygon: LEFT.polygon.map(({ x, y }) => ({ x: x + 0.5, y })) }] });
    const moved = halves((await film(camera.id, at(0), at(4))).file);
    expect([moved.length, moved.every(({ left, right }) => left > 100 && right < 16)]).toEqual([100, true]);
    await change(camera, { privacyMasks: [] });
    expect((await film(camera.id, at(0), at(4))).body.code).toBe('footage.masked');
    await gateway.owner.call('deleteCamera', { params: { id: camera.id } });
    expect((await film(camera.id, at(0), at(4))).body.code).toBe('footage.masked');
  });

  it('breaks off when masks are changed under way', async () => {
    const camera = await addCamera();
    await record(...Array.from({ length: 30 }, (_, index) => ({ cameraId: camera.id, startMs: T0 + index * 4000, size: '1280x720' })));
    const response = await fetchFilm(camera.id, at(0), at(120));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await change(camera, { privacyMasks: [{ ...LEFT, enabled: false }] });
    await expect((async () => { while (!(await reader.read()).done); })()).rejects.toThrow();
  });

  it('is made for so many at once; who goes away makes room, and others are told to come later', async () => {
    const { id } = await addCamera();
    await record(...Array.from({ length: 30 }, (_, index) => ({ cameraId: id, startMs: T0 + index * 4000, size: '1280x720' })));
    // They read nothing, so they keep their places: enough of them for any machine.
    const gone = new AbortController();
    const idle = Array.from({ length: 100 }, () => fetchFilm(id, at(0), at(120), viewer, { signal: gone.signal }).then(({ status }) => status, () => 0));
    const refused = await Promise.race(idle.map(async (answer) => ((await answer) === 503 ? true : new Promise<never>(() => {}))));
    expect(refused).toBe(true);
    const busy = await film(id, at(0), at(1));
    expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([503, 'footage.masking-busy', '3']);
    gone.abort();
    await Promise.all(idle);
    await waitFor(async () => (await film(id, at(0), at(1))).status === 200, 20_000);
  });

  it('is not there while the worker is not, and never unmasked instead', async () => {
    const { id } = await addCamera();
    await record({ cameraId: id, startMs: T0 });
    expect(statSync(gateway.settings.workerSocket).mode & 0o777).toBe(0o600);
    await endWorker(worker, 'SIGKILL');
    const away = await film(id, at(0), at(4));
    expect([away.status, away.body.code]).toEqual([503, 'footage.masking-away']);
    // The socket's file is still there: the next worker takes it over.
    worker = await startWorker(gateway);
    expect((await film(id, at(0), at(4))).status).toBe(200);
  });
});

describe.skipIf(problem)('objects in footage of a camera with privacy masks', () => {
  const object = (number: number, x: number): RecordedPicture['objects'][number] => ({ trackId: newId<TrackId>(), number, label: 'person', score: 0.9, box: { x, y: 0.4, width: 0.1, height: 0.3 }, attributes: {} });
  const objects = async (cameraId: CameraId, visitor: Visitor, from = at(0), to = at(4)) => (await visitor.call('getFootageObjects', { params: { id: cameraId }, query: { from, to } })).body;

  it('are not told to those who may not see what is below a mask', async () => {
    const camera = await addCamera();
    await record({ cameraId: camera.id, startMs: T0, pictures: [{ atMs: 0, objects: [object(1, 0.2), object(2, 0.7)] }, { atMs: 500, objects: [object(1, 0.3)] }] });
    const numbers = async (visitor: Visitor) => (await objects(camera.id, visitor)).pictures.map((picture: RecordedPicture) => picture.objects.map(({ number }) => number));
    expect(await numbers(viewer)).toEqual([[2], []]);
    expect(await numbers(await gateway.withKey(['recording.view', 'recording.original']))).toEqual([[1, 2], [1]]);
    await change(camera, { privacyMasks: [] });
    expect((await objects(camera.id, viewer)).code).toBe('footage.masked');
    await gateway.owner.call('deleteCamera', { params: { id: camera.id } });
    expect((await objects(camera.id, viewer)).code).toBe('footage.masked');
  });
});
