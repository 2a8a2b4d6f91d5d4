import { execFileSync } from 'node:child_process';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_TRANSFORMED, type Annotation, type Dataset } from '@argus/contracts';
import { boundsOf, homographyFrom, homographyOf, mapPoint, turnedBox, type Point, type Quad } from '@argus/geometry';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endWorker, whyNoWorker } from '../../test/running-worker.js';
import { drawn, SetBench } from '../../test/set-bench.js';

/** Real: PostgreSQL, HTTP, built workers as processes, pictures with marks at known places that ffmpeg codes and reads. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const PICTURE = { width: 560, height: 700 };
/** Somebody photographed a door from the side. */
const QUAD: Quad = [{ x: 141, y: 131 }, { x: 480, y: 159 }, { x: 493, y: 630 }, { x: 64, y: 601 }];
let bench: SetBench;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-transform-'));
  bench = await SetBench.open();
}, 60_000);
afterEach(() => bench.clear());
afterAll(async () => {
  await bench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Round spots on dark grey, each about its place; JPEG. */
function marked(places: readonly Point[], shade = 40): Buffer {
  const { width, height } = PICTURE;
  const pixels = new Uint8Array(width * height).fill(shade);
  for (const { x, y } of places) for (let row = Math.max(0, Math.floor(y) - 12); row < Math.min(height, y + 12); row += 1) for (let column = Math.max(0, Math.floor(x) - 12); column < Math.min(width, x + 12); column += 1) {
    const at = row * width + column;
    pixels[at] = Math.max(pixels[at] as number, Math.round(shade + 180 * Math.exp(-((column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2) / 12.5)));
  }
  return execFileSync('ffmpeg', ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-i', '-', '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-f', 'image2', '-'], { input: pixels, maxBuffer: 1 << 26 });
}
const greyOf = (content: Uint8Array): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], { input: content, maxBuffer: 1 << 26 });

function centreOf(pixels: Uint8Array, width: number, near: Point): Point {
  let [sum, x, y] = [0, 0, 0];
  for (let row = Math.round(near.y) - 9; row <= near.y + 9; row += 1) for (let column = Math.round(near.x) - 9; column <= near.x + 9; column += 1) {
    const light = Math.max(0, (pixels[row * width + column] as number) - 48);
    [sum, x, y] = [sum + light, x + light * (column + 0.5), y + light * (row + 0.5)];
  }
  return { x: x / sum, y: y / sum };
}

const quadArea = { kind: 'quad', corners: QUAD } as const;
const attempt = async (set: Dataset, body: object) => {
  const answer = await bench.gateway.owner.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'transform', ...body } });
  return { status: answer.status, problems: (answer.body as { errors?: { path: string; message: string }[] }).errors };
};

describe.skipIf(problem)('straightened samples (S23, S37)', () => {
  it('have their marks within half a pixel of where the homography says, and the labels of the reference', async () => {
    await bench.worker();
    const set = await bench.create('door', { licence: 'CC-BY-4.0' });
    const size = { width: 300, height: 400 };
    const [there, back] = [homographyOf(QUAD, size), homographyFrom(size, QUAD)];
    const places: Point[] = [];
    for (const x of [14, 90.4, 150, 210.7, 286]) for (const y of [14, 110.3, 200, 290.6, 386]) places.push(mapPoint(back, { x, y }));
    const labels = [drawn('person', 200, 250, 120, 90), drawn('person', 180, 220, 1, 1, { kind: 'polygon', points: [180, 300, 400.5, 220.25, 300, 500] }), drawn('car', 440, 300, 100, 50), drawn('', 0, 0, 560, 200, { kind: 'ignore' })];
    const source = await bench.put(set, marked(places), { annotations: labels, complete: true, split: 'val', group: 'Door' });
    const result = await bench.result(set, { kind: 'transform', parts: [{ sha256: source, area: quadArea }], size });
    expect(result).toMatchObject({ datasetId: set.id, samples: 1, known: 0, annotations: 4, leftOut: 0, made: [{ from: source }], troubles: [] });
    const sha256 = result.made[0]?.sha256 as string;
    const sample = await bench.sample(set, sha256);
    // Told apart by what it was made of, so that anybody can do it again; else as the old one, beside which it is listed.
    expect(sample).toMatchObject({ ...size, split: 'val', complete: true, origin: { group: 'Door', cameraId: bench.cameraId, frameIndex: 7 }, name: `a-${sha256.slice(0, 8)}.jpg`, attributes: { transform: { from: source, corners: QUAD, ...size } } });
    expect((await bench.samples(set)).map((one) => one.sha256)).toEqual([source, sha256]);
    const pixels = greyOf(Buffer.from(await bench.store.read(sha256)));
    const off = places.map((place) => {
      const wanted = mapPoint(there, place);
      const { x, y } = centreOf(pixels, size.width, wanted);
      return Math.hypot(x - wanted.x, y - wanted.y);
    });
    console.info(`25 marks are off by ${Math.max(...off).toFixed(3)} pixels at most`);
    expect(Math.max(...off)).toBeLessThan(0.5);
    const [box, outline, car, ignored] = sample.annotations as [Annotation, Annotation, Annotation, Annotation];
    const bounds = (corners: readonly Point[]) => boundsOf(corners.map((corner) => mapPoint(there, corner)));
    const near = (one: Annotation['box'], other: Annotation['box']) => expect(Math.max(...(['x', 'y', 'width', 'height'] as const).map((side) => Math.abs(one[side] - other[side])))).toBeLessThan(1e-9);
    // By LAPACK, as OpenCV has it.
    near(box.box, { x: 63.88900572116453, y: 105.31054735881564, width: 103.28692734345776, height: 89.99509957701692 });
    near(box.box, bounds(turnedBox({ x: 200, y: 250, width: 120, height: 90 }, 0)));
    near(outline.box, bounds([{ x: 180, y: 300 }, { x: 400.5, y: 220.25 }, { x: 300, y: 500 }]));
    // Cut off at the border; about half of it is there.
    expect([car.label, Math.abs(car.box.x + car.box.width - size.width) < 1e-9]).toEqual(['car', true]);
    expect([ignored.kind, ignored.box.x, ignored.box.y, ignored.box.width]).toEqual(['ignore', 0, 0, 300]);
    // As it was measured anew, and small.
    expect(sample.quality?.sharpness).not.toBe((await bench.sample(set, source)).quality?.sharpness);
    const small = await bench.gateway.owner.call('getSamplePicture', { params: { id: set.id, sha256 }, query: { size: 'thumbnail' } });
    expect(small.status).toBe(200);
  }, 90_000);

  it('are there once, are undone by taking them out, and may come into another set', async () => {
    await bench.worker();
    const [set, other] = [await bench.create('one'), await bench.create('other')];
    const first = await bench.put(set, marked([{ x: 300, y: 300 }]), { annotations: [drawn('person', 250, 250, 100, 100)] });
    const second = await bench.put(set, marked([{ x: 200, y: 300 }], 60));
    const job = { kind: 'transform' as const, parts: [first, second].map((sha256) => ({ sha256, area: { kind: 'turned', box: { x: 150, y: 150, width: 300, height: 300 }, degrees: 5 } })) };
    const made = await bench.result(set, job);
    expect(made).toMatchObject({ samples: 2, known: 0, annotations: 1 });
    const digests = made.made.map(({ sha256 }) => sha256);
    const own = drawn('cat', 1, 1, 9, 9);
    await bench.gateway.owner.call('saveAnnotations', { params: { id: set.id, sha256: digests[0] as string }, body: { annotations: [own] } });
    // What is there stays as people left it.
    expect(await bench.result(set, job)).toMatchObject({ samples: 0, known: 2, made: [] });
    expect((await bench.sample(set, digests[0] as string)).annotations).toMatchObject([{ label: 'cat' }]);
    await bench.gateway.owner.call('removeSamples', { params: { id: set.id }, body: { sha256s: digests } });
    expect((await bench.samples(set)).map(({ sha256 }) => sha256)).toEqual([first, second]);
    expect(await bench.result(set, job)).toMatchObject({ samples: 2, known: 0, made: made.made });
    expect((await bench.sample(set, digests[0] as string)).annotations).toMatchObject([{ label: 'person' }]);
    const copied = await bench.result(set, { ...job, ratio: 1 / 3, boxes: 'outline', target: { kind: 'copy', into: other.id } });
    expect(copied).toMatchObject({ datasetId: other.id, samples: 2 });
    const [one] = await bench.samples(other);
    expect((one?.width ?? 0) / (one?.height ?? 1)).toBeCloseTo(1 / 3, 1);
    expect((await bench.sample(other, copied.made[0]?.sha256 as string)).annotations).toMatchObject([{ kind: 'polygon', label: 'person' }]);
    expect((await bench.gateway.owner.call('getDataset', { params: { id: other.id } })).body).toMatchObject({ cameraIds: [bench.cameraId], counts: { samples: 2 } });
    expect((await bench.gateway.owner.call('listDatasetOrigins', { params: { id: other.id } })).body).toMatchObject([{ kind: 'crops', direction: 'from', name: 'one', samples: 2 }]);
    expect((await bench.gateway.owner.call('listDatasetOrigins', { params: { id: set.id } })).body).toMatchObject([{ kind: 'crops', direction: 'to', name: 'other' }]);
    const audit = (await bench.gateway.dataSource.query(`SELECT details FROM audit WHERE action = 'dataset-job.create' AND details->>'dataset' = $1 ORDER BY id LIMIT 1`, [set.id])) as { details: object }[];
    expect(audit).toMatchObject([{ details: { name: 'one', parts: [first, second], target: { kind: 'same' } } }]);
  }, 90_000);

  it('of pictures without privacy masks are for those who may see such', async () => {
    await bench.worker();
    const set = await bench.create('originals');
    const source = await bench.put(set, marked([{ x: 300, y: 300 }]));
    await bench.gateway.dataSource.query('UPDATE dataset_samples SET is_original = true WHERE dataset_id = $1', [set.id]);
    const { made } = await bench.result(set, { kind: 'transform', parts: [{ sha256: source, area: quadArea }] });
    const asked = { params: { id: set.id, sha256: made[0]?.sha256 as string } };
    expect((await (await bench.gateway.withKey(['dataset.read', 'dataset.write'])).call('getSamplePicture', asked)).body).toMatchObject({ code: 'footage.masked' });
    expect((await bench.gateway.owner.call('getSamplePicture', asked)).status).toBe(200);
  }, 60_000);

  it('of a worker that is killed are the same', async () => {
    const [calm, stormy] = [await bench.create('calm'), await bench.create('stormy')];
    const sources: string[] = [];
    for (let index = 0; index < 24; index += 1) {
      const content = marked([{ x: 100 + 10 * index, y: 300 }], 40 + index);
      const annotations = [drawn('person', 60, 200, 300, 300, { id: `p${index}` })];
      await bench.put(calm, content, { annotations });
      sources.push(await bench.put(stormy, content, { annotations }));
    }
    const job = { kind: 'transform' as const, parts: sources.map((sha256) => ({ sha256, area: quadArea })) };
    let worker = await bench.worker();
    const expected = await bench.result(calm, job);
    await endWorker(worker, 'SIGTERM');
    const begun = await bench.begin(stormy, job);
    worker = await bench.worker();
    await waitFor(async () => (await bench.job(begun)).progress.done > 0, 60_000);
    await endWorker(worker, 'SIGKILL');
    await bench.worker();
    const { result } = await bench.settled(begun);
    expect(result).toEqual({ ...expected, datasetId: stormy.id });
    expect(await bench.annotations(stormy)).toEqual(await bench.annotations(calm));
  }, 120_000);

  it('are refused before anything is done, with what is wrong', async () => {
    const set = await bench.create('refused');
    const sha256 = await bench.put(set, marked([]));
    const [a, b, c, d] = QUAD;
    const of = (...corners: Point[]) => ({ parts: [{ sha256, area: { kind: 'quad', corners } }] });
    expect(await attempt(set, of(b, a, d, c))).toEqual({ status: 400, problems: [{ path: 'parts.0.area', message: 'expected corners clockwise from the upper left one (upper left, upper right, lower right, lower left), got them the other way round: 480,159 141,131 64,601 493,630' }] });
    expect((await attempt(set, of(a, b, d, c))).problems?.[0]?.message).toContain('got sides that cross');
    expect((await attempt(set, of(a, b, { x: 250, y: 200 }, d))).problems?.[0]?.message).toContain('without a corner that points inwards');
    expect((await attempt(set, of(a, a, c, d))).problems?.[0]?.message).toContain('apart and not on a line');
    expect((await attempt(set, { parts: [{ sha256, area: { kind: 'turned', box: { x: 5, y: 5, width: 7, height: 90 } } }] })).problems?.[0]?.message).toBe('expected an area of 8 x 8 pixels or more, got 7 x 90');
    expect((await attempt(set, { parts: [{ sha256, area: { kind: 'turned', box: { x: 555, y: 5, width: 90, height: 90 } } }] })).problems?.[0]?.message).toContain('a tenth or more lies in the picture of 560 x 700');
    expect((await attempt(set, { parts: [{ sha256, area: { kind: 'turned', box: { x: 5, y: 5, width: 90, height: 90 } } }], size: { width: 181, height: 90 } })).problems).toEqual([{ path: 'size', message: 'expected at most 180 x 180, 2 pixels for each of the old picture: more would be made up' }]);
    expect((await attempt(set, { parts: [{ sha256: 'f'.repeat(64), area: quadArea }] })).problems?.[0]?.path).toBe('parts.0.sha256');
    expect((await attempt(set, { parts: Array.from({ length: MOST_TRANSFORMED + 1 }, () => ({ sha256, area: quadArea })) })).problems?.[0]?.path).toBe('parts');
    expect((await attempt(set, { parts: [{ sha256, area: quadArea }], target: { kind: 'copy', into: '01890a5d-ac96-774b-bcce-b302099a8057' } })).status).toBe(404);
    // Who may not see the camera does not see the set, and who only reads changes nothing.
    const blind = await bench.gateway.withKey(['dataset.read', 'dataset.write'], []);
    const reader = await bench.gateway.withKey(['dataset.read']);
    const body = { kind: 'transform', parts: [{ sha256, area: quadArea }] };
    expect((await blind.call('createDatasetJob', { params: { id: set.id }, body })).status).toBe(404);
    expect((await reader.call('createDatasetJob', { params: { id: set.id }, body })).status).toBe(403);
    expect(await bench.gateway.dataSource.query('SELECT count(*)::int AS count FROM dataset_jobs')).toEqual([{ count: 0 }]);
  }, 60_000);
});
