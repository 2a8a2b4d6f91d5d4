import type { Annotation } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { maskOfPolygon } from '../package/geometry.js';
import { annotationsInCrop, runsInCrop } from './annotations-in-crop.js';
import { seededRandom } from './random.js';

const PICTURE = { width: 40, height: 30 };
const annotation = (id: string, more: Partial<Annotation>): Annotation => ({ id, kind: 'box', label: 'person', box: { x: 10.25, y: 8, width: 12, height: 9.5 }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {}, ...more });

function pixelsOf(runs: readonly number[], { width, height }: { readonly width: number; readonly height: number }): Uint8Array {
  const pixels = new Uint8Array(width * height);
  let at = 0;
  for (const [index, run] of runs.entries()) {
    pixels.fill(index % 2, at, at + run);
    at += run;
  }
  expect(at).toBe(width * height);
  return pixels;
}

describe('labels in a crop', () => {
  it('are where they were in the picture, to the last bit', () => {
    const crop = { x: 8, y: 6, width: 20, height: 16 };
    const made = annotationsInCrop(
      [annotation('box', {}), annotation('outline', { kind: 'polygon', points: [10, 8, 22, 8, 16, 17.5] }), annotation('joints', { kind: 'points', points: [11, 9, 2, 0, 0, 0] }), annotation('other', {}), annotation('ignored', { kind: 'ignore', label: '', box: { x: 0, y: 0, width: 10, height: 10 } }), annotation('far', { kind: 'ignore', box: { x: 30, y: 0, width: 5, height: 5 } })],
      new Set(['box', 'outline', 'joints']), crop, PICTURE,
    );
    expect(made.map(({ id, box }) => [id, box.x, box.y, box.width, box.height])).toEqual([['box', 2.25, 2, 12, 9.5], ['outline', 2.25, 2, 12, 9.5], ['joints', 2.25, 2, 12, 9.5], ['ignored', 0, 0, 2, 4]]);
    expect(made[1]?.points).toEqual([2, 2, 14, 2, 8, 11.5]);
    expect(made[2]?.points).toEqual([3, 3, 2, 0, 0, 0]);
  });

  it('of masks are the pixels that lie in it', () => {
    for (let trial = 0; trial < 100; trial += 1) {
      const random = seededRandom(trial);
      const runs = maskOfPolygon(Array.from({ length: 8 }, (_unused, at) => random() * (at % 2 === 0 ? PICTURE.width : PICTURE.height)), PICTURE.width, PICTURE.height);
      const [x, y] = [Math.floor(20 * random()), Math.floor(15 * random())];
      const crop = { x, y, width: 1 + Math.floor((PICTURE.width - x) * random()), height: 1 + Math.floor((PICTURE.height - y) * random()) };
      const [whole, part] = [pixelsOf(runs, PICTURE), pixelsOf(runsInCrop(runs, PICTURE, crop), crop)];
      for (const [at, value] of part.entries()) expect(value).toBe(whole[(Math.floor(at / crop.height) + x) * PICTURE.height + (at % crop.height) + y]);
    }
  });
});
