import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeJpeg, FrameScaler, openClip, type VideoFrame } from '@argus/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phashOf } from '../../test/synthetic-pictures.js';
import { exactDuplicates, nearDuplicates } from './duplicates.js';
import { readHashes } from './perceptual-hashes.js';
import { seededRandom } from './random.js';

// Real pictures through a real JPEG encoder and decoder. The data is not part of the repository. The hash is the reference one of the specs.

const DATA = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const SIDE = 32;

interface Row {
  /** What it shows. */
  readonly original: string;
  readonly kind: string;
  readonly digest: string;
  readonly phash: string;
}

describe.skipIf(!existsSync(DATA))('duplicates among real pictures (T-DUP)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'argus-duplicates-'));
  const scaler = new FrameScaler({ width: SIDE, height: SIDE, resize: 'stretch', align: 'top-left', pad: [0, 0, 0], color: 'rgb', layout: 'hwc' });
  const rows: Row[] = [];

  function hashOf(frame: VideoFrame, gain = 1): string {
    const rgb = new Uint8Array(SIDE * SIDE * 3);
    scaler.scaleInto(frame, null, rgb);
    return phashOf({ size: SIDE, pixels: Float64Array.from({ length: SIDE * SIDE }, (_, at) => Math.min(255, gain * (0.299 * (rgb[at * 3] as number) + 0.587 * (rgb[at * 3 + 1] as number) + 0.114 * (rgb[at * 3 + 2] as number)))) });
  }

  async function pictureOf<T>(path: string, use: (frame: VideoFrame) => T): Promise<T> {
    const clip = await openClip(path);
    try {
      for await (const frame of clip.frames()) {
        try {
          return use(frame);
        } finally {
          frame.free();
        }
      }
      throw new Error(`no picture in ${path}`);
    } finally {
      await clip.close();
    }
  }

  const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  async function addCopies(path: string, index: number, random: () => number): Promise<void> {
    const bytes = readFileSync(path);
    const original = path;
    const made = await pictureOf(path, (frame) => {
      rows.push({ original, kind: 'original', digest: digestOf(bytes), phash: hashOf(frame) });
      if (index % 4 === 0) rows.push({ original, kind: 'exact', digest: digestOf(bytes), phash: hashOf(frame) });
      if (index % 4 === 1) rows.push({ original, kind: 'lighter or darker', digest: `made ${index}`, phash: hashOf(frame, random() < 0.5 ? 0.97 : 1.03) });
      if (index % 4 === 2) return encodeJpeg(frame, { quality: 60 + Math.floor(36 * random()) });
      return index % 4 === 3 ? encodeJpeg(frame, { quality: 90, maxWidth: frame.width / 2 }) : null;
    });
    if (made === null) return;
    const copy = join(folder, `${index}.jpg`);
    writeFileSync(copy, made);
    rows.push({ original, kind: index % 4 === 2 ? 'encoded again' : 'resized', digest: digestOf(made), phash: await pictureOf(copy, (frame) => hashOf(frame)) });
  }

  beforeAll(async () => {
    const random = seededRandom(5);
    const paths = ['datasets/coco128-val/images', 'datasets/helmet-workwear/images'].flatMap((at) => readdirSync(join(DATA, at)).filter((name) => name.endsWith('.jpg')).sort().map((name) => join(DATA, at, name)));
    for (const [index, path] of paths.entries()) await addCopies(path, index, random);
    const clip = await openClip(join(DATA, 'videos/vtest.avi'));
    let index = 0;
    for await (const frame of clip.frames()) {
      if (index < 40) rows.push({ original: 'vtest', kind: index === 0 ? 'original' : 'a moment later', digest: `frame ${index}`, phash: hashOf(frame) });
      index += 1;
      frame.free();
    }
    await clip.close();
  }, 300_000);

  afterAll(() => {
    scaler.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('exact ones are found all', () => {
    const { keepers } = exactDuplicates(rows.map(({ digest }) => digest));
    const exact = rows.flatMap(({ kind }, row) => (kind === 'exact' ? [row] : []));
    expect(exact.length).toBeGreaterThan(100);
    for (const row of exact) expect(rows[keepers[row] as number]?.original).toBe(rows[row]?.original);
  });

  it('near ones are found, and nearly nothing else', () => {
    const hashes = readHashes(rows.map(({ phash }) => phash));
    const judged = [4, 6, 8, 10].map((radius) => {
      const { keepers } = nearDuplicates(hashes, { radius });
      const copies = rows.flatMap(({ kind }, row) => (kind === 'original' ? [] : [row]));
      const found = copies.filter((row) => keepers[row] !== row).length;
      const dropped = rows.flatMap((_, row) => (keepers[row] === row ? [] : [row]));
      const right = dropped.filter((row) => rows[keepers[row] as number]?.original === rows[row]?.original).length;
      const wrong = dropped.filter((row) => rows[keepers[row] as number]?.original !== rows[row]?.original).map((row) => `${rows[row]?.original.split('/').at(-1)} ~ ${rows[keepers[row] as number]?.original.split('/').at(-1)}`);
      return { radius, copies: copies.length, recall: found / copies.length, precision: right / dropped.length, wrong };
    });
    console.info(judged.map(({ radius, copies, recall, precision, wrong }) => `within ${radius} bits: ${copies} copies, recall ${recall.toFixed(4)}, precision ${precision.toFixed(4)}; ${wrong.slice(0, 12).join(', ')}`).join('\n'));
    expect(judged[2]?.recall).toBeGreaterThanOrEqual(0.98);
    expect(judged[2]?.precision).toBeGreaterThanOrEqual(0.99);
  });
});
