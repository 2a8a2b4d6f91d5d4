import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Annotation, Sample } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOfContent, type FileContent, type FileSink, type FileTree } from '../file-tree.js';
import { nameKey } from '../files/entry-name.js';
import { FolderSink } from '../files/folder-sink.js';
import { openFileTree } from '../files/open-file-tree.js';
import { readWhole } from '../files/read-whole.js';
import { ZipSink } from '../files/zip-sink.js';
import type { SampleSource } from '../sample-source.js';
import { readCoco } from './coco-read.js';
import { writeCoco } from './coco-write.js';
import { readCvatImages, writeCvatImages } from './cvat-images.js';
import { readCvatVideo, writeCvatVideo } from './cvat-video.js';
import { readDatumaro, writeDatumaro } from './datumaro.js';
import { detectFormat } from './formats.js';
import { type ReadOptions, ImportProblems } from './import-problems.js';
import { type ImportedImage, sampleOf } from './imported-image.js';
import { readMot, writeMot } from './mot.js';
import { readVoc, writeVoc } from './voc.js';
import { readWebDataset, writeWebDataset } from './webdataset.js';
import { readYolo } from './yolo-read.js';
import { writeYolo } from './yolo-write.js';

class MemoryFiles implements FileTree, FileSink {
  readonly #files = new Map<string, { path: string; content: Uint8Array }>();

  async write(path: string, content: FileContent): Promise<void> {
    expect(this.#files.has(nameKey(path)), path).toBe(false);
    this.#files.set(nameKey(path), { path, content: await readWhole(path, piecesOfContent(content)) });
  }

  async *files(): AsyncIterable<{ path: string; bytes: number }> {
    for (const { path, content } of this.#files.values()) yield { path, bytes: content.length };
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#files.get(nameKey(path))!.content;
  }

  /** In small pieces: what is cut anywhere must be put together again. */
  async *stream(path: string): AsyncIterable<Uint8Array> {
    const content = await this.read(path);
    for (let at = 0; at < content.length; at += 977) yield content.subarray(at, at + 977);
  }

  async has(path: string): Promise<boolean> {
    return this.#files.has(nameKey(path));
  }

  async close(): Promise<void> {}
}

/** As much of a PNG as tells its size, with a number that makes it another one. */
function picture(width: number, height: number, number: number): Buffer {
  const content = Buffer.alloc(40);
  content.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  content.writeUInt32BE(number, 36);
  return content;
}

const LABELS = ['人', '车辆', '🚗 car', 'person', 'a,b; "c" <d>&amp;', 'café', 'cafe\u0301', ' edges ', ' ', 'two\nlines\tand', '\u0001\ufffe', 'ignore', 'unnamed', "it's", '安全帽: 未戴'];
const NAMES = ['图片 1.png', 'same.png', 'a:b?.png', '..', 'con.png', '\u{1f4f7}.png', 'no ending', 'cafe\u0301.png', 'café.png', `${'长'.repeat(90)}.png`, '<&>".png', '1.2.3.png'];
const label = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...LABELS) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) });
/** Evenly between 0 and 1; most of what fc.double gives is next to nothing. */
const share = fc.integer({ min: 0, max: 2 ** 50 }).map((number) => number / 2 ** 50);
const place = (most: number) => fc.oneof({ weight: 6, arbitrary: share.map((one) => one * most * 1.35 - most / 4) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: most }) }, { weight: 1, arbitrary: fc.double({ min: -most / 4, max: most * 1.1, noNaN: true }) });
const extent = (most: number) => fc.oneof({ weight: 6, arbitrary: share.map((one) => one * most) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: most }) }, { weight: 1, arbitrary: fc.double({ min: 0, max: most, noNaN: true }) });
const attributes = fc.dictionary(fc.constantFrom('color', '颜色', 'z_order', 'argus', 'occluded', 'a b', 'segmentation', '\u0002'), fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 3 }), fc.constant({ deep: ['x'] })), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Annotation['attributes']>;

interface Size {
  readonly width: number;
  readonly height: number;
}

const runsFor = ({ width, height }: Size) =>
  fc.tuple(fc.uniqueArray(fc.integer({ min: 0, max: width * height }), { maxLength: 12 }), fc.boolean()).map(([cuts, odd]) => {
    const edges = cuts.sort((a, b) => a - b);
    const runs = [...edges, width * height].map((edge, i) => edge - (edges[i - 1] ?? 0));
    // The same mask written less well: an empty run is allowed anywhere.
    return odd ? [...runs, 0] : runs.filter((run, i) => i === 0 || run > 0);
  });

function annotationFor(size: Size): fc.Arbitrary<Annotation> {
  const kinds = size.width * size.height <= 65_536 ? (['box', 'box', 'polygon', 'mask', 'points', 'ignore'] as const) : (['box', 'box', 'polygon', 'points', 'ignore'] as const);
  return fc.constantFrom(...kinds).chain((kind) => {
    const xy = fc.tuple(place(size.width), place(size.height));
    const points = kind === 'polygon' ? fc.array(xy, { minLength: 3, maxLength: 6 }).map((all) => all.flat()) : kind === 'points' ? fc.array(fc.tuple(xy, fc.constantFrom(0, 1, 2)), { minLength: 1, maxLength: 5 }).map((all) => all.flatMap(([one, v]) => [...one, v])) : fc.constant(null);
    return fc.record({
      id: fc.uuid(), kind: fc.constant(kind), label: kind === 'ignore' ? fc.oneof(fc.constant(''), label) : label,
      box: fc.record({ x: place(size.width), y: place(size.height), width: extent(size.width), height: extent(size.height) }),
      points: points as fc.Arbitrary<number[] | null>, runs: kind === 'mask' ? runsFor(size) : fc.constant(null),
      track: fc.option(fc.record({ id: fc.constantFrom('1', '7', 'шесть'), keyframe: fc.boolean(), outside: fc.boolean() }), { freq: 2 }),
      occluded: fc.boolean(), score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 2 }), model: fc.constant(null),
      state: fc.constantFrom('auto', 'edited', 'reviewed', 'accepted'), attributes,
    }) as fc.Arbitrary<Annotation>;
  });
}

const origin = fc.record({ cameraId: fc.constant(null), group: fc.constantFrom('大门', 'north/1'), video: fc.constantFrom('a.mp4', null), frameIndex: fc.nat(500), ptsUs: fc.option(fc.integer()), wallTime: fc.constantFrom(null, '2026-03-29T01:30:00.125Z'), timeZone: fc.constantFrom(null, 'Asia/Shanghai'), tzVersion: fc.constant(null) });
const quality = fc.record({ sharpness: fc.double({ min: 0, max: 1e4, noNaN: true }), brightness: fc.double({ min: 0, max: 1, noNaN: true }), phash: fc.constant('0123456789abcdef') });
const size = fc.oneof(fc.record({ width: fc.integer({ min: 1, max: 200 }), height: fc.integer({ min: 1, max: 200 }) }), fc.constant({ width: 7680, height: 4320 }));

const sample = size.chain((one) =>
  fc.record({
    sha256: fc.constant(''), mime: fc.constant('image/png' as const), bytes: fc.constant(40), width: fc.constant(one.width), height: fc.constant(one.height), name: fc.constantFrom(...NAMES),
    origin: fc.option(origin), quality: fc.option(quality), split: fc.constantFrom(null, 'train', 'val', 'test'), complete: fc.boolean(), focus: fc.boolean(),
    annotations: fc.array(annotationFor(one), { maxLength: 14 }), attributes,
  }),
) as fc.Arbitrary<Sample>;

class Scene implements SampleSource {
  readonly name = '测试 set';
  readonly list: Sample[] = [];
  readonly #pictures = new Map<string, Buffer>();

  constructor(samples: readonly Sample[]) {
    for (const [i, one] of samples.entries()) {
      const content = picture(one.width, one.height, i);
      const sha256 = createHash('sha256').update(content).digest('hex');
      this.#pictures.set(sha256, content);
      this.list.push({ ...one, sha256 });
    }
    this.list.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  }

  async *samples(): AsyncIterable<Sample> {
    yield* this.list;
  }

  async read(sha256: string): Promise<Uint8Array> {
    return this.#pictures.get(sha256)!;
  }
}

const scene = fc.array(sample, { minLength: 1, maxLength: 10 }).map((samples) => new Scene(samples));

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)])) : value;
const canonical = (samples: readonly Sample[]) => JSON.stringify(sorted([...samples].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))));

type Reader = (tree: FileTree, options?: ReadOptions) => AsyncIterable<ImportedImage>;

async function comeBack(files: FileTree, read: Reader): Promise<Sample[]> {
  const problems = new ImportProblems();
  const back: Sample[] = [];
  for await (const image of read(files, { problems })) {
    const content = Buffer.from(await files.read(image.path!));
    const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
    if (image.size) expect(image.size).toEqual({ width, height });
    back.push(sampleOf(image, { sha256: createHash('sha256').update(content).digest('hex'), mime: 'image/png', bytes: content.length, width, height }));
  }
  expect(problems.list).toEqual([]);
  return back.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Over all scenes of one format: how many boxes there were. */
async function overScenes(check: (scene: Scene) => Promise<void>, numRuns = 600): Promise<number> {
  let boxes = 0;
  await fc.assert(
    fc.asyncProperty(scene, async (one) => {
      boxes += one.list.reduce((sum, { annotations }) => sum + annotations.length, 0);
      await check(one);
    }),
    { numRuns, endOnFailure: true },
  );
  return boxes;
}

describe('ours to a format and back', { timeout: 300_000 }, () => {
  it.each([
    ['coco', (source: SampleSource, sink: FileSink) => writeCoco(source, sink), readCoco],
    ['coco', (source: SampleSource, sink: FileSink) => writeCoco(source, sink, { runs: 'uncompressed' }), readCoco],
    ['cvat-images', (source: SampleSource, sink: FileSink) => writeCvatImages(source, sink), readCvatImages],
    ['datumaro', (source: SampleSource, sink: FileSink) => writeDatumaro(source, sink), readDatumaro],
  ] as const)('loses nothing in %s', async (format, write, read) => {
    const boxes = await overScenes(async (one) => {
      const files = new MemoryFiles();
      const count = await write(one, files);
      expect(count.images).toBe(one.list.length);
      const shapes = one.list.some(({ annotations }) => annotations.length > 0);
      if (shapes || format !== 'cvat-images') expect((await detectFormat(files)).format).toBe(format);
      expect(canonical(await comeBack(files, read))).toBe(canonical(one.list));
    });
    expect(boxes).toBeGreaterThan(10_000);
  });

  it('loses nothing in WebDataset', async () => {
    const boxes = await overScenes(async (one) => {
      const folder = await mkdtemp(join(tmpdir(), 'argus-shards-'));
      try {
        const count = await writeWebDataset(one, new FolderSink(folder), { shardBytes: 4_000 });
        expect(count.images).toBe(one.list.length);
        const tree = await openFileTree(folder);
        expect((await detectFormat(tree)).format).toBe('webdataset');
        expect(canonical(await comeBack(tree, readWebDataset))).toBe(canonical(one.list));
        await tree.close();
      } finally {
        await rm(folder, { recursive: true });
      }
    });
    expect(boxes).toBeGreaterThan(10_000);
  });

  it('loses nothing in the one file that an export of WebDataset is', async () => {
    const boxes = await overScenes(async (one) => {
      const folder = await mkdtemp(join(tmpdir(), 'argus-shards-'));
      try {
        const file = join(folder, 'export.zip');
        const sink = await ZipSink.open(file);
        await writeWebDataset(one, sink, { shardBytes: 4_000 });
        await sink.close();
        const tree = await openFileTree(file);
        expect((await detectFormat(tree)).format).toBe('webdataset');
        expect(canonical(await comeBack(tree, readWebDataset))).toBe(canonical(one.list));
        await tree.close();
      } finally {
        await rm(folder, { recursive: true });
      }
    }, 60);
    expect(boxes).toBeGreaterThan(1_000);
  });

  it('moves boxes and outlines by less than a millionth of a pixel in YOLO', async () => {
    const boxes = await overScenes(async (one) => {
      for (const task of ['detect', 'segment'] as const) {
        const files = new MemoryFiles();
        await writeYolo(one, files, { task, names: task === 'detect' ? 'list' : 'dict' });
        expect((await detectFormat(files)).format).toBe('yolo');
        const back = await comeBack(files, readYolo);
        expect(back.length).toBe(one.list.length);
        for (const [i, { annotations, split }] of back.entries()) {
          const before = one.list[i]!.annotations.filter(({ kind }) => kind !== 'ignore');
          expect(split).toBe(one.list[i]!.split ?? 'train');
          expect(annotations.map((after) => nameKey(after.label))).toEqual(before.map((was) => nameKey(was.label)));
          for (const [j, { box, points }] of annotations.entries()) {
            const was = before[j]!;
            if (task === 'detect' || was.kind !== 'polygon') expect(farthest(edges(box), edges(was.box))).toBeLessThanOrEqual(1e-6);
            else expect(farthest(points!, was.points!)).toBeLessThanOrEqual(1e-6);
          }
        }
      }
    });
    expect(boxes).toBeGreaterThan(10_000);
  });

  it.each([
    ['none', 0, 1e-9],
    ['none', 1, 1e-9],
    ['int', 0, 0.5],
    ['int', 1, 0.5],
  ] as const)('moves edges in Pascal VOC (rounding %s, base %s) by %s pixels at most', async (rounding, base, most) => {
    await overScenes(async (one) => {
      const files = new MemoryFiles();
      await writeVoc(one, files, { rounding, base });
      expect((await detectFormat(files)).format).toBe('voc');
      const back = await comeBack(files, readVoc);
      for (const [i, { annotations }] of back.entries()) {
        const before = one.list[i]!.annotations;
        expect(annotations.map(({ kind }) => kind === 'ignore')).toEqual(before.map(({ kind }) => kind === 'ignore'));
        for (const [j, { box }] of annotations.entries()) expect(farthest(edges(box), edges(before[j]!.box))).toBeLessThanOrEqual(most + 1e-9);
      }
    }, 150);
  });

  it('keeps every annotation in CVAT for video', async () => {
    await overScenes(async (one) => {
      const files = new MemoryFiles();
      await writeCvatVideo(one, files);
      const shapes = one.list.some(({ annotations }) => annotations.length > 0);
      if (!shapes) return;
      expect((await detectFormat(files)).format).toBe('cvat-video');
      const back = await comeBack(files, readCvatVideo);
      const byId = (list: readonly Annotation[]) => JSON.stringify(sorted([...list].sort((a, b) => (a.id < b.id ? -1 : 1))));
      for (const { sha256, annotations } of back) {
        // A mask needs the size of its own picture: CVAT has one for the whole video.
        const same = one.list.find((before) => before.sha256 === sha256)!;
        expect(byId(annotations)).toBe(byId(same.annotations));
      }
    }, 150);
  });

  it('keeps boxes, tracks and classes in MOT', async () => {
    await overScenes(async (one) => {
      const files = new MemoryFiles();
      await writeMot(one, files);
      expect((await detectFormat(files)).format).toBe('mot');
      const back = await comeBack(files, readMot);
      for (const { sha256, annotations } of back) {
        const before = one.list.find((was) => was.sha256 === sha256)!.annotations.filter(({ track }) => !track?.outside);
        expect(annotations.map(({ track }) => track !== null)).toEqual(before.map(({ track }) => track !== null));
        expect(farthest(annotations.flatMap(({ box }) => edges(box)), before.flatMap(({ box }) => edges(box)))).toBeLessThanOrEqual(1e-9);
      }
    }, 150);
  });
});

const edges = ({ x, y, width, height }: Annotation['box']) => [x, y, x + width, y + height];
const farthest = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};
