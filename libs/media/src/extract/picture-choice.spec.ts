import { describe, expect, it } from 'vitest';
import { MediaError } from '../media-error.js';
import { fitSize } from './fit-size.js';
import { pictureChoice, type FrameChoice } from './picture-choice.js';

/** Places of the pictures that are chosen, 25 a second, every tenth a key frame. */
function chosen(choice: FrameChoice, pictures = 100): number[] {
  const asked = pictureChoice(choice);
  return Array.from({ length: pictures }, (_unused, index) => index).filter((index) => asked.wants({ index, ptsUs: index * 40_000, key: index % 10 === 0 }));
}

describe('pictureChoice', () => {
  it.each<[FrameChoice, number[]]>([
    [{ kind: 'frames', every: 40 }, [0, 40, 80]],
    [{ kind: 'seconds', every: 1 }, [0, 25, 50, 75]],
    [{ kind: 'seconds', every: 0.9 }, [0, 23, 45, 68, 90]],
    [{ kind: 'keyframes' }, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]],
    [{ kind: 'keyframes', every: 1 }, [0, 30, 50, 80]],
    [{ kind: 'times', ptsUs: [0, 39_999, 40_000, 81_000, 3_960_000, 9_000_000] }, [0, 1, 3, 99]],
    [{ kind: 'times', ptsUs: [] }, []],
  ])('%o', (choice, expected) => expect(chosen(choice)).toEqual(expected));

  it('knows when nothing more is wanted', () => {
    const choice = pictureChoice({ kind: 'times', ptsUs: [5, 1_000_000] });
    expect(choice.nextUs).toBe(5);
    choice.wants({ index: 0, ptsUs: 0, key: true });
    expect(choice.nextUs).toBe(1_000_000);
    choice.wants({ index: 40, ptsUs: 1_600_000, key: true });
    expect(choice.nextUs).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<FrameChoice>([{ kind: 'frames', every: 0 }, { kind: 'frames', every: 1.5 }, { kind: 'seconds', every: 0 }, { kind: 'seconds', every: Number.NaN }, { kind: 'keyframes', every: -1 }, { kind: 'times', ptsUs: [2, 1] }])('refuses %o', (choice) => {
    expect(() => pictureChoice(choice)).toThrow(MediaError);
  });
});

describe('fitSize', () => {
  it.each([
    [[1920, 1080], [640, 640], [640, 360]],
    [[1920, 1080], [641, 641], [641, 361]],
    [[1080, 1920], [640, 360], [203, 360]],
    [[320, 180], [640, 640], [320, 180]],
    [[4000, 10], [100, 100], [100, 1]],
  ] as const)('%o in %o', ([width, height], [boxWidth, boxHeight], [w, h]) => expect(fitSize({ width, height }, { width: boxWidth, height: boxHeight })).toEqual({ width: w, height: h }));
});
