import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseDiverse, coverageOf, rowCount, toInt8, type Coverage, type Vectors } from '@argus/datasets';
import { FrameScaler, openClip } from '@argus/media';
import { openPictureEmbedder, readModelPackage } from '@argus/models';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const DETECTOR = fileURLToPath(new URL('../../../libs/models/packages/nanodet-g-416', import.meta.url));
const CAMERAS = 60;
const WANTED = 120;

/** Pictures of many cameras as vectors, and which camera each is of. */
interface Pictures {
  readonly vectors: Vectors;
  readonly cameras: Int32Array;
}

/** How well some rows stand for all, and how many cameras are among them. */
interface Cover extends Coverage {
  readonly cameras: number;
}

interface Comparison {
  readonly name: string;
  readonly pictures: number;
  readonly wanted: number;
  readonly chosen: Cover;
  readonly even: Cover;
  readonly chance: Cover;
}

/** Numbers 0..1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

const near = (row: readonly number[], spread: number, random: () => number) => unit(row.map((value) => value + (spread * normal(random)) / Math.sqrt(row.length)));

/** Sixty cameras, the first with most of the pictures; each sees two kinds of light. */
function syntheticCameras(seed: number, dims = 32): Pictures {
  const random = randomOf(seed);
  const rows: number[][] = [];
  const cameras: number[] = [];
  for (let camera = 0; camera < CAMERAS; camera += 1) {
    const base = unit(Array.from({ length: dims }, () => normal(random)));
    const lights = [near(base, 0.25, random), near(base, 0.25, random)];
    for (let picture = 0; picture < Math.max(2, Math.round(1800 / (camera + 1))); picture += 1) {
      rows.push(near(lights[picture % 2] as number[], 0.2, random));
      cameras.push(camera);
    }
  }
  return { vectors: { data: Float32Array.from(rows.flat()), dims }, cameras: Int32Array.from(cameras) };
}

/** Real footage and real pictures by the shipped detector's features: three videos with many pictures, and as many cameras of one picture as there are single ones. */
async function realPictures(quick: boolean): Promise<Pictures & { readonly embedMs: number }> {
  const embedder = await openPictureEmbedder(await readModelPackage(DETECTOR));
  const scaler = new FrameScaler({ ...embedder.input, layout: 'hwc' });
  const pixels = new Uint8Array(embedder.input.width * embedder.input.height * 3);
  const rows: Float32Array[] = [];
  const cameras: number[] = [];
  const times: number[] = [];
  const add = async (path: string, camera: number, every: number) => {
    const clip = await openClip(path);
    let index = 0;
    for await (const frame of clip.frames()) {
      if (index % every === 0) {
        scaler.scaleInto(frame, null, pixels);
        const started = performance.now();
        rows.push(await embedder.embed(pixels, 1));
        times.push(performance.now() - started);
        cameras.push(camera);
      }
      index += 1;
      frame.free();
    }
    await clip.close();
  };
  const videos = readdirSync(join(DATA, 'videos')).filter((name) => /\.(avi|mp4)$/.test(name)).toSorted();
  for (const [camera, name] of videos.entries()) await add(join(DATA, 'videos', name), camera, quick ? 20 : 4);
  const single = readdirSync(join(DATA, 'datasets/coco128-val/images')).filter((name) => name.endsWith('.jpg')).toSorted();
  for (const [index, name] of single.slice(0, 60).entries()) await add(join(DATA, 'datasets/coco128-val/images', name), videos.length + index, 1);
  scaler.close();
  await embedder.close();
  const data = new Float32Array(rows.length * embedder.dims);
  for (const [index, row] of rows.entries()) data.set(row, index * embedder.dims);
  return { vectors: { data, dims: embedder.dims }, cameras: Int32Array.from(cameras), embedMs: median(times) };
}

function compare(name: string, { vectors, cameras }: Pictures, wanted: number): Comparison {
  const pictures = rowCount(vectors);
  const random = randomOf(99);
  const coverOf = (rows: readonly number[]): Cover => ({ ...coverageOf(vectors, rows), cameras: new Set(rows.map((row) => cameras[row])).size });
  return {
    name,
    pictures,
    wanted,
    chosen: coverOf(Array.from(chooseDiverse(vectors, { count: wanted, groups: cameras, typical: true }).rows)),
    even: coverOf(Array.from({ length: wanted }, (_, index) => Math.floor((index * pictures) / wanted))),
    chance: coverOf(Array.from({ length: wanted }, () => Math.floor(random() * pictures))),
  };
}

/** A set that is too large for floats: rows of 512 bytes of a hundred cameras; how long a choice takes and what the process weighs. */
function largeSet(count: number): { readonly seconds: number; readonly vectorMb: number; readonly processMb: number } {
  const dims = 512;
  const random = randomOf(5);
  const scenes = toInt8({ data: Float32Array.from(Array.from({ length: 400 }, () => unit(Array.from({ length: dims }, () => normal(random)))).flat()), dims }).data;
  const data = new Int8Array(count * dims);
  const cameras = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const scene = Math.floor(400 * random() ** 2);
    cameras[row] = scene % 100;
    for (let at = 0; at < dims; at += 1) data[row * dims + at] = (scenes[scene * dims + at] as number) + (random() < 0.5 ? 1 : -1);
  }
  const started = performance.now();
  chooseDiverse({ data, dims }, { count: 1000, groups: cameras, typical: true });
  return { seconds: (performance.now() - started) / 1000, vectorMb: data.byteLength / 2 ** 20, processMb: process.memoryUsage().rss / 2 ** 20 };
}

/** How much better a diverse choice stands for everything than an even stride and than chance, and what it costs. */
export async function diversity({ quick }: { readonly quick: boolean }): Promise<Report> {
  const synthetic = [1, 2, 3].map((seed) => compare(`synthetic, seed ${seed}`, syntheticCameras(seed), WANTED));
  const real = existsSync(DATA) ? await realPictures(quick) : null;
  const comparisons = [...synthetic, ...(real ? [compare('real pictures', real, 80)] : [])];
  const count = quick ? 100_000 : 1_000_000;
  const large = largeSet(count);
  const worst = (of: (comparison: Comparison) => number) => Math.max(...comparisons.map(of));
  return {
    benchmark: 'diversity',
    targets: [
      atMost('covering radius, of that of an even stride (worst)', worst(({ chosen, even }) => chosen.radius / even.radius), 0.5),
      atMost('covering radius, of that of chance (worst)', worst(({ chosen, chance }) => chosen.radius / chance.radius), 0.5),
      atMost('95 % distance, of that of an even stride (synthetic, worst)', Math.max(...synthetic.map(({ chosen, even }) => chosen.p95 / even.p95)), 0.7),
      atLeast('cameras covered (synthetic, fewest)', Math.min(...synthetic.map(({ chosen }) => chosen.cameras)), CAMERAS),
      atMost(`memory beside the vectors, ${count} of 512 bytes`, large.processMb - large.vectorMb, 512, ' MB'),
    ],
    tables: [
      {
        title: 'Diverse choice against an even stride and chance: distance of any picture to what is chosen',
        head: ['', 'pictures', 'chosen', 'radius', 'even', 'chance', 'p95', 'even', 'chance', 'cameras', 'even', 'chance'],
        rows: comparisons.map(({ name, pictures, wanted, chosen, even, chance }) => [name, pictures, wanted, chosen.radius, even.radius, chance.radius, chosen.p95, even.p95, chance.p95, chosen.cameras, even.cameras, chance.cameras]),
      },
      { title: 'Cost', head: ['', 'value'], rows: [['vector of a picture, ms', real?.embedMs ?? null], [`1000 of ${count} pictures of 100 cameras (512 bytes each), s`, large.seconds], ['vectors, MB', large.vectorMb], ['process, MB', large.processMb]] },
    ],
    notes: [real ? 'real pictures: three videos and sixty single pictures, each taken for a camera' : `real pictures left out: ${DATA} is not there`],
    figures: { comparisons, embedMs: real?.embedMs ?? null, large },
  };
}
