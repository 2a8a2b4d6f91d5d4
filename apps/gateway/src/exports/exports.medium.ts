import { execFileSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { api, Export, type Camera, type CameraId, type CreateExport, type RecordedPicture, type RecordingSegment, type TrackId } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decode, makeSegment, type SegmentWish } from '../../test/footage-files.js';
import { connectEngine, pathOf, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, the built worker as a process, BullMQ through Postgres, files that ffmpeg made, and ffmpeg as the judge. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const T0 = Date.parse('2026-11-20T10:00:00.000Z');
const at = (seconds: number): string => isoTime(T0 + seconds * 1000);
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGKILL');
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

async function startWorker(environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, environment);
  workers.push(child);
  return child;
}

const addCamera = async (name: string): Promise<CameraId> => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai' } })).body as Camera).id;

async function record(...wishes: SegmentWish[]): Promise<RecordingSegment[]> {
  const segments = wishes.map((wish) => makeSegment(gateway.settings.recordingsDir, wish));
  await engine.record(...segments);
  return segments;
}

async function seen({ id }: RecordingSegment, pictures: RecordedPicture[]): Promise<void> {
  await gateway.dataSource.query('UPDATE recording_segments SET pictures = $2 WHERE id = $1', [id, deflateRawSync(JSON.stringify(pictures))]);
}

async function create(wish: Partial<Omit<CreateExport, 'options'>> & Pick<CreateExport, 'ranges'> & { options?: Partial<CreateExport['options']> }, visitor: Visitor = gateway.owner): Promise<Export> {
  const answer = await visitor.call('createExport', { body: { title: 'Broken window', ...wish } });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body as Export;
}

const get = async (id: string): Promise<Export> => (await gateway.owner.call('getExport', { params: { id } })).body as Export;

function settled(id: string, state: Export['state'] = 'done'): Promise<Export> {
  let last: Export | undefined;
  return waitFor(async () => {
    last = await get(id);
    if (last.state === 'failed' && state !== 'failed') throw new Error(`failed: ${last.error}`);
    return last.state === state && last;
  }, 50_000, () => JSON.stringify(last));
}

/** The file as it is downloaded, checked against its digest. */
async function download({ id, files }: Export, index = 0, headers: Record<string, string> = {}): Promise<{ path: string; response: Response; bytes: Buffer }> {
  const file = files[index] as Export['files'][number];
  const response = await fetch(gateway.url + pathOf(api.getExportFile, { params: { id, name: file.name } }), { headers: { authorization: `Bearer ${gateway.owner.key}`, ...headers } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const path = join(gateway.data, `${newId()}.mp4`);
  writeFileSync(path, bytes);
  if (response.status === 200) expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
  return { path, response, bytes };
}

const folderOf = (id: string): string => join(gateway.settings.exportsDir, id);
const manifestOf = (id: string) => JSON.parse(readFileSync(join(folderOf(id), 'manifest.json'), 'utf8')) as { options: object; asked: object; notes: string[]; files: object[] };
/** Brightness of the first picture. */
const firstPicture = (path: string): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { maxBuffer: 64 * 1024 * 1024 });

describe.skipIf(problem)('an export', () => {
  it('is cut as recorded, described, and can be downloaded whole and in parts', async () => {
    await startWorker();
    const cameraId = await addCamera('大门 North/..gate');
    // Two files without a gap, and one after half a minute.
    await record({ cameraId, startMs: T0 }, { cameraId, startMs: T0 + 4000 }, { cameraId, startMs: T0 + 38_000, connection: 2 });
    const { id, estimatedBytes } = await create({ note: 'for the police', ranges: [{ cameraId, from: at(3), to: at(39) }] });
    const done = await settled(id);
    expect(done).toMatchObject({ progress: { share: 1 }, error: null, files: [{ name: '大门-North-gate_2026-11-20_18-00-02.mp4', startAt: at(2), endAt: at(40), encoded: 'none', gaps: [{ startAt: at(8), endAt: at(38) }] }] });
    expect(estimatedBytes).toBeGreaterThan(0);
    const { path, response } = await download(done);
    expect(decode(path)).toMatchObject({ frames: 50 + 100 + 50, complaints: '', startSeconds: 0, seconds: 8 });
    expect([response.headers.get('content-type'), response.headers.get('accept-ranges'), response.headers.get('content-disposition')]).toEqual(['video/mp4', 'bytes', expect.stringContaining(encodeURIComponent('大门'))]);
    const whole = readFileSync(path);
    const size = whole.length;
    for (const [range, first, last] of [['bytes=0-99', 0, 99], ['bytes=100-', 100, size - 1], ['bytes=-50', size - 50, size - 1]] as const) {
      const part = await download(done, 0, { range });
      expect([range, part.response.status, part.response.headers.get('content-range'), part.bytes.equals(whole.subarray(first, last + 1))]).toEqual([range, 206, `bytes ${first}-${last}/${size}`, true]);
    }
    expect((await download(done, 0, { range: `bytes=${size}-` })).response.status).toBe(416);
    const manifest = readFileSync(join(folderOf(id), 'manifest.json'));
    expect(createHash('sha256').update(manifest).digest('hex')).toBe(done.manifestSha256);
    expect(readFileSync(join(folderOf(id), 'manifest.sha256'), 'utf8')).toBe(`${done.manifestSha256}  manifest.json\n`);
    expect(JSON.parse(manifest.toString())).toMatchObject({ case: { title: 'Broken window', note: 'for the police' }, ranges: [{ gaps: [{ startAt: at(8), endAt: at(38) }] }], files: [{ sha256: done.files[0]?.sha256 }] });
    expect(readdirSync(folderOf(id)).sort()).toEqual([...done.files.map(({ name }) => name), 'manifest.json', 'manifest.sha256'].sort());
    const audit = (await gateway.owner.call('listAudit')).body.items as { action: string; subjectId: string; details: { file?: string } }[];
    expect(audit.filter(({ subjectId }) => subjectId === id).map(({ action }) => action)).toEqual(['export.download', 'export.create']);
    expect((await gateway.owner.call('deleteExport', { params: { id } })).status).toBe(204);
    expect(existsSync(folderOf(id))).toBe(false);
  });

  it('begins and ends exactly where that is asked for, of several cameras', async () => {
    await startWorker();
    const [one, other] = [await addCamera('one'), await addCamera('other')];
    await record({ cameraId: one, startMs: T0 }, { cameraId: one, startMs: T0 + 4000 }, { cameraId: other, startMs: T0 });
    const { id } = await create({ ranges: [{ cameraId: one, from: at(0.6), to: at(7) }, { cameraId: other, from: at(1), to: at(1.4) }, { cameraId: other, from: at(50), to: at(60) }], options: { trim: 'exact', boxes: false, blur: [] } });
    const done = await settled(id);
    expect(done.files).toMatchObject([{ range: 0, startAt: at(0.6), endAt: at(7), encoded: 'ends' }, { range: 1, startAt: at(1), endAt: at(1.4), encoded: 'ends' }]);
    expect(decode((await download(done, 0)).path)).toMatchObject({ frames: 160, complaints: '', startSeconds: 0 });
    expect(decode((await download(done, 1)).path)).toMatchObject({ frames: 10, complaints: '', startSeconds: 0 });
    expect((JSON.parse(readFileSync(join(folderOf(id), 'manifest.json'), 'utf8')) as { ranges: object[] }).ranges[2]).toMatchObject({ files: [], gaps: [{ startAt: at(50), endAt: at(60) }] });
  });

  it('shows boxes, and hides who is to be hidden', async () => {
    await startWorker();
    const cameraId = await addCamera('yard');
    const [segment] = (await record({ cameraId, startMs: T0, size: '320x240' })) as [RecordingSegment];
    const object = { trackId: newId<TrackId>(), number: 3, label: 'person', score: 0.9, attributes: {} };
    await seen(segment, [0, 500, 1000, 1500, 2000].map((atMs) => ({ atMs, objects: [{ ...object, box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } }] })));
    const range = { cameraId, from: at(0), to: at(2) };
    const plain = await settled((await create({ ranges: [range] })).id);
    const hidden = await settled((await create({ ranges: [range], options: { trim: 'keyframe', boxes: false, blur: [{ label: 'person', part: 'whole' }] } })).id);
    const boxed = await settled((await create({ ranges: [range], options: { trim: 'keyframe', boxes: true, blur: [{ label: 'car', part: 'whole' }] } })).id);
    // Boxes and blur cut exactly, whatever was asked for, and the manifest says so.
    for (const [made, trim, encoded] of [[plain, 'keyframe', 'none'], [hidden, 'exact', 'all'], [boxed, 'exact', 'all']] as const) expect(manifestOf(made.id)).toMatchObject({ options: { trim }, asked: { trim: 'keyframe' }, files: [{ trim, encoded }] });
    const [before, after, drawn] = (await Promise.all([plain, hidden, boxed].map((one) => download(one)))).map(({ path }) => ({ path, ...decode(path), picture: firstPicture(path) }));
    for (const film of [after, drawn]) expect(film).toMatchObject({ frames: 50, complaints: '', startSeconds: 0 });
    const rows = (picture: Buffer | undefined, from: number, to: number, left: number, right: number) => Buffer.concat([...Array(to - from).keys()].map((row) => (picture as Buffer).subarray((from + row) * 320 + left, (from + row) * 320 + right)));
    const difference = (a: Buffer, b: Buffer) => a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] as number)), 0) / a.length;
    expect(difference(rows(before?.picture, 60, 180, 80, 240), rows(after?.picture, 60, 180, 80, 240))).toBeGreaterThan(8);
    expect(difference(rows(before?.picture, 0, 40, 0, 320), rows(after?.picture, 0, 40, 0, 320))).toBeLessThan(4);
    // The upper edge of the box is one colour, and what lies inside is as it was.
    const edge = rows(drawn?.picture, 60, 61, 90, 230);
    expect(Math.max(...edge) - Math.min(...edge)).toBeLessThan(60);
    expect(difference(rows(before?.picture, 80, 170, 90, 230), rows(drawn?.picture, 80, 170, 90, 230))).toBeLessThan(4);
  });

  it('goes on after its worker was killed, with the finished files as they were', async () => {
    const first = await startWorker();
    const cameraId = await addCamera('slow');
    await record({ cameraId, startMs: T0 }, ...[...Array(4).keys()].map((index) => ({ cameraId, startMs: T0 + 60_000 + index * 10_000, seconds: 10, size: '1280x720' })));
    const { id } = await create({ ranges: [{ cameraId, from: at(0), to: at(4) }, { cameraId, from: at(60), to: at(100) }], options: { trim: 'exact', boxes: true, blur: [] } });
    const running = await waitFor(async () => {
      const now = await get(id);
      return now.files.length === 1 && now.progress.share > 0.2 && now.progress.share < 1 && now;
    }, 30_000);
    expect(running).toMatchObject({ state: 'running', progress: { bytesPerSecond: expect.any(Number), secondsLeft: expect.any(Number) } });
    await endWorker(first, 'SIGKILL');
    expect(readdirSync(folderOf(id)).filter((name) => name.endsWith('.part'))).toHaveLength(1);
    const kept = statSync(join(folderOf(id), running.files[0]?.name as string));
    await startWorker();
    const done = await settled(id);
    expect(done.files).toHaveLength(2);
    expect(done.files[0]).toEqual(running.files[0]);
    expect(statSync(join(folderOf(id), done.files[0]?.name as string))).toMatchObject({ ino: kept.ino, mtimeMs: kept.mtimeMs });
    for (const [index, frames] of [[0, 100], [1, 1000]] as const) expect(decode((await download(done, index)).path)).toMatchObject({ frames, complaints: '' });
    expect(readdirSync(folderOf(id)).filter((name) => name.endsWith('.part'))).toEqual([]);
    // Counted anew from each finished file on.
    expect(await gateway.dataSource.query('SELECT attempts FROM exports WHERE id = $1', [id])).toEqual([{ attempts: 0 }]);
  });

  it('is stopped at once, keeps what is finished, and goes on when asked', async () => {
    await startWorker();
    const cameraId = await addCamera('stopped');
    await record({ cameraId, startMs: T0 }, ...[...Array(4).keys()].map((index) => ({ cameraId, startMs: T0 + 60_000 + index * 10_000, seconds: 10, size: '1280x720' })));
    const { id } = await create({ ranges: [{ cameraId, from: at(0), to: at(4) }, { cameraId, from: at(60), to: at(100) }], options: { trim: 'exact', boxes: true, blur: [] } });
    const running = await waitFor(async () => (await get(id)).files.length === 1 && (await get(id)), 30_000);
    const cancelled = await gateway.owner.call('cancelExport', { params: { id } });
    expect(cancelled.body).toMatchObject({ state: 'cancelled', files: running.files, progress: { bytesPerSecond: null } });
    // Its worker let go: the part is gone, and it is free for the next job.
    await waitFor(() => readdirSync(folderOf(id)).every((name) => !name.endsWith('.part')), 10_000);
    const other = await settled((await create({ ranges: [{ cameraId, from: at(0), to: at(4) }] })).id);
    expect(other.files).toHaveLength(1);
    expect((await gateway.owner.call('cancelExport', { params: { id } })).body).toMatchObject({ code: 'export.state', status: 409 });
    await gateway.owner.call('resumeExport', { params: { id } });
    const done = await settled(id);
    expect([done.files[0], done.files.length]).toEqual([running.files[0], 2]);
    expect((await gateway.owner.call('resumeExport', { params: { id } })).status).toBe(409);
  });

  it('says why it failed, and goes on when that is mended', async () => {
    await startWorker();
    const cameraId = await addCamera('damaged');
    const [segment] = (await record({ cameraId, startMs: T0 })) as [RecordingSegment];
    const path = join(gateway.settings.recordingsDir, segment.path);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, 2000));
    const { id } = await create({ ranges: [{ cameraId, from: at(0), to: at(4) }] });
    const failed = await settled(id, 'failed');
    expect(failed.error).toContain(segment.path);
    expect(failed.error).not.toContain(gateway.data);
    writeFileSync(path, bytes);
    await gateway.owner.call('resumeExport', { params: { id } });
    expect((await settled(id)).files).toHaveLength(1);
  });

  it('is removed when it is old', async () => {
    await startWorker();
    const cameraId = await addCamera('old');
    await record({ cameraId, startMs: T0 });
    const { id } = await settled((await create({ ranges: [{ cameraId, from: at(0), to: at(4) }] })).id);
    await gateway.dataSource.query(`UPDATE exports SET finished_at = now() - interval '8 days' WHERE id = $1`, [id]);
    await startWorker();
    await waitFor(async () => (await gateway.owner.call('getExport', { params: { id } })).status === 404 && !existsSync(folderOf(id)), 20_000);
  });
});

describe.skipIf(problem)('an export of a camera with privacy masks', () => {
  const polygon = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }];
  const setMasks = async (id: CameraId, privacyMasks: Camera['privacyMasks']) => {
    const { body } = await gateway.owner.call('getCamera', { params: { id } });
    expect((await gateway.owner.call('updateCamera', { params: { id }, body: { ...body, privacyMasks } })).status).toBe(200);
  };
  const mask = { id: 'm1', name: 'Window', enabled: true, polygon };
  /** All three planes of every picture, 320x240. */
  const pictures = (path: string) => {
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv444p', 'pipe:1'], { maxBuffer: 256 * 1024 * 1024 });
    return Array.from({ length: raw.length / (320 * 240 * 3) }, (_, index) => raw.subarray(index * 320 * 240 * 3, (index + 1) * 320 * 240 * 3));
  };
  /** Lowest and highest value of a plane from 8 pixels within the mask on: the blocks at its edge ring. */
  const span = (picture: Buffer, plane: number, inset = 8) => {
    const values = [];
    for (let y = 60 + inset; y < 180 - inset; y += 1) values.push(...picture.subarray(plane * 320 * 240 + y * 320 + 80 + inset, plane * 320 * 240 + y * 320 + 240 - inset));
    return [Math.min(...values), Math.max(...values)] as [number, number];
  };

  it('has them in every picture for whoever asks, and says so; the original is for those who may see it and ask for it', async () => {
    await startWorker();
    const cameraId = await addCamera('masked');
    await record({ cameraId, startMs: T0, size: '320x240' }, { cameraId, startMs: T0 + 4000, size: '320x240' });
    await setMasks(cameraId, [mask]);
    const operator = (await gateway.withUser('operator')).visitor;
    const headers = { origin: gateway.url };
    const wish = { title: 'x', ranges: [{ cameraId, from: at(1), to: at(6) }] };
    expect((await operator.call('estimateExport', { body: wish, headers })).body.ranges).toMatchObject([{ masked: true }]);
    const asked = await operator.call('createExport', { body: wish, headers });
    expect(asked.status).toBe(201);
    const original = await create({ ...wish, options: { original: true } });
    const [covered, byOwner, plain] = [await settled(asked.body.id), await settled((await create(wish)).id), await settled(original.id)];
    for (const one of [covered, byOwner]) expect(one.files).toMatchObject([{ masked: true, encoded: 'all', startAt: at(1), endAt: at(6) }]);
    expect(plain.files).toMatchObject([{ masked: false, encoded: 'none' }]);
    const { path } = await download(covered);
    expect(decode(path)).toMatchObject({ frames: 125, complaints: '' });
    const all = pictures(path);
    expect(all).toHaveLength(125);
    for (const picture of all) {
      // One dark grey and nothing else: not a trace of what moves below it.
      const [luma, ...colours] = [0, 1, 2].map((plane) => span(picture, plane)) as [[number, number], [number, number], [number, number]];
      expect(Math.max(...[luma, ...colours].map(([low, high]) => high - low))).toBeLessThanOrEqual(2);
      expect(Math.abs(luma[0] - 48)).toBeLessThanOrEqual(2);
    }
    // It is not that there was nothing, and what lies around it is as it was.
    const [before] = pictures((await download(plain)).path) as [Buffer];
    expect(span(before, 0)[1] - span(before, 0)[0]).toBeGreaterThan(100);
    expect(manifestOf(covered.id)).toMatchObject({ options: { trim: 'exact', original: false, masked: true }, asked: { trim: 'keyframe' }, files: [{ trim: 'exact', encoded: 'all', masked: true }], notes: [expect.stringMatching(/^masked: .*burnt in.*last changed at .*others may have held then/)] });
    expect(manifestOf(plain.id)).toMatchObject({ options: { trim: 'keyframe', original: true, masked: false }, files: [{ trim: 'keyframe', encoded: 'none', masked: false }], notes: [expect.stringContaining('this is the original, without them')] });
    // Neither by asking for it, nor by taking what somebody else made.
    const refused = await operator.call('createExport', { body: { ...wish, options: { original: true } }, headers });
    expect([refused.status, refused.body.code]).toEqual([403, 'footage.masked']);
    const name = plain.files[0]?.name as string;
    const taken = await operator.call('getExportFile', { params: { id: plain.id, name } });
    expect([taken.status, taken.body.code]).toEqual([403, 'footage.masked']);
    expect((await operator.call('getExportFile', { params: { id: covered.id, name: covered.files[0]?.name as string } })).status).toBe(200);
    const audit = (await gateway.owner.call('listAudit', { query: { limit: '500' } })).body.items as { action: string; subjectId: string; details: { options?: object } }[];
    expect(audit.filter(({ action, subjectId }) => action === 'export.create' && subjectId === plain.id)).toMatchObject([{ details: { options: { original: true } } }]);
  });

  it('has them beneath boxes and blur too, and in what is made after they changed', async () => {
    const cameraId = await addCamera('masked and blurred');
    const [segment] = (await record({ cameraId, startMs: T0, size: '320x240' })) as [RecordingSegment];
    await seen(segment, [0, 500, 1000].map((atMs) => ({ atMs, objects: [{ trackId: newId<TrackId>(), number: 1, label: 'person', score: 0.9, attributes: {}, box: { x: 0.3, y: 0.3, width: 0.1, height: 0.1 } }] })));
    // Asked for before there were masks, made afterwards.
    const wish = { ranges: [{ cameraId, from: at(0), to: at(1) }], options: { blur: [{ label: 'person', part: 'whole' as const }] } };
    const { id } = await create(wish);
    await setMasks(cameraId, [mask]);
    await startWorker();
    const done = await settled(id);
    expect(done.files).toMatchObject([{ masked: true, encoded: 'all' }]);
    // Blurred squares are made of what the mask left: the person is well within it.
    const { path } = await download(done);
    for (const picture of pictures(path)) expect(span(picture, 0)[1]).toBeLessThanOrEqual(50);
  });

  it('is refused where nobody can say any more what to cover, but for the original', async () => {
    await startWorker();
    const [unmasked, gone] = [await addCamera('had masks'), await addCamera('gone')];
    await record({ cameraId: unmasked, startMs: T0 }, { cameraId: gone, startMs: T0 });
    await setMasks(unmasked, [mask]);
    await setMasks(unmasked, []);
    await gateway.owner.call('deleteCamera', { params: { id: gone } });
    const operator = await gateway.withKey(['recording.export']);
    for (const cameraId of [unmasked, gone]) {
      const body = { title: 'x', ranges: [{ cameraId, from: at(0), to: at(4) }] };
      for (const route of ['createExport', 'estimateExport'] as const) {
        expect((await operator.call(route, { body })).body.code).toBe('footage.masked');
        expect((await gateway.owner.call(route, { body })).body).toMatchObject({ status: 409, code: 'export.masks-unknown', detail: expect.stringContaining('options.original: true') });
      }
      const done = await settled((await create({ ...body, options: { original: true } })).id);
      expect(manifestOf(done.id).notes).toHaveLength(1);
      expect((await operator.call('getExportFile', { params: { id: done.id, name: done.files[0]?.name as string } })).body.code).toBe('footage.masked');
    }
  });

  it('that was made before its camera went, or lost its masks, fails, and shows nothing of before they went', async () => {
    const [gone, unmasked] = [await addCamera('goes'), await addCamera('loses its masks')];
    await record({ cameraId: gone, startMs: T0 }, { cameraId: unmasked, startMs: T0 });
    await setMasks(unmasked, [mask]);
    const made = [await create({ ranges: [{ cameraId: gone, from: at(0), to: at(4) }] }), await create({ ranges: [{ cameraId: unmasked, from: at(0), to: at(4) }] })];
    await gateway.owner.call('deleteCamera', { params: { id: gone } });
    await setMasks(unmasked, []);
    // As if they had gone within a group of pictures: the key frame at 0 s was under them, the range was not.
    await gateway.dataSource.query('UPDATE cameras SET masked_until = $2 WHERE id = $1', [unmasked, new Date(T0 + 500)]);
    const after = await create({ ranges: [{ cameraId: unmasked, from: at(1), to: at(4) }] }, await gateway.withKey(['recording.export']));
    await startWorker();
    expect([(await settled(made[0]?.id as string, 'failed')).error, (await settled(made[1]?.id as string, 'failed')).error]).toEqual([expect.stringContaining('"goes" was removed'), expect.stringContaining('had privacy masks until')]);
    expect((await settled(after.id)).files).toMatchObject([{ startAt: at(1), endAt: at(4), encoded: 'ends', masked: false }]);
  });
});

describe('who may export', () => {
  it('needs the permission, and sees exports of the own cameras only', async () => {
    const [mine, other] = [await addCamera('mine'), await addCamera('not mine')];
    await record({ cameraId: mine, startMs: T0 }, { cameraId: other, startMs: T0 });
    const ranges = (...ids: CameraId[]) => ids.map((cameraId) => ({ cameraId, from: at(0), to: at(4) }));
    const viewer = await gateway.withUser('viewer');
    expect((await viewer.visitor.call('createExport', { body: { title: 'x', ranges: ranges(mine) } })).body.code).toBe('auth.forbidden');
    const operator = await gateway.withUser('operator', [mine]);
    for (const route of ['createExport', 'estimateExport'] as const) {
      const refused = await operator.visitor.call(route, { body: { title: 'x', ranges: ranges(mine, other) }, headers: { origin: gateway.url } });
      expect([refused.status, refused.body.code]).toEqual([404, 'camera.not-found']);
    }
    const scoped = await gateway.withKey(['recording.export'], [mine]);
    const own = await create({ ranges: ranges(mine) }, scoped);
    const both = await create({ ranges: ranges(mine, other) });
    const listed = (await scoped.call('listExports')).body.items as Export[];
    expect(listed.map(({ id }) => id)).toEqual([own.id]);
    for (const [route, params] of [['getExport', {}], ['cancelExport', {}], ['resumeExport', {}], ['deleteExport', {}], ['getExportManifest', {}], ['getExportFile', { name: 'x.mp4' }]] as const) {
      const refused = await scoped.call(route, { params: { id: both.id, ...params } });
      expect([route, refused.status, refused.body.code]).toEqual([route, 404, 'export.not-found']);
    }
    expect((await get(both.id)).state).toBe('queued');
    for (const name of ['../manifest.json', '..%2f..%2fcli-token', 'manifest.sha256']) expect((await gateway.owner.call('getExportFile', { params: { id: own.id, name } })).body.code).toBe('export-file.not-found');
    for (const { id } of [own, both]) await gateway.owner.call('deleteExport', { params: { id } });
  });

  it('says what does not fit', async () => {
    const cameraId = await addCamera('limits');
    await record({ cameraId, startMs: T0 });
    const ask = async (ranges: unknown, route: 'createExport' | 'estimateExport' = 'createExport') => (await gateway.owner.call(route, { body: { title: 'x', ranges } })).body;
    expect(await ask([{ cameraId, from: at(0), to: at(86_401) }])).toMatchObject({ status: 400, detail: 'ranges.0.to: expected at most 24 hours after `from`' });
    expect(await ask([{ cameraId, from: at(4), to: at(4) }])).toMatchObject({ status: 400, detail: 'ranges.0.to: expected a time after `from`' });
    expect(await ask([...Array(17).keys()].map(() => ({ cameraId: newId(), from: at(0), to: at(1) })))).toMatchObject({ status: 400, detail: 'ranges: expected at most 16 cameras' });
    expect(await ask([{ cameraId, from: at(100), to: at(200) }])).toMatchObject({ status: 404, code: 'export.nothing' });
    const estimate = await ask([{ cameraId, from: at(0), to: at(2) }], 'estimateExport');
    expect(estimate).toMatchObject({ ranges: [{ seconds: 2 }], availableBytes: expect.any(Number) });
    await gateway.dataSource.query('UPDATE recording_segments SET bytes = 1000000000000000 WHERE camera_id = $1', [cameraId]);
    expect(await ask([{ cameraId, from: at(0), to: at(4) }])).toMatchObject({ status: 507, code: 'export.no-space', detail: expect.stringContaining('GB may be written') });
  });
});
