import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '@argus/contracts';
import { ImageMatrix, MatrixWriter, openDataset, SampleStore, ShardReader, writeCoco, writeDataset, ZipSink, type ImageFilter, type SampleLocation } from '@argus/datasets';

/** Each step in a process of its own, so that the largest memory is that of the step. One line of JSON on stdout. */
const [step = '', folder = '', countText = '0'] = process.argv.slice(2);
const count = Number(countText);
const SET = join(folder, 'large.imgdataset');
const MATRIX = join(folder, 'large.imgmat');
const BOXES = 10;
const SHARD_BYTES = 1e9;
const PICTURE_BYTES = 200_000;
const LABELS = ['person', 'car', 'bicycle', 'dog', 'truck', 'bus'];

interface Question {
  readonly name: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly found: number;
}

const QUESTIONS: readonly (readonly [string, ImageFilter])[] = [
  ['label and score of boxes', { labels: ['dog'], minScore: 0.99 }],
  ['camera, split and sharpness', { groups: ['camera 8'], splits: ['test', 'val'], minSharpness: 500 }],
  ['camera, label and score', { groups: ['camera 7', 'camera 8'], labels: ['dog'], minScore: 0.9 }],
];

/** Rising, spread over all digests, and made of nothing but the number. */
const shaOf = (number: number): string => Math.floor((number / count) * 2 ** 48).toString(16).padStart(12, '0') + createHash('sha256').update(String(number)).digest('hex').slice(12);

function sampleOf(number: number): Sample {
  return {
    sha256: shaOf(number), mime: 'image/jpeg', bytes: PICTURE_BYTES, width: 1920, height: 1080, name: `${number}.jpg`,
    origin: { cameraId: null, group: `camera ${number % 300}`, video: `${number % 977}.mp4`, frameIndex: number * 200, ptsUs: number * 40_000, wallTime: '2026-11-28T10:00:00Z', timeZone: 'Europe/Berlin', tzVersion: '2026a' },
    quality: { sharpness: (number * 7919) % 1000, brightness: (number % 100) / 100, phash: number.toString(16).padStart(16, '0') },
    split: (['train', 'train', 'train', 'val', 'test'] as const)[number % 5] ?? null, complete: number % 2 === 0, focus: number % 50 === 0, attributes: {},
    annotations: Array.from({ length: BOXES }, (_, at) => ({
      id: `${number}-${at}`, kind: 'box' as const, label: LABELS[(number * 3 + at * 7) % LABELS.length] as string, box: { x: (number * 13.7 + at) % 1800, y: (at * 91.3) % 1000, width: 20 + at * 7.3, height: 50.5 + at },
      points: null, runs: null, track: null, occluded: at === 3, score: ((number * 31 + at * 17) % 1000) / 1000, model: null, state: 'auto' as const, attributes: {},
    })),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedMs = performance.now();
  const result = await work();
  return [performance.now() - startedMs, result];
}

const STEPS: Readonly<Record<string, () => Promise<object>>> = {
  async write() {
    const source = {
      name: 'large',
      async *samples() {
        for (let number = 0; number < count; number += 1) yield sampleOf(number);
      },
      read: () => Promise.reject(new Error('no pictures')),
    };
    const [ms, { counts }] = await timed(() => writeDataset(source, { name: 'large', createdAt: '2026-11-28T10:00:00Z' } as Parameters<typeof writeDataset>[1], SET, { pictures: 'elsewhere' }));
    return { ms, boxes: counts.annotations };
  },
  async read() {
    const [openMs, set] = await timed(() => openDataset(SET));
    const questions: Question[] = [];
    for (const [name, filter] of QUESTIONS) {
      const before = process.cpuUsage();
      const [ms, found] = await timed(() => set.find(filter));
      const { user, system } = process.cpuUsage(before);
      questions.push({ name, ms, cpuMs: (user + system) / 1000, found: found.length });
    }
    await set.close();
    return { openMs, questions };
  },
  /** As the worker's process for it does: into a zip that could be gone on with, every picture an entry of it; small ones, since how large they are is a matter of the disk. With the code for the database, which that process holds as well. */
  async coco() {
    await import('@argus/database');
    const set = await openDataset(SET);
    const picture = Buffer.alloc(64, 'picture');
    const source = { name: set.name, samples: () => set.samples(), read: () => Promise.resolve(picture) };
    const file = join(folder, 'coco.zip');
    const [ms, { images, annotations }] = await timed(async () => {
      const sink = await ZipSink.open(file, { about: 'scale' });
      const count = await writeCoco(source, sink);
      await sink.close();
      return count;
    });
    await set.close();
    const { size } = statSync(file);
    rmSync(file);
    return { ms, images, boxes: annotations, bytes: size };
  },
  /** Shards with holes in the place of pictures: 200 kB for each of the rows. */
  async shards() {
    const root = join(folder, 'shards');
    mkdirSync(join(root, 'large'), { recursive: true });
    const space = PICTURE_BYTES + 512 + ((512 - (PICTURE_BYTES % 512)) % 512);
    const perShard = Math.floor(SHARD_BYTES / space);
    for (let first = 0, number = 1; first < count; first += perShard, number += 1) {
      const name = join(root, 'large', String(number).padStart(6, '0'));
      const rows = Math.min(perShard, count - first);
      const shard = openSync(`${name}.tar`, 'w');
      ftruncateSync(shard, rows * space);
      closeSync(shard);
      writeFileSync(`${name}.idx.jsonl`, Array.from({ length: rows }, (_, at) => `{"sha256":"${shaOf(first + at)}","offset":${at * space + 512},"bytes":${PICTURE_BYTES}}\n`).join(''));
    }
    return { perShard, space };
  },
  async store() {
    const [openMs, store] = await timed(() => SampleStore.open(folder));
    const { size } = store;
    await store.close();
    const space = PICTURE_BYTES + 512 + ((512 - (PICTURE_BYTES % 512)) % 512);
    const perShard = Math.floor(SHARD_BYTES / space);
    const reader = new ShardReader(join(folder, 'shards'));
    const reads: number[] = [];
    for (let round = 0; round < 500; round += 1) {
      const row = (round * 7_919_777) % count;
      const place: SampleLocation = { sha256: shaOf(row), shard: `large/${String(Math.floor(row / perShard) + 1).padStart(6, '0')}`, offset: (row % perShard) * space + 512, bytes: PICTURE_BYTES };
      reads.push((await timed(() => reader.read(place, { check: false })))[0]);
    }
    await reader.close();
    return { openMs, size, reads };
  },
  async matrix() {
    const writer = await MatrixWriter.create(MATRIX, { name: 'large', createdAt: '2026-11-28T10:00:00Z' } as Parameters<typeof MatrixWriter.create>[1]);
    const adds: number[] = [];
    const setOf = (number: number) => ({ name: `set ${number}`, versionDigest: createHash('sha256').update(String(number)).digest('hex'), samples: number });
    for (let number = 0; number < 10_000; number += 1) adds.push((await timed(() => writer.add(setOf(number))))[0]);
    await writer.close();
    const [listMs, matrix] = await timed(() => ImageMatrix.open(MATRIX));
    const { sets } = matrix.stats;
    await matrix.close();
    return { listMs, sets, adds };
  },
};

const result = await (STEPS[step] as () => Promise<object>)();
process.stdout.write(`${JSON.stringify({ ...result, rssBytes: process.resourceUsage().maxRSS * 1024, cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000 })}\n`);
