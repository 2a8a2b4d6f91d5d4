import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoxFollower, type LumaPicture } from '@argus/datasets';
import { boxIou } from '@argus/geometry';
import { lumaPictures } from '@argus/media';
import { describe, expect, it } from 'vitest';
import { SHARED } from './analyze.js';

const clip = join(SHARED, 'data/videos/vtest.avi');
const labels = join(SHARED, 'data/datasets/pets09-s2l1/gt-1-400.txt');
const present = existsSync(clip) && existsSync(labels);
if (!present) console.log('skipped: following boxes on PETS needs ../shared/data');

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** Followed from the labels of every fortieth picture of each person: four seconds at ten pictures a second. */
const EACH = 40;

/** Real: the street that the demo's film is an excerpt of, with independent labels. */
describe.skipIf(!present)('following persons on PETS S2.L1, frames 1-400', () => {
  it('for four seconds: half overlap in three of four pictures, 0.7 in half of them; and what it is sure of is better than what it is not', async () => {
    const pictures: LumaPicture[] = [];
    let scale = 1;
    for await (const { luma, size } of lumaPictures({ path: clip, within: { width: 640, height: 640 }, fromFrameIndex: 0, threads: 2, repaint: null })) {
      scale = luma.width / size.width;
      if (pictures.push(luma) === 400) break;
    }
    const told = [...truthOf(scale).values()].flatMap((boxes) => followedFrom(pictures, boxes));
    const share = (some: readonly { iou: number }[], least: number) => some.filter(({ iou }) => iou >= least).length / some.length;
    const [sure, unsure] = [told.filter(({ confidence }) => confidence >= 0.5), told.filter(({ confidence }) => confidence < 0.4)];
    console.log('followed', JSON.stringify({ pictures: told.length, iou50: share(told, 0.5), iou70: share(told, 0.7), sure: share(sure, 0.5), unsure: share(unsure, 0.5) }));
    expect(share(told, 0.5)).toBeGreaterThanOrEqual(0.72);
    expect(share(told, 0.7)).toBeGreaterThanOrEqual(0.5);
    expect(share(sure, 0.5)).toBeGreaterThanOrEqual(share(unsure, 0.5) + 0.3);
  });
});

function truthOf(scale: number): Map<number, Map<number, Box>> {
  const people = new Map<number, Map<number, Box>>();
  for (const line of readFileSync(labels, 'utf8').trim().split('\n')) {
    const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0] = line.split(',').map(Number);
    const boxes = people.get(id) ?? new Map<number, Box>();
    people.set(id, boxes.set(frame - 1, { x: x * scale, y: y * scale, width: width * scale, height: height * scale }));
  }
  return people;
}

function followedFrom(pictures: readonly LumaPicture[], boxes: ReadonlyMap<number, Box>): { iou: number; confidence: number }[] {
  const numbers = [...boxes.keys()].sort((a, b) => a - b);
  const found: { iou: number; confidence: number }[] = [];
  for (let at = 0; at < numbers.length - 5; at += EACH) {
    const start = numbers[at] as number;
    const follower = new BoxFollower(pictures[start] as LumaPicture, boxes.get(start) as Box);
    for (let number = start + 1; number <= start + EACH && number < pictures.length; number += 1) {
      const { box, confidence, isLost } = follower.follow(pictures[number] as LumaPicture);
      const truth = boxes.get(number);
      if (!truth) break;
      found.push({ iou: isLost ? 0 : boxIou(box, truth), confidence });
    }
  }
  return found;
}
