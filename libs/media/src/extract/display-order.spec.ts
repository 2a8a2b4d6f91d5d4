import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DisplayOrder, HIDDEN, type CodedPicture, type DisplayRun } from './display-order.js';

interface Picture extends CodedPicture {
  readonly name: string;
}

const picture = (ptsUs: number, key = false, hidden = false): Picture => ({ ptsUs, key, hidden, index: null, name: `${key ? 'key' : 'picture'} ${ptsUs}` });

function runsOf(pictures: readonly Picture[]): { runs: DisplayRun<Picture>[]; left: Picture[] } {
  const order = new DisplayOrder<Picture>();
  const [runs, left]: [DisplayRun<Picture>[], Picture[]] = [[], []];
  for (const one of pictures) {
    const run = order.add(one);
    if (run === 'left') left.push(one);
    else if (run !== null) runs.push(run);
  }
  for (let run = order.end(); run !== null; run = order.end()) runs.push(run);
  return { runs, left };
}

describe('DisplayOrder', () => {
  it('numbers pictures of open groups as they are shown, and tells which lead the next key frame', () => {
    const { runs, left } = runsOf([picture(0, true), picture(3), picture(1), picture(2), picture(6, true), picture(4), picture(5), picture(7)]);
    expect(left).toEqual([]);
    expect(runs.map(({ shown }) => shown.map(({ index, ptsUs }) => [index, ptsUs]))).toEqual([[[0, 0], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]], [[6, 6], [7, 7]]]);
    expect(runs.map(({ coded }) => coded.map(({ ptsUs }) => ptsUs))).toEqual([[0, 3, 1, 2], [6, 4, 5, 7]]);
    expect(runs[0]?.leading.map(({ ptsUs }) => ptsUs)).toEqual([4, 5]);
  });

  it('gives no number to what no decoder shows', () => {
    const { runs, left } = runsOf([picture(5), picture(10, true), picture(8), picture(11, false, true), picture(12)]);
    expect(left.map(({ ptsUs }) => ptsUs)).toEqual([5, 8]);
    expect(runs[0]?.shown.map(({ ptsUs, index }) => [ptsUs, index])).toEqual([[10, 0], [12, 1]]);
    expect(runs[0]?.coded.map(({ index }) => index)).toEqual([0, HIDDEN, 1]);
  });

  it('counts every picture once, in the order of times, however long groups are and however far pictures are moved', () => {
    const groups = fc.array(fc.record({ length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 600, max: 1500 })), move: fc.integer({ min: 0, max: 16 }) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(groups, fc.infiniteStream(fc.nat()), (shapes, noise) => {
        let time = 0;
        const coded: Picture[] = [];
        for (const { length, move } of shapes) {
          coded.push(picture(time, true));
          const rest = Array.from({ length: length - 1 }, (_unused, at) => ({ at, moved: at + ((noise.next().value as number) % (move + 1)) }));
          // Decoding brings pictures forward or back by at most `move` places.
          for (const { at } of rest.sort((a, b) => a.moved - b.moved || a.at - b.at)) coded.push(picture(time + 1 + at));
          time += length;
        }
        const { runs } = runsOf(coded);
        expect(runs.flatMap(({ shown }) => shown).map(({ index, ptsUs }) => [index, ptsUs])).toEqual(Array.from({ length: time }, (_unused, at) => [at, at]));
        expect(runs.flatMap(({ coded: parts }) => parts)).toEqual(coded);
        for (const run of runs) expect(run.coded.every(({ index }) => index !== null)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
