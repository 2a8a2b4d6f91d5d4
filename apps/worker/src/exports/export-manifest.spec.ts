import { isoTime } from '@argus/kernel';
import { expect, it } from 'vitest';
import { gapsBetween, trimOf } from './export-manifest.js';

const at = (seconds: number) => isoTime(Date.UTC(2026, 10, 20) + seconds * 1000);
const file = (from: number, to: number, gaps: [number, number][] = []) => ({ startAt: at(from), endAt: at(to), gaps: gaps.map(([start, end]) => ({ startAt: at(start), endAt: at(end) })) });

it.each([
  ['all of it', [file(0, 60)], []],
  ['more than asked for', [file(-2, 61)], []],
  ['nothing', [], [[0, 60]]],
  ['the middle', [file(10, 50)], [[0, 10], [50, 60]]],
  ['two files that touch', [file(0, 30), file(30.2, 60)], []],
  ['two files with a gap between and one inside', [file(0, 30, [[10, 12]]), file(40, 60)], [[10, 12], [30, 40]]],
] as const)('names the gaps of %s', (_what, files, gaps) => {
  expect(gapsBetween(files, Date.parse(at(0)), Date.parse(at(60)))).toEqual(gaps.map(([start, end]) => ({ startAt: at(start), endAt: at(end) })));
});

it.each([
  ['keyframe', ['none', 'none'], 'keyframe'],
  ['keyframe', ['all'], 'exact'],
  ['keyframe', ['ends'], 'exact'],
  ['keyframe', ['none', 'all'], 'mixed'],
  ['exact', ['none', 'ends', 'all'], 'exact'],
  ['keyframe', [], 'keyframe'],
] as const)('says of an export that asked for %s and has files encoded %j that it is cut %s', (trim, encoded, done) => {
  expect(trimOf({ options: { trim, boxes: false, blur: [], original: false, sound: true } }, encoded.map((one) => ({ encoded: one })))).toBe(done);
});
