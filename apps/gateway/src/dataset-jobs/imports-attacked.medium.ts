import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { DATASET_FORMATS, type Dataset, type DatasetJob } from '@argus/contracts';
import { ZipSink } from '@argus/datasets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoWorker } from '../../test/running-worker.js';
import { drawn, SetBench } from '../../test/set-bench.js';

/** Real: gateway, worker as a process, PostgreSQL, archives. What an archive holds that is broken or meant to do harm is told, the rest comes in; the worker goes on, and the set stays one that can be listed and taken away. */
const STREET = fileURLToPath(new URL('../../../../demo/street.mp4', import.meta.url));
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

type Files = Readonly<Record<string, string | Buffer>>;

let bench: SetBench;
let folder: string;
let good: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-imports-'));
  execFileSync('ffmpeg', ['-v', 'error', '-i', STREET, '-vf', 'scale=320:180', '-frames:v', '1', '-q:v', '3', join(folder, 'good.jpg')]);
  good = readFileSync(join(folder, 'good.jpg'));
  bench = await SetBench.open();
  if (!problem) await bench.worker();
}, 60_000);
afterAll(async () => {
  await bench?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function zipOf(files: Files): Promise<Buffer> {
  const file = join(folder, 'made.zip');
  const sink = await ZipSink.open(file);
  for (const [path, content] of Object.entries(files)) await sink.write(path, Buffer.from(content as string));
  await sink.close();
  return readFileSync(file);
}

async function imported(set: Dataset, content: Buffer, state: DatasetJob['state'] = 'done'): Promise<DatasetJob> {
  const { url, owner } = bench.gateway;
  const headers = { authorization: `Bearer ${owner.key}`, 'tus-resumable': '1.0.0' };
  const begun = await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers: { ...headers, 'upload-length': String(content.byteLength) } });
  const address = begun.headers.get('location') as string;
  await fetch(new URL(address, url), { method: 'PATCH', headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: new Uint8Array(content) });
  return bench.settled(await bench.begin(set, { kind: 'import', uploadId: address.split('/').at(-1) }), state);
}

/** All that is shown of a set is an answer. */
async function isWhole({ id }: Dataset): Promise<void> {
  const { owner } = bench.gateway;
  const params = { id };
  for (const name of ['getDataset', 'listSamples', 'getDatasetStatistics', 'getDatasetMatrix', 'listDatasetJobs'] as const) expect([name, (await owner.call(name, { params })).status]).toEqual([name, 200]);
}

function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))]);
}

const coco = (annotation: object, image: object = {}): Files => ({
  'images/good.jpg': good,
  'annotations/instances_default.json': JSON.stringify({ images: [{ id: 1, file_name: 'good.jpg', width: 320, height: 180, ...image }], categories: [{ id: 1, name: 'car' }], annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], ...annotation }] }),
});
const yolo = (labels: string, names = '["car"]'): Files => ({ 'images/good.jpg': good, 'labels/good.txt': labels, 'data.yaml': `names: ${names}\n` });
const origin = (more: object): Files => coco({}, { attributes: { argus: { origin: { cameraId: null, group: 'x', video: null, frameIndex: null, ptsUs: null, wallTime: null, timeZone: null, tzVersion: null, ...more } } } });
const ANIMATED = Buffer.concat([Buffer.from('RIFF'), Buffer.from([60, 0, 0, 0]), Buffer.from('WEBPVP8X'), Buffer.from([10, 0, 0, 0, 2, 0, 0, 0, 15, 0, 0, 15, 0, 0]), Buffer.from('ANIM'), Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('ANMF'), Buffer.alloc(20)]);

describe.skipIf(problem)('an archive', () => {
  it.each<[string, () => Files, number, number]>([
    ['places of 1e308, of next to nothing and below 0', () => yolo('0 0.5 0.5 1e308 0.1\n0 0.5 0.5 1e-60 0.1\n0 0.5 0.5 -0.1 0.1\n0 0.5 0.5 0.1 0.1\n0 NaN 1 1 1\n'), 1, 4],
    ['a class with a name of 300 signs', () => yolo('0 0.5 0.5 0.1 0.1\n', `["${'x'.repeat(300)}"]`), 0, 1],
    ['a class with U+0000 and line breaks', () => yolo('0 0.5 0.5 0.1 0.1\n', '["a\\u0000b\\n- c"]'), 1, 0],
    ['a mask without an end', () => coco({ segmentation: { size: [180, 320], counts: [0, Number.MAX_SAFE_INTEGER] } }), 0, 1],
    ['a box at the end of numbers', () => coco({ bbox: [1.7e308, 0, 1.7e308, 1] }), 0, 1],
    ['a zone that there is not', () => origin({ wallTime: '2026-01-01T00:00:00Z', timeZone: 'Mars/Olympus' }), 1, 0],
    ['the year 0', () => origin({ wallTime: '0000-01-01T00:00:00Z', timeZone: 'UTC' }), 1, 0],
    ['a camera of nobody and a huge number', () => origin({ cameraId: '0192aaaa-0000-7000-8000-000000000000', frameIndex: 2 ** 52, ptsUs: -(2 ** 52) }), 1, 0],
  ])('with %s: what is good comes in', async (what, files, annotations, problems) => {
    const set = await bench.create(what);
    const { result } = await imported(set, await zipOf(files()));
    expect(result).toMatchObject({ added: 1, annotations, problems: { count: problems } });
    await isWhole(set);
  }, 60_000);

  it('with pictures that are none, or far too many pixels: the good one comes in', async () => {
    const set = await bench.create('bombs');
    const files: Files = {
      'a/bomb.png': pngOf(50_000, 50_000), 'a/lies.png': pngOf(4_000, 4_000), 'a/none.png': pngOf(0, 0), 'a/cut.jpg': good.subarray(0, 200), 'a/empty.jpg': '', 'a/page.jpg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'a/moving.webp': ANIMATED, 'a/head.bmp': Buffer.from('BM\xff\xff\xff\x7f', 'latin1'), 'a/good.jpg': good, 'a/\u202egpj.\u{1f697} \u5357.jpg': Buffer.concat([good, Buffer.from('x')]),
    };
    const { result } = await imported(set, await zipOf(files));
    // A PNG whose lines end early is a picture with grey below, as decoders have it.
    expect(result).toMatchObject({ added: expect.toSatisfy((added: number) => added === 2 || added === 3), troubles: expect.toSatisfy((troubles: unknown[]) => troubles.length >= 7) });
    expect(JSON.stringify(result)).not.toContain(bench.gateway.data);
    await isWhole(set);
  }, 90_000);

  it.each<[string, () => Promise<Buffer>, RegExp]>([
    ['XML that names what is not in it', async () => zipOf({ 'images/good.jpg': good, 'annotations.xml': '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations><image id="0" name="&x;"/></annotations>' }), /DOCTYPE|expected/],
    ['notes of 48 MB before an entry of a tar', async () => notesOf(48 * 2 ** 20), /Header exceeds max size/],
    ['a head of a package and nothing else', async () => zipOf({ 'manifest.json': '{"format":"imgdataset","formatVersion":1}', 'images.parquet': 'PAR1', 'annotations.parquet': 'PAR1' }), /manifest\.json/],
    ['a shard that leads out', async () => zipOf({ '000000.tar': tarOf('../../evil.jpg', good) }), /^the archive: 000000\.tar: the entry "\.\.\/\.\.\/evil\.jpg"/],
    ['a shard of notes', async () => zipOf({ '000000.tar': notesOf(48 * 2 ** 20) }), /^the archive: 000000\.tar: .*Header exceeds max size/],
    ['shards in shards', async () => zipOf({ '0.tar': tarOf('1.tar', tarOf('a.jpg', good)) }), /no format fits/],
    ['nothing', async () => zipOf({}), /expected/],
    ['noise', async () => Buffer.from(Array.from({ length: 5000 }, (_unused, index) => (index * 2_654_435_761) >>> 24)), /expected/],
    ['a zip that ends in the middle', async () => (await zipOf(coco({}))).subarray(0, 900), /expected|read/],
  ])('with %s is refused in words', async (what, archive, words) => {
    const set = await bench.create(`refused ${what}`);
    const { problem: told } = await imported(set, await archive(), 'failed');
    expect(told).toMatch(words);
    expect(told).not.toMatch(/unexpected failure|\/tmp\//);
    expect((await bench.samples(set)).length).toBe(0);
  }, 60_000);
});

/** The head of an entry of a tar. */
function headOf(name: string, kind: string, bytes: number): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write('0000644\u00000000000\u00000000000\u0000', 100);
  head.write(`${bytes.toString(8).padStart(11, '0')}\u000000000000000\u0000`, 124);
  head.write(`        ${kind}`, 148);
  head.write('ustar\u000000', 257);
  head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\u0000 `, 148);
  return head;
}

const tarOf = (name: string, content: Buffer): Buffer => Buffer.concat([headOf(name, '0', content.length), content, Buffer.alloc(1536 - (content.length % 512))]);

/** A tar whose entry is described at length, as attackers do: its reader keeps that in memory. */
function notesOf(bytes: number): Buffer {
  const noise = Buffer.alloc(bytes, Buffer.from(Array.from({ length: 65_537 }, (_unused, index) => (index * 2_654_435_761) >>> 24)));
  return Buffer.concat([headOf('PaxHeader', 'x', bytes), noise]);
}

describe.skipIf(problem)('a set whose names are meant to do harm', () => {
  const NAMES = ['a\nb: "c"', '../../etc/passwd', '=cmd|/C calc', '<b>&"\'', '\u202egpj.exe', '\u{1f697}\u0007', 'con', '.', ' ', 'x'.repeat(200), '很'.repeat(200), 'a,b;c\t|d'];

  it.each(DATASET_FORMATS)('is exported as %s, and comes back', async (format) => {
    const set = await bench.create(`harm ${format} "\r\n../`);
    for (const [index, name] of NAMES.entries()) {
      const sha256 = await bench.put(set, Buffer.concat([good, Buffer.from([index])]), { group: name, annotations: [drawn(name, 5, 6, 20, 30)], complete: true });
      await bench.gateway.dataSource.query('UPDATE dataset_samples SET name = $3, attributes = $4 WHERE dataset_id = $1 AND sha256 = $2', [set.id, Buffer.from(sha256, 'hex'), name.slice(0, 300), JSON.stringify({ [name]: name })]);
    }
    const job = await bench.settled(await bench.begin(set, { kind: 'export', format }));
    expect(job.result).toMatchObject({ samples: expect.toSatisfy((samples: number) => samples > 0) });
    const answer = await fetch(`${bench.gateway.url}/api/v1/datasets/${set.id}/jobs/${job.id}/file`, { headers: { authorization: `Bearer ${bench.gateway.owner.key}` } });
    expect([answer.status, answer.headers.get('set-cookie'), answer.headers.get('content-disposition')]).toEqual([200, null, expect.stringMatching(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/)]);
    const content = Buffer.from(await answer.arrayBuffer());
    const copy = await bench.create(`copy ${format}`);
    const { result } = await imported(copy, content);
    expect(result).toMatchObject({ added: (job.result as { samples: number }).samples, troubles: [] });
    if (format === 'coco' || format === 'imgdataset' || format === 'datumaro' || format === 'webdataset' || format === 'yolo') expect([...(await bench.annotations(copy)).values()].flat().map(({ label }) => label).toSorted()).toEqual(NAMES.toSorted());
    await isWhole(copy);
  }, 90_000);
});

it.skipIf(problem)('a packed tar of noughts is a bomb', async () => {
  const set = await bench.create('noughts');
  expect((await imported(set, gzipSync(Buffer.alloc(64 * 2 ** 20)), 'failed')).problem).toMatch(/taken for a bomb/);
}, 60_000);
