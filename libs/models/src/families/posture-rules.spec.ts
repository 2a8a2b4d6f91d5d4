import { describe, expect, it } from 'vitest';
import { KEYPOINTS, readKeypoints } from './keypoints.js';
import { POSTURES, postureOf, type PostureLabel } from './posture-rules.js';

type Figure = Readonly<Record<'shoulder' | 'hip' | 'knee' | 'ankle', readonly [number, number]>>;

const STANDING: Figure = { shoulder: [0.5, 0.2], hip: [0.5, 0.45], knee: [0.5, 0.67], ankle: [0.5, 0.9] };

/** A stick figure; left and right side 0.04 apart. */
function keypoints(figure: Figure, score: (name: string) => number = () => 0.8): Float32Array {
  return Float32Array.from(
    KEYPOINTS.flatMap((name) => {
      const part = name.replace(/^(left|right)/, '').toLowerCase();
      const [x, y] = figure[part as keyof Figure] ?? figure.shoulder;
      return [y, x + (name.startsWith('left') ? 0.02 : -0.02), score(name)];
    }),
  );
}

const posture = (figure: Figure, score?: (name: string) => number) => postureOf(readKeypoints(keypoints(figure, score), 0));
const best = (scores: Readonly<Record<PostureLabel, number>>) => [...POSTURES].sort((a, b) => scores[b] - scores[a])[0];
const turned = (figure: Figure): Figure => Object.fromEntries(Object.entries(figure).map(([part, [x, y]]) => [part, [y, 1 - x]])) as unknown as Figure;

describe('postureOf', () => {
  it.each<[PostureLabel, string, Figure]>([
    ['upright', 'standing', STANDING],
    ['upright', 'a long step', { ...STANDING, knee: [0.6, 0.65], ankle: [0.65, 0.88] }],
    ['upright', 'seen from above: everything short below the trunk', { shoulder: [0.5, 0.25], hip: [0.5, 0.6], knee: [0.5, 0.75], ankle: [0.5, 0.9] }],
    ['bent', 'picking something up', { shoulder: [0.75, 0.4], hip: [0.45, 0.4], knee: [0.47, 0.65], ankle: [0.45, 0.9] }],
    ['sitting', 'on a chair, from the side', { shoulder: [0.4, 0.2], hip: [0.4, 0.5], knee: [0.65, 0.52], ankle: [0.63, 0.85] }],
    ['sitting', 'on a chair, from the front', { shoulder: [0.5, 0.2], hip: [0.5, 0.5], knee: [0.5, 0.6], ankle: [0.5, 0.85] }],
    ['sitting', 'on the floor', { shoulder: [0.5, 0.3], hip: [0.5, 0.7], knee: [0.7, 0.68], ankle: [0.5, 0.78] }],
    ['lying', 'on the floor', turned(STANDING)],
    ['lying', 'with bent legs', { shoulder: [0.2, 0.6], hip: [0.5, 0.65], knee: [0.65, 0.5], ankle: [0.75, 0.65] }],
  ])('says %s of a figure %s', (label, _what, figure) => {
    const { scores, quality } = posture(figure);
    expect(best(scores)).toBe(label);
    expect(POSTURES.reduce((sum, name) => sum + scores[name], 0)).toBeCloseTo(1);
    expect(quality).toBeCloseTo(0.8);
  });

  it('does not say sitting when the knees were not seen, and counts little then', () => {
    const { scores, quality } = posture({ ...STANDING, knee: [0.5, 0.5], ankle: [0.5, 0.55] }, (name) => (/Knee|Ankle/.test(name) ? 0.05 : 0.8));
    expect(best(scores)).toBe('upright');
    expect(quality).toBeLessThan(0.25);
  });

  it('goes by the side that is seen', () => {
    const points = keypoints(STANDING, (name) => (name.startsWith('left') ? 0.8 : 0));
    for (const [index, name] of KEYPOINTS.entries()) if (name.startsWith('right')) points.set([0.9, 0.1, 0.001], index * 3);
    expect(best(postureOf(readKeypoints(points, 0)).scores)).toBe('upright');
  });

  it('stays finite when nothing was seen', () => {
    const { scores, quality } = posture(STANDING, () => 0);
    expect(Object.values(scores).every(Number.isFinite)).toBe(true);
    expect(quality).toBe(0);
  });
});
