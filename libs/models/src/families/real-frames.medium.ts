import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoxPixels, Detections } from '@argus/contracts';
import { FrameScaler, openClip, type VideoFrame } from '@argus/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { averagePrecision, type Found } from '../../test/average-precision.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openModel, type ModelSession } from '../runtime/model-session.js';
import { decodeClassification } from './decode-classification.js';
import { decodeDetections } from './decode-detections.js';
import type { PostureLabel } from './posture-rules.js';

// Real frames through the real scaler and the shipped models. The data is not part of the repository.

const DATA = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const present = existsSync(DATA);
if (!present) console.warn(`skipped: real-frame accuracy needs ${DATA}, which is not there`);

const openShipped = async (id: string) => openModel(await readModelPackage(fileURLToPath(new URL(`../../packages/${id}`, import.meta.url))), { threads: 2 });

/** A model with the scaler that its manifest asks for. */
class Eye {
  readonly pixels: Uint8Array;
  readonly #scaler: FrameScaler;

  constructor(readonly session: ModelSession) {
    const { input } = session.manifest;
    this.pixels = new Uint8Array(input.width * input.height * 3);
    this.#scaler = new FrameScaler({ ...input, layout: 'hwc' });
  }

  async detect(frame: VideoFrame, minScore: number): Promise<Detections> {
    const placement = this.#scaler.scaleInto(frame, null, this.pixels);
    return decodeDetections(this.session.manifest, await this.session.run(this.pixels, 1), 0, placement, { minScore, frame });
  }

  /** Posture of the person in a box, the crop turned by some quarter turns. */
  async posture(frame: VideoFrame, { x, y, width, height }: BoxPixels, quarters = 0) {
    const crop = { x: x - 0.15 * width, y: y - 0.15 * height, width: 1.3 * width, height: 1.3 * height };
    this.#scaler.scaleInto(frame, crop, this.pixels);
    const { candidates, quality } = decodeClassification(this.session.manifest, await this.session.run(turned(this.pixels, quarters), 1), 0);
    return { label: candidates[0]?.label as PostureLabel, quality };
  }

  async close(): Promise<void> {
    this.#scaler.close();
    await this.session.close();
  }
}

/** A square picture turned clockwise by quarter turns. */
function turned(pixels: Uint8Array, quarters: number): Uint8Array {
  const size = Math.sqrt(pixels.length / 3);
  let from = pixels;
  for (let turn = 0; turn < quarters; turn += 1) {
    const to = new Uint8Array(from.length);
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) {
        const source = ((size - 1 - column) * size + row) * 3;
        for (let channel = 0; channel < 3; channel += 1) to[(row * size + column) * 3 + channel] = from[source + channel] as number;
      }
    }
    from = to;
  }
  return from;
}

const boxOf = (d: Detections, row: number): BoxPixels => ({ x: d.boxes[row * 4] as number, y: d.boxes[row * 4 + 1] as number, width: d.boxes[row * 4 + 2] as number, height: d.boxes[row * 4 + 3] as number });

async function eachFrame(path: string, wanted: (number: number) => boolean, last: number, see: (frame: VideoFrame, number: number) => Promise<void>): Promise<void> {
  const clip = await openClip(path);
  let number = 0;
  for await (const frame of clip.frames()) {
    number += 1;
    if (wanted(number)) await see(frame, number);
    frame.free();
    if (number >= last) break;
  }
  await clip.close();
}

/** Boxes of the PETS labels by frame, counted from 1; rows marked as not to be scored are left out. */
function petsTruth(wanted: (frame: number) => boolean): Map<number, BoxPixels[]> {
  const truth = new Map<number, BoxPixels[]>();
  for (const line of readFileSync(join(DATA, 'datasets/pets09-s2l1/gt-1-400.txt'), 'utf8').trim().split('\n')) {
    const [frame = 0, , x = 0, y = 0, width = 0, height = 0, scored] = line.split(',').map(Number);
    if (scored !== 0 && wanted(frame)) truth.set(frame, [...(truth.get(frame) ?? []), { x, y, width, height }]);
  }
  return truth;
}

interface CocoBox {
  readonly label: number;
  readonly box: BoxPixels;
}

function cocoTruth(name: string, frame: VideoFrame): CocoBox[] {
  const file = join(DATA, 'datasets/coco128-val/labels', name.replace(/\.jpg$/, '.txt'));
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => {
    const [label = 0, x = 0, y = 0, width = 0, height = 0] = line.split(' ').map(Number);
    return { label, box: { x: (x - width / 2) * frame.width, y: (y - height / 2) * frame.height, width: width * frame.width, height: height * frame.height } };
  });
}

describe.skipIf(!present)('NanoDet-g on real frames', () => {
  let eye: Eye;
  beforeAll(async () => {
    eye = new Eye(await openShipped('nanodet-g-416'));
  });
  afterAll(() => eye.close());

  it('finds the pedestrians of vtest.avi, every fifth of frames 1-400: AP50 and F1 at least 0.88', async () => {
    const every5th = (frame: number) => frame % 5 === 0;
    const found: Found[] = [];
    await eachFrame(join(DATA, 'videos/vtest.avi'), every5th, 400, async (frame, picture) => {
      const d = await eye.detect(frame, 0.05);
      for (let row = 0; row < d.count; row += 1) if (d.labels[row] === 0) found.push({ picture, box: boxOf(d, row), score: d.scores[row] as number });
    });
    const { ap, f1 } = averagePrecision(petsTruth(every5th), found, 0.5);
    console.info(`vtest.avi persons: AP50 ${ap.toFixed(4)}, best F1 ${f1.toFixed(4)}`);
    expect(ap).toBeGreaterThanOrEqual(0.88);
    expect(f1).toBeGreaterThanOrEqual(0.88);
  });

  it('finds the 80 kinds of COCO on 128 of its pictures: mAP at least 0.28', async () => {
    const truth = Array.from({ length: 80 }, () => new Map<number, BoxPixels[]>());
    const found = Array.from({ length: 80 }, (): Found[] => []);
    for (const [picture, name] of readdirSync(join(DATA, 'datasets/coco128-val/images')).sort().entries()) {
      await eachFrame(join(DATA, 'datasets/coco128-val/images', name), () => true, 1, async (frame) => {
        for (const { label, box } of cocoTruth(name, frame)) truth[label]?.set(picture, [...(truth[label]?.get(picture) ?? []), box]);
        const d = await eye.detect(frame, 0.05);
        for (let row = 0; row < d.count; row += 1) found[d.labels[row] as number]?.push({ picture, box: boxOf(d, row), score: d.scores[row] as number });
      });
    }
    const labels = [...truth.keys()].filter((label) => (truth[label]?.size ?? 0) > 0);
    const mean = (limit: number) => labels.reduce((sum, label) => sum + averagePrecision(truth[label] ?? new Map(), found[label] ?? [], limit).ap, 0) / labels.length;
    const limits = Array.from({ length: 10 }, (_, step) => 0.5 + step * 0.05);
    const map = limits.reduce((sum, limit) => sum + mean(limit), 0) / limits.length;
    console.info(`coco128-val: mAP ${map.toFixed(3)}, mAP50 ${mean(0.5).toFixed(3)} over ${labels.length} labels`);
    expect(map).toBeGreaterThanOrEqual(0.28);
  });
});

/**
 * Persons of coco128-val, named by eye: picture, row of its label file. The rules were set with these pictures at hand, and
 * squatting, riding and half-hidden persons are left out, so this guards against change and is no independent figure.
 */
const COCO_POSTURES: Readonly<Record<'upright' | 'sitting' | 'bent', readonly (readonly [string, number])[]>> = {
  upright: [['000885', 2], ['001000', 3], ['001000', 5], ['001000', 6], ['001000', 10], ['001490', 0], ['002006', 2], ['002532', 0], ['006471', 0], ['007511', 0], ['009483', 1], ['009772', 1], ['011197', 3], ['011699', 0], ['012639', 10], ['012639', 14]],
  sitting: [['002299', 4], ['002299', 5], ['002299', 6], ['002299', 7], ['002299', 8], ['003156', 0], ['005060', 1], ['006954', 0], ['008211', 4], ['009590', 5], ['012639', 0]],
  bent: [['000885', 0], ['004765', 0], ['006471', 15]],
};

describe.skipIf(!present)('posture on real crops', () => {
  let eye: Eye;
  beforeAll(async () => {
    eye = new Eye(await openShipped('movenet-posture-192'));
  });
  afterAll(() => eye.close());

  /** Share of the quality-weighted votes, as the pipeline counts them. */
  const shareOf = (label: PostureLabel, votes: readonly { label: PostureLabel; quality: number }[]) =>
    votes.filter((vote) => vote.label === label).reduce((sum, vote) => sum + vote.quality, 0) / votes.reduce((sum, vote) => sum + vote.quality, 0);

  it('says upright of the pedestrians of vtest.avi, and lying of the same pictures turned by 90 degrees either way', async () => {
    const every20th = (frame: number) => frame % 20 === 0;
    const truth = petsTruth(every20th);
    const votes: Record<'upright' | 'right' | 'left', { label: PostureLabel; quality: number }[]> = { upright: [], right: [], left: [] };
    await eachFrame(join(DATA, 'videos/vtest.avi'), every20th, 400, async (frame, number) => {
      for (const box of (truth.get(number) ?? []).filter(({ height }) => height >= 60)) {
        votes.upright.push(await eye.posture(frame, box));
        votes.right.push(await eye.posture(frame, box, 1));
        votes.left.push(await eye.posture(frame, box, 3));
      }
    });
    const shares = { upright: shareOf('upright', votes.upright), right: shareOf('lying', votes.right), left: shareOf('lying', votes.left) };
    console.info(`vtest.avi, ${votes.upright.length} crops: upright ${shares.upright.toFixed(3)}; turned: lying ${shares.right.toFixed(3)}, ${shares.left.toFixed(3)}`);
    expect(votes.upright.length).toBeGreaterThan(80);
    expect(shares.upright).toBeGreaterThanOrEqual(0.97);
    expect(shares.right).toBeGreaterThanOrEqual(0.85);
    expect(shares.left).toBeGreaterThanOrEqual(0.85);
  });

  it('says upright of people that a camera sees from above, and lying when turned', async () => {
    const detector = new Eye(await openShipped('nanodet-g-416'));
    const upright: { label: PostureLabel; quality: number }[] = [];
    const lying: typeof upright = [];
    await eachFrame(join(DATA, 'videos/intel-one-by-one-person-detection.mp4'), (frame) => frame % 20 === 0, 1400, async (frame) => {
      const d = await detector.detect(frame, 0.5);
      for (let row = 0; row < d.count; row += 1) {
        if (d.labels[row] !== 0) continue;
        upright.push(await eye.posture(frame, boxOf(d, row)));
        lying.push(await eye.posture(frame, boxOf(d, row), 1));
      }
    });
    await detector.close();
    console.info(`indoor from above, ${upright.length} crops: upright ${shareOf('upright', upright).toFixed(3)}; turned: lying ${shareOf('lying', lying).toFixed(3)}`);
    expect(upright.length).toBeGreaterThan(20);
    expect(shareOf('upright', upright)).toBeGreaterThanOrEqual(0.9);
    expect(shareOf('lying', lying)).toBeGreaterThanOrEqual(0.9);
  });

  it('keeps its answers on persons of COCO', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const label of ['upright', 'sitting', 'bent'] as const) {
      for (const [picture, row] of COCO_POSTURES[label]) {
        const name = `000000${picture}.jpg`;
        await eachFrame(join(DATA, 'datasets/coco128-val/images', name), () => true, 1, async (frame) => {
          const said = await eye.posture(frame, (cocoTruth(name, frame)[row] as CocoBox).box);
          count += 1;
          if (said.label !== label) wrong.push(`${name} ${row}: ${label}, said ${said.label}`);
        });
      }
    }
    console.info(`COCO persons: ${count - wrong.length} of ${count}; wrong: ${wrong.join('; ') || 'none'}`);
    expect(wrong.length).toBeLessThanOrEqual(3);
  });
});
