import { boxIou } from '@argus/geometry';
import { describe, expect, it } from 'vitest';
import { madeFilm, type MadeFilm, type MadeThing } from '../../test/made-film.js';
import { BoxFollower, type FollowedBox } from './box-follower.js';

/** Overlap of what is told with what is there, for each picture behind the first, and what was told. */
function followed(film: MadeFilm): { readonly ious: readonly number[]; readonly told: readonly FollowedBox[] }[] {
  let followers: BoxFollower[] | null = null;
  const found = film.things.map(() => ({ ious: [] as number[], told: [] as FollowedBox[] }));
  for (const { picture, boxes } of madeFilm(film)) {
    if (followers === null) {
      followers = boxes.map((box) => new BoxFollower(picture, box));
      continue;
    }
    for (const [index, follower] of followers.entries()) {
      const told = follower.follow(picture);
      found[index]?.told.push(told);
      found[index]?.ious.push(told.isLost ? 0 : boxIou(told.box, boxes[index] as (typeof boxes)[number]));
    }
  }
  return found;
}

const good = (ious: readonly number[]): number => ious.filter((iou) => iou >= 0.7).length / ious.length;

const SIZE = { width: 640, height: 360, pictures: 120 };
const straight: MadeThing = { seed: 5, width: 60, height: 90, at: (n) => ({ x: 80 + 3.7 * n, y: 120 + 0.9 * n }) };
const FILMS: readonly (readonly [string, MadeFilm])[] = [
  ['a thing that goes straight on', { ...SIZE, things: [straight] }],
  ['one that turns and shakes', { ...SIZE, things: [{ seed: 9, width: 70, height: 50, at: (n) => ({ x: 320 + 180 * Math.sin(n / 18), y: 180 + 90 * Math.cos(n / 13) }) }] }],
  ['one that comes nearer, to twice its size', { ...SIZE, things: [{ seed: 12, width: 50, height: 70, at: (n) => ({ x: 150 + 2.4 * n, y: 180, scale: 2 ** (n / 119) }) }] }],
  ['one that goes away, to half its size', { ...SIZE, things: [{ seed: 13, width: 120, height: 150, at: (n) => ({ x: 480 - 2 * n, y: 180, scale: 2 ** (-n / 119) }) }] }],
  ['one that is blurred for a third of the time', { ...SIZE, blur: (n) => (n % 60 > 20 && n % 60 < 41 ? 9 : 0), things: [straight] }],
  ['one that is small', { ...SIZE, things: [{ seed: 21, width: 18, height: 34, at: (n) => ({ x: 100 + 2 * n, y: 100 + 1.2 * n }) }] }],
  ['one of which half goes behind a pillar', { ...SIZE, things: [straight], inFront: [{ seed: 40, width: 40, height: 60, at: () => ({ x: 300, y: 200 }) }] }],
  ['one in a dark and grainy picture', { ...SIZE, noise: 14, things: [straight] }],
];

describe('BoxFollower: IoU of 0.7 in nine of ten pictures (S190)', () => {
  it.each(FILMS)('%s', (_name, film) => {
    const [{ ious }] = followed(film) as [ReturnType<typeof followed>[number]];
    expect(good(ious)).toBeGreaterThanOrEqual(0.9);
  });

  it('several that cross each other', () => {
    const things = [straight, { ...straight, seed: 6, at: (n: number) => ({ x: 560 - 3.2 * n, y: 110 + 0.5 * n }) }, { ...straight, seed: 7, width: 40, height: 40, at: (n: number) => ({ x: 90 + 1.5 * n, y: 300 - 0.3 * n }) }, { ...straight, seed: 8, width: 48, height: 64, at: (n: number) => ({ x: 420, y: 290 - 0.4 * n }) }];
    const ious = followed({ ...SIZE, things }).flatMap((one) => one.ious);
    expect(good(ious)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('BoxFollower, what is gone', () => {
  it('says that it is lost behind a wall, and finds it behind it', () => {
    // Hidden wholly from about picture 38 to 58.
    const [{ ious, told }] = followed({ ...SIZE, things: [{ ...straight, at: (n) => ({ x: 80 + (n < 40 ? 3.7 * n : n < 56 ? 148 : 148 + 3.7 * (n - 56)), y: 180 }) }], inFront: [{ seed: 50, width: 150, height: 200, at: (n) => ({ x: n < 38 ? -200 : n < 58 ? 228 : -200, y: 180 }) }] }) as [ReturnType<typeof followed>[number]];
    const hidden = told.slice(40, 54);
    expect(hidden.filter(({ isLost }) => isLost).length).toBeGreaterThanOrEqual(hidden.length - 2);
    expect(good(ious.slice(62))).toBeGreaterThanOrEqual(0.9);
  });

  it('is not sure of what it has lost, and surer of what it sees', () => {
    const [{ told }] = followed({ ...SIZE, things: [straight] }) as [ReturnType<typeof followed>[number]];
    for (const { confidence, isLost } of told) expect([isLost, confidence > 0.2]).toEqual([false, true]);
  });

  it('says that what has left the picture is lost', () => {
    const [{ told }] = followed({ ...SIZE, pictures: 60, things: [{ ...straight, at: (n) => ({ x: 520 + 4 * n, y: 150 }) }] }) as [ReturnType<typeof followed>[number]];
    expect(told.at(-1)).toMatchObject({ isLost: true, confidence: 0 });
    for (const { box } of told) expect([box.x >= 0, box.x + box.width <= 640]).toEqual([true, true]);
  });

  it('gives the same boxes for the same pictures', () => {
    const film = { ...SIZE, pictures: 20, things: [straight] };
    expect(followed(film)).toEqual(followed(film));
  });
});
