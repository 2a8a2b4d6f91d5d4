import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { api, followedLines, picturesToSend, type AddedFootagePictures, type Annotation, type Camera, type CameraId, type Dataset, type FollowedLine, type FollowedPicture, type RecordingSegment, type Sample } from '@argus/contracts';
import { openFileTree, readCvatVideo, readDatumaro, readMot, SampleStore, type ImportedImage } from '@argus/datasets';
import { boxIou } from '@argus/geometry';
import { decodeStill } from '@argus/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeFilm, type MadeBox } from '../../../../libs/datasets/test/made-film.js';
import { FPS, makeSegment } from '../../test/footage-files.js';
import { connectEngine, pathOf, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, the built worker and command line as processes, footage of two files that ffmpeg made of pictures in which every box is known. The engine is a small client of its protocol. */
const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const problem = whyNoWorker() ?? (existsSync(CLI) ? null : 'apps/cli is not built; run tsc -b');
if (problem) console.warn(`skipped: ${problem}`);

const T0 = Date.parse('2026-11-20T10:00:00.000Z');
const SIZE = { width: 320, height: 180 };
const SECONDS = 4;
const EACH = 1000 / FPS;
const LEFT_MASK = { id: 'm1', name: 'Left', enabled: true, polygon: [{ x: 0, y: 0 }, { x: 0.3, y: 0 }, { x: 0.3, y: 1 }, { x: 0, y: 1 }] };
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
let worker: ChildProcess;
let camera: CameraId;
let folder: string;
let segments: RecordingSegment[];
let truth: readonly (readonly MadeBox[])[];

beforeAll(async () => {
  if (problem) return;
  folder = mkdtempSync(join(tmpdir(), 'argus-labelling-'));
  gateway = await runGateway();
  worker = await startWorker(gateway);
  engine = await connectEngine(gateway);
  camera = await addCamera('Gate');
  const film = [...madeFilm({ ...SIZE, pictures: 2 * SECONDS * FPS, things: [{ seed: 5, width: 36, height: 54, at: (n) => ({ x: 40 + 1.1 * n, y: 70 + 0.3 * n }) }, { seed: 6, width: 30, height: 30, at: (n) => ({ x: 280 - n, y: 160 }) }] })];
  truth = film.map(({ boxes }) => boxes);
  const luma = film.map(({ picture }) => picture.luma);
  segments = await record(camera, luma);
}, 120_000);
afterAll(async () => {
  if (worker) await endWorker(worker, 'SIGTERM');
  engine?.close();
  await gateway?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function addCamera(name: string, parts: Partial<Camera> = {}): Promise<CameraId> {
  const { body } = await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 }, ...parts } });
  return (body as Camera).id;
}

async function record(cameraId: CameraId, luma: readonly Uint8Array[]): Promise<RecordingSegment[]> {
  const half = luma.length / 2;
  const made = [0, 1].map((part) => makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: T0 + part * SECONDS * 1000, size: `${SIZE.width}x${SIZE.height}`, luma: luma.slice(part * half, (part + 1) * half), motion: [0] }));
  await engine.record(...made);
  return made;
}

const at = (picture: number): number => T0 + picture * EACH;
const boxOf = (picture: number, thing: number): MadeBox => truth[picture]?.[thing] as MadeBox;

async function follow(body: object, visitor: Visitor = gateway.owner, id: CameraId = camera): Promise<{ status: number; code?: string; lines: FollowedLine[]; pictures: FollowedPicture[] }> {
  const response = await fetch(gateway.url + pathOf(api.followBoxes, { params: { id } }), { method: 'POST', headers: { authorization: `Bearer ${visitor.key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  if (response.status !== 200) return { status: response.status, code: JSON.parse(text).code, lines: [], pictures: [] };
  const lines = followedLines(text);
  return { status: 200, lines, pictures: lines.filter((line) => line.kind === 'picture') };
}

const create = async (name: string): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name } })).body as Dataset;
const samplesOf = async ({ id }: Dataset): Promise<Sample[]> => {
  const { body } = await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500' } });
  const all = await Promise.all((body.items as { sha256: string }[]).map(async ({ sha256 }) => (await gateway.owner.call('getSample', { params: { id, sha256 } })).body as Sample));
  return all.sort((a, b) => Date.parse(a.origin?.wallTime ?? '') - Date.parse(b.origin?.wallTime ?? ''));
};
const add = async ({ id }: Dataset, pictures: object[], more: object = {}, visitor: Visitor = gateway.owner) => visitor.call('addFootagePictures', { params: { id }, body: { cameraId: camera, pictures, ...more } });
const label = (track: string, box: MadeBox, drawn = true, more: object = {}) => ({ track, label: 'person', box, drawn, ...more });
const audits = (action: string): Promise<{ actor: string; details: Record<string, unknown> }[]> => gateway.dataSource.query('SELECT actor, details FROM audit WHERE action = $1 ORDER BY at', [action]);

describe.skipIf(problem)('boxes drawn on footage', () => {
  it('are followed over the border of two files, picture by picture, with an end that says why', async () => {
    const { lines, pictures } = await follow({ untilMs: at(180), boxes: [{ track: 'a', atMs: at(10), box: boxOf(10, 0) }, { track: 'b', atMs: at(30), box: boxOf(30, 1) }], ends: [{ track: 'b', atMs: at(150) }] });
    expect(lines.at(-1)).toEqual({ kind: 'end', because: 'until', pictures: 171 });
    expect(pictures.map(({ atMs }) => Math.round((atMs - T0) / EACH))).toEqual(Array.from({ length: 171 }, (_, index) => index + 10));
    expect(pictures.map(({ segmentId, frameIndex }) => [segmentId, frameIndex])).toEqual(pictures.map((_, index) => [segments[index < 90 ? 0 : 1]?.id, index < 90 ? index + 10 : index - 90]));
    for (const [track, thing, from, to] of [['a', 0, 10, 180], ['b', 1, 30, 149]] as const) {
      const told = pictures.flatMap((picture, index) => picture.boxes.filter((box) => box.track === track).map((box) => ({ ...box, index: index + 10 })));
      expect([told[0]?.index, told.at(-1)?.index, told[0]?.drawn, told[1]?.drawn]).toEqual([from, to, true, false]);
      expect(told.filter(({ box, index }) => boxIou(box, boxOf(index, thing)) >= 0.7).length / told.length).toBeGreaterThanOrEqual(0.9);
    }
    expect((await audits('footage.track')).at(-1)?.details).toMatchObject({ from: new Date(at(10)).toISOString(), tracks: 2, direction: 'forward' });
  }, 60_000);

  it('are followed backwards, and put right by a later box', async () => {
    const back = await follow({ direction: 'backward', untilMs: at(80), boxes: [{ track: 'a', atMs: at(120), box: boxOf(120, 0) }] });
    expect(back.lines.at(-1)).toMatchObject({ because: 'until', pictures: 41 });
    expect(back.pictures.map(({ atMs, boxes: [found] }) => [Math.round((atMs - T0) / EACH), found !== undefined && boxIou(found.box, boxOf(Math.round((atMs - T0) / EACH), 0)) > 0.6])).toEqual(Array.from({ length: 41 }, (_, index) => [120 - index, true]));
    const wrong = { ...boxOf(5, 0), x: 200, y: 20 };
    const { pictures } = await follow({ untilMs: at(40), boxes: [{ track: 'a', atMs: at(5), box: wrong }, { track: 'a', atMs: at(20), box: boxOf(20, 0) }] });
    const ious = pictures.map(({ boxes }, index) => (boxes[0] ? boxIou(boxes[0].box, boxOf(index + 5, 0)) : 0));
    expect([ious.slice(0, 15).every((iou) => iou < 0.2), ious.slice(15).every((iou) => iou >= 0.7)]).toEqual([true, true]);
  }, 60_000);

  it('are refused where there is no picture, no footage, no box in the picture, no end, or no right', async () => {
    const boxes = [{ track: 'a', atMs: at(10), box: boxOf(10, 0) }];
    expect(await follow({ untilMs: at(20), boxes: [{ ...boxes[0], atMs: at(10.5) }] })).toMatchObject({ status: 404, code: 'labelling.no-picture' });
    expect(await follow({ untilMs: at(-90), boxes: [{ ...boxes[0], atMs: at(-100) }] })).toMatchObject({ status: 404, code: 'footage.none' });
    expect(await follow({ untilMs: at(20), boxes: [{ ...boxes[0], box: { x: 900, y: 0, width: 20, height: 20 } }] })).toMatchObject({ status: 422, code: 'labelling.failed' });
    expect(await follow({ untilMs: at(10) + 121_000, boxes })).toMatchObject({ status: 400, code: 'request.invalid' });
    const [elsewhere, blind, outsider] = [await addCamera('Yard'), await gateway.withKey(['dataset.write']), await gateway.withKey(['recording.view'])];
    const stranger = await gateway.withKey(['recording.view', 'dataset.write', 'dataset.read', 'harvest.run'], [elsewhere]);
    expect([(await follow({ untilMs: at(20), boxes }, stranger)).status, (await follow({ untilMs: at(20), boxes }, blind)).status, (await follow({ untilMs: at(20), boxes }, outsider)).status]).toEqual([404, 403, 403]);
    const set = await create('Of others');
    const theirs = (await stranger.call('createDataset', { body: { name: 'Theirs' } })).body as Dataset;
    const picture = { atMs: at(10), labels: [label('a', boxOf(10, 0))] };
    expect((await add(theirs, [picture], {}, stranger)).body.code).toBe('camera.not-found');
    expect((await add(set, [picture], {}, await gateway.withKey(['dataset.write']))).status).toBe(403);
    expect((await add(set, [picture], { masked: false }, await gateway.withKey(['dataset.write', 'harvest.run', 'recording.view']))).body.code).toBe('harvest.originals');
    expect(await samplesOf(set)).toEqual([]);
  });
});

describe.skipIf(problem)('pictures of footage with boxes', () => {
  it('come into a set as exactly the picture that was meant, with who drew and what was followed', async () => {
    const set = await create('Exact');
    const answer = await add(set, [{ atMs: at(57), labels: [label('a', boxOf(57, 0)), label('b', boxOf(57, 1), false, { confidence: 0.8, label: 'box' })] }, { atMs: at(101), labels: [label('a', boxOf(101, 0), false, { confidence: 0.5 })] }]);
    expect(answer.body).toMatchObject({ added: 2, changed: 0, problems: [] });
    const [first, second] = (await samplesOf(set)) as [Sample, Sample];
    expect(first.origin).toMatchObject({ cameraId: camera, group: 'Gate', video: segments[0]?.id, frameIndex: 57, ptsUs: 57 * EACH * 1000, wallTime: new Date(at(57)).toISOString(), timeZone: 'Asia/Shanghai' });
    expect(second.origin).toMatchObject({ video: segments[1]?.id, frameIndex: 1, wallTime: new Date(at(101)).toISOString() });
    expect(first.annotations).toMatchObject([
      { kind: 'box', label: 'person', box: boxOf(57, 0), track: { id: 'a', keyframe: true, outside: false }, state: 'reviewed', score: null, model: null, attributes: { method: 'drawn' } },
      { kind: 'box', label: 'box', track: { id: 'b', keyframe: false, outside: false }, state: 'auto', score: 0.8, attributes: { method: 'track' } },
    ]);
    expect(first.annotations[0]?.attributes['drawnBy']).toBe((await audits('dataset.add-footage')).at(-1)?.actor);
    expect((await audits('dataset.add-footage')).at(-1)?.details).toMatchObject({ cameraId: camera, pictures: 2, boxes: 3, masked: true, added: 2 });
    // The thing is in the box: what is there differs from the ground around it as it does in what was recorded.
    const store = await SampleStore.open(gateway.settings.samplesDir);
    const frame = decodeStill(await store.read(first.sha256));
    expect([frame.width, frame.height]).toEqual([SIZE.width, SIZE.height]);
    frame.free();
    await store.close();
  });

  it('sent again they are put right, and a send can be taken back', async () => {
    const set = await create('Again');
    const once = (await add(set, [{ atMs: at(20), labels: [label('a', boxOf(20, 0)), label('b', boxOf(20, 1))] }])).body as AddedFootagePictures;
    const [sent] = once.pictures as [AddedFootagePictures['pictures'][number]];
    const twice = (await add(set, [{ atMs: at(20), labels: [label('a', { ...boxOf(20, 0), x: 70 })] }])).body as AddedFootagePictures;
    expect([twice.added, twice.changed, twice.pictures[0]?.sha256, twice.pictures[0]?.before?.length]).toEqual([0, 1, sent.sha256, 2]);
    const boxes = async () => (await samplesOf(set))[0]?.annotations.map(({ track, box }) => [track?.id, box.x]).sort();
    expect(await boxes()).toEqual([['a', 70], ['b', boxOf(20, 1).x]]);
    await gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: sent.sha256 }, body: { annotations: twice.pictures[0]?.before as Annotation[] } });
    expect(await boxes()).toEqual([['a', boxOf(20, 0).x], ['b', boxOf(20, 1).x]]);
    await gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: [sent.sha256] } });
    const anew = (await add(set, [{ atMs: at(20), labels: [label('c', boxOf(20, 0))] }])).body as AddedFootagePictures;
    expect([anew.added, (await samplesOf(set))[0]?.annotations.map(({ track }) => track?.id)]).toEqual([1, ['c']]);
  });

  it('say which could not be taken, and take the others', async () => {
    const set = await create('Some');
    const { body } = await add(set, [{ atMs: at(20), labels: [label('a', boxOf(20, 0))] }, { atMs: at(20.5), labels: [label('a', boxOf(20, 0))] }]);
    expect([body.added, body.problems.map(({ atMs }: { atMs: number }) => atMs)]).toEqual([1, [at(20.5)]]);
  });

  it('have the privacy masks of their camera in them, and boxes are followed under them', async () => {
    const masked = await addCamera('Masked', { privacyMasks: [LEFT_MASK] as Camera['privacyMasks'] });
    const film = [...madeFilm({ ...SIZE, pictures: 2 * SECONDS * FPS, things: [{ seed: 5, width: 36, height: 54, at: () => ({ x: 40, y: 90 }) }] })];
    await record(masked, film.map(({ picture }) => picture.luma));
    const set = await create('Masked');
    const annotator = await gateway.withKey(['recording.view', 'dataset.read', 'dataset.write', 'harvest.run']);
    const { body } = await add(set, [{ atMs: at(10), labels: [label('a', { x: 100, y: 60, width: 30, height: 60 })] }], { cameraId: masked }, annotator);
    expect(body).toMatchObject({ added: 1, problems: [] });
    const store = await SampleStore.open(gateway.settings.samplesDir);
    writeFileSync(join(folder, 'masked.jpg'), await store.read(body.pictures[0].sha256));
    await store.close();
    const raw = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', join(folder, 'masked.jpg'), '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { encoding: 'buffer' });
    const spread = (from: number, to: number): number => {
      const values = Array.from({ length: SIZE.height * (to - from) }, (_, index) => raw.stdout[Math.floor(index / (to - from)) * SIZE.width + from + (index % (to - from))] as number);
      return Math.max(...values) - Math.min(...values);
    };
    expect([spread(0, 90) < 16, spread(110, 320) > 60]).toEqual([true, true]);
    // What lies below a mask is flat: nothing can be followed there by whoever may not see it.
    const below = { untilMs: at(60), boxes: [{ track: 'a', atMs: at(10), box: { x: 22, y: 63, width: 36, height: 54 } }] };
    const [seen, covered] = [await follow(below, gateway.owner, masked), await follow(below, annotator, masked)];
    const sure = ({ pictures }: typeof seen) => pictures.slice(1).flatMap(({ boxes }) => boxes.map(({ confidence }) => confidence)).filter((confidence) => confidence > 0.8).length;
    expect([sure(seen) > 40, sure(covered)]).toEqual([true, 0]);
    expect((await audits('footage.track')).slice(-2).map(({ details }) => details['masked'])).toEqual([undefined, true]);
  }, 60_000);
});

describe.skipIf(problem)('argus dataset track', () => {
  const argus = async (...words: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [CLI, ...words], { env: { PATH: process.env['PATH'], ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string }, cwd: folder })).stdout;

  it('follows and sends every n-th; MOT, CVAT and Datumaro have the tracks in order, as one sequence', async () => {
    const set = await create('Tracks');
    const boxes = [{ track: 'a', label: 'person', at: new Date(at(10)).toISOString(), box: boxOf(10, 0) }, { track: 'b', label: 'cart', at: at(10), box: boxOf(10, 1) }];
    writeFileSync(join(folder, 'boxes.json'), JSON.stringify({ boxes }));
    const told = JSON.parse(await argus('dataset', 'track', 'Tracks', '--camera', 'Gate', '--boxes', 'boxes.json', '--every', '10', '--seconds', '6.8', '--json'));
    expect(told).toMatchObject({ followed: 171, because: 'until', chosen: 18, added: 18, changed: 0, problems: [] });
    const samples = await samplesOf(set);
    const numbers = samples.map(({ origin }) => (Date.parse(origin?.wallTime ?? '') - T0) / EACH);
    expect(numbers).toEqual(Array.from({ length: 18 }, (_, index) => 10 + 10 * index));
    const right = samples.flatMap(({ annotations }, index) => annotations.map(({ track, box }) => boxIou(box, boxOf(numbers[index] as number, track?.id === 'a' ? 0 : 1)) >= 0.7));
    expect(right.filter(Boolean).length / (2 * 18)).toBeGreaterThanOrEqual(0.9);
    expect(samples.map(({ annotations }) => annotations.map(({ state }) => state))).toEqual(samples.map((_, index) => (index === 0 ? ['reviewed', 'reviewed'] : ['auto', 'auto'])));
    // By the routes, as the dashboard does it, it comes to the same.
    const twin = await create('Twin');
    const { pictures } = await follow({ untilMs: at(10) + 6800, boxes: boxes.map(({ track, box }) => ({ track, atMs: at(10), box })) });
    await add(twin, picturesToSend(pictures, new Map(boxes.map(({ track, label: its }) => [track, its])), 10));
    expect(await samplesOf(twin)).toEqual(samples);
    for (const [format, read] of [['mot', readMot], ['cvat-video', readCvatVideo], ['datumaro', readDatumaro]] as const) {
      const file = join(folder, `${format}.zip`);
      await argus('dataset', 'export', 'Tracks', '--format', format, '--include-unreviewed', '--out', file);
      const images: ImportedImage[] = [];
      for await (const image of read(await openFileTree(file))) images.push(image);
      if (format !== 'datumaro') {
        expect([format, new Set(images.map(({ group }) => group)).size, images.map(({ ours }) => ours.origin?.frameIndex)]).toEqual([format, 1, images.map((_, index) => index)]);
      } else images.sort((a, b) => Date.parse(a.ours.origin?.wallTime ?? '') - Date.parse(b.ours.origin?.wallTime ?? ''));
      const sequence = (images_: readonly ImportedImage[], name: string) => images_.map(({ annotations }) => annotations.find(({ label: its }) => its === name)).map((one) => (one ? [Math.round(one.box.x), one.track?.id] : null));
      const written = (name: string) => samples.map(({ annotations }) => annotations.find(({ label: its }) => its === name)).map((one) => (one ? Math.round(one.box.x) : null));
      for (const name of ['person', 'cart']) {
        expect([format, name, sequence(images, name).map((one) => one?.[0])]).toEqual([format, name, written(name)]);
        expect([format, name, new Set(sequence(images, name).map((one) => one?.[1])).size]).toEqual([format, name, 1]);
      }
    }
    const again = JSON.parse(await argus('dataset', 'track', 'Tracks', '--camera', 'Gate', '--boxes', 'boxes.json', '--every', '10', '--seconds', '6.8', '--json'));
    expect(again).toMatchObject({ added: 0, changed: 18 });
  }, 120_000);

  it('says what is wrong with a file of boxes', async () => {
    writeFileSync(join(folder, 'bad.json'), '{"boxes":[{"track":"a","label":"x","at":"noon","box":{"x":1,"y":1,"width":9,"height":9}}]}');
    await expect(argus('dataset', 'track', 'Tracks', '--camera', 'Gate', '--boxes', 'bad.json')).rejects.toThrow(/boxes\.0\.at/);
  });
});
