import { HarvestSampling, RecordedPicture } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFrames, evenTimes, type FramesChosen, type SegmentFrames } from './choose-frames.js';
import { NO_MARKS, type SegmentMarks } from './eligible-spans.js';
import type { Interval } from './interval.js';

const START = Date.parse('2026-11-28T19:00:00Z');
/** 10 s of 25 pictures a second, a key frame every two. */
const FRAMES: SegmentFrames = { startMs: START, ptsUs: evenTimes(25, 250), keyPtsUs: [0, 2, 4, 6, 8].map((second) => second * 1_000_000) };
const TRACK = '01890a5d-ac96-774b-bcce-b302099a8057';

const choose = (sampling: object, parts: { frames?: SegmentFrames; intervals?: readonly Interval[] | null; marks?: Partial<SegmentMarks>; lastSlot?: number | null; motionAtLeast?: number } = {}): FramesChosen =>
  chooseFrames({ frames: FRAMES, intervals: null, lastSlot: null, ...parts, sampling: HarvestSampling.parse(sampling), marks: { ...NO_MARKS, ...parts.marks } });
const seconds = ({ ptsUs }: FramesChosen): number[] => ptsUs.map((time) => time / 1_000_000);
const picture = (atMs: number, label: string, score: number, votes: readonly number[] = []): RecordedPicture =>
  RecordedPicture.parse({
    atMs,
    objects: [{ trackId: TRACK, number: 1, label, score, box: { x: 0, y: 0, width: 0.1, height: 0.1 }, attributes: votes.length === 0 ? {} : { posture: { label: 'upright', score: votes[0], candidates: votes.slice(1).map((vote) => ({ label: 'lying', score: vote })), model: { id: TRACK, version: '1' }, settled: true } } }],
  });

describe('every n-th picture', () => {
  it('of a whole file is left to the extractor', () => {
    expect(choose({ kind: 'frames', every: 7 })).toMatchObject({ plan: { kind: 'frames', every: 7 }, lastSlot: null });
    expect(choose({ kind: 'frames', every: 7 }).ptsUs).toHaveLength(36);
  });

  it('counts from the file’s first picture where the calendar wants a part, whose end is not in it', () => {
    // 40 ms a picture: numbers 50 and 75 lie in [2 s, 4 s), number 100 is exactly at its end.
    const chosen = choose({ kind: 'frames', every: 25 }, { intervals: [{ startMs: START + 2000, endMs: START + 4000 }] });
    expect(chosen.plan).toEqual({ kind: 'times', ptsUs: [2_000_000, 3_000_000] });
    expect(seconds(choose({ kind: 'frames', every: 25 }, { intervals: [{ startMs: START + 2001, endMs: START + 4001 }] }))).toEqual([3, 4]);
  });

  it('nothing outside of the calendar', () => {
    expect(choose({ kind: 'frames', every: 1 }, { intervals: [] })).toEqual({ plan: null, ptsUs: [], lastSlot: null });
    expect(choose({ kind: 'frames', every: 1 }, { intervals: [{ startMs: START + 9960.001, endMs: START + 20_000 }] }).plan).toBeNull();
    expect(choose({ kind: 'frames', every: 1 }, { intervals: [{ startMs: START + 9960, endMs: START + 20_000 }] }).ptsUs).toEqual([9_960_000]);
  });

  it('takes each picture of footage with an uneven rate in exactly one of two windows that touch', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 200 }), fc.integer({ min: 0, max: 20_000 }), (steps, edge) => {
        const ptsUs = steps.reduce<number[]>((times, step) => [...times, (times.at(-1) ?? -step) + step], []);
        const frames = { startMs: START, ptsUs };
        const all = (intervals: readonly Interval[]): readonly number[] => choose({ kind: 'frames', every: 1 }, { frames, intervals }).ptsUs;
        const [before, after] = [all([{ startMs: START - 1000, endMs: START + edge }]), all([{ startMs: START + edge, endMs: START + 1e9 }])];
        expect([...before, ...after]).toEqual(ptsUs);
        expect(before.every((time) => time < edge * 1000)).toBe(true);
      }),
    );
  });
});

describe('key frames', () => {
  it('all of them are left to the extractor; some are named', () => {
    expect(choose({ kind: 'keyframes' }).plan).toEqual({ kind: 'keyframes' });
    expect(choose({ kind: 'keyframes' }, { intervals: [{ startMs: START + 1, endMs: START + 6000 }] }).plan).toEqual({ kind: 'times', ptsUs: [2_000_000, 4_000_000] });
  });

  it('at most one in so many seconds', () => expect(seconds(choose({ kind: 'keyframes', every: 5 }))).toEqual([0, 6]));

  it('have to be known', () => expect(() => choose({ kind: 'keyframes' }, { frames: { startMs: START, ptsUs: [0] } })).toThrow('expected the media times of key frames'));
});

describe('one picture in so many seconds', () => {
  it('by the wall clock, not by the file', () => {
    expect(seconds(choose({ kind: 'seconds', every: 4 }))).toEqual([0, 4, 8]);
    expect(seconds(choose({ kind: 'seconds', every: 4 }, { frames: { ...FRAMES, startMs: START + 1500 } }))).toEqual([0, 2.52, 6.52]);
  });

  it('the same ones again, however the footage is split, at most one in each slot', () => {
    const sampling = fc.constantFrom(0.04, 0.1, 0.7, 1, 3, 8, 60).chain((every) => fc.constantFrom(...['seconds', 'motion', 'objects', 'events'].map((kind) => ({ kind, every, beforeSeconds: 0.5, afterSeconds: 0.5 }))));
    fc.assert(
      fc.property(sampling, fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 10 }), fc.nat(5000), (asked, cuts, motion, shiftMs) => {
        const startMs = START + shiftMs;
        const intervals = [{ startMs: START + 1234, endMs: START + 9876 }];
        const pictures = motion.flatMap((share, second) => (share > 1 ? [picture(second * 1000 + 400, 'person', 0.5)] : []));
        const events = motion.flatMap((share, second) => (share > 1 ? [{ label: 'fall', startMs: startMs + second * 1000, endMs: startMs + second * 1000 + 300 }] : []));
        const whole = choose(asked, { frames: { ...FRAMES, startMs }, intervals, marks: { motion, pictures, events } });
        expect(choose(asked, { frames: { ...FRAMES, startMs }, intervals, marks: { motion, pictures, events } })).toEqual(whole);
        const ends = [0, ...cuts.toSorted((a, b) => a - b), 10];
        let lastSlot: number | null = null;
        const split: number[] = [];
        for (let part = 0; part + 1 < ends.length; part += 1) {
          const [from, to] = [ends[part] as number, ends[part + 1] as number];
          const times = FRAMES.ptsUs.filter((time) => time >= from * 1e6 && time < to * 1e6).map((time) => time - from * 1e6);
          const own = pictures.filter(({ atMs }) => atMs >= from * 1000 && atMs < to * 1000).map((one) => ({ ...one, atMs: one.atMs - from * 1000 }));
          const chosen = choose(asked, { frames: { startMs: startMs + from * 1000, ptsUs: times }, intervals, marks: { motion: motion.slice(from, to), pictures: own, events }, lastSlot });
          lastSlot = chosen.lastSlot;
          split.push(...chosen.ptsUs.map((time) => time + from * 1e6));
        }
        expect(split).toEqual(whole.ptsUs);
        expect(lastSlot).toBe(whole.lastSlot);
        const slots = whole.ptsUs.map((time) => Math.floor((startMs * 1000 + time) / Math.round(asked.every * 1e6)));
        expect(new Set(slots).size).toBe(slots.length);
      }),
      { numRuns: 300 },
    );
  });

  it('nothing of what a clock that was set back shows again', () => {
    const first = choose({ kind: 'seconds', every: 2 });
    expect(seconds(choose({ kind: 'seconds', every: 2 }, { frames: { ...FRAMES, startMs: START + 5000 }, lastSlot: first.lastSlot }))).toEqual([5, 7, 9]);
  });
});

describe('by what was seen', () => {
  it('motion: the seconds in which something moved', () => {
    expect(seconds(choose({ kind: 'motion', every: 1 }, { marks: { motion: [0, 0, 3, 40, 0, 0, 0, 1] } }))).toEqual([2, 3, 7]);
    expect(seconds(choose({ kind: 'motion', every: 1 }, { marks: { motion: [0, 0, 3, 40, 0, 0, 0, 1] }, motionAtLeast: 4 }))).toEqual([3]);
    expect(choose({ kind: 'motion', every: 1 }).plan).toBeNull();
  });

  it('objects: the very pictures in which they were found, by label, by doubt, by split votes', () => {
    const pictures = [picture(1000, 'person', 0.9), picture(2041, 'car', 0.4), picture(3119.6, 'person', 0.3, [0.6, 0.4]), picture(5000, 'person', 0.8, [1, 0])];
    const found = (parts: object): number[] => seconds(choose({ kind: 'objects', every: 0.04, ...parts }, { marks: { pictures } }));
    expect(found({})).toEqual([1, 2.04, 3.12, 5]);
    expect(found({ labels: ['person'] })).toEqual([1, 3.12, 5]);
    expect(found({ maxScore: 0.5 })).toEqual([2.04, 3.12]);
    expect(found({ disagreement: true })).toEqual([3.12]);
    expect(found({ labels: ['person'], every: 4 })).toEqual([1, 5]);
    expect(found({ labels: ['dog'] })).toEqual([]);
  });

  it('objects: the nearest picture, and none where the file has no picture of a mark', () => {
    const frames = { startMs: START, ptsUs: [0, 40_000, 80_000, 5_000_000] };
    const pictures = [picture(43, 'person', 0.9), picture(78, 'person', 0.9), picture(2000, 'person', 0.9), picture(4990, 'person', 0.9), picture(5002, 'person', 0.9)];
    expect(choose({ kind: 'objects', every: 0.04 }, { frames, marks: { pictures } }).ptsUs).toEqual([40_000, 80_000, 5_000_000]);
  });

  it('events: around them, by label', () => {
    const events = [
      { label: 'fall', startMs: START + 4000, endMs: START + 5000 },
      { label: 'line', startMs: START + 8000, endMs: START + 8000 },
    ];
    const found = (parts: object): number[] => seconds(choose({ kind: 'events', every: 1, ...parts }, { marks: { events } }));
    expect(found({ beforeSeconds: 1, afterSeconds: 1 })).toEqual([3, 4, 5, 7, 8]);
    expect(found({ labels: ['line'], beforeSeconds: 0, afterSeconds: 0 })).toEqual([8]);
    expect(seconds(choose({ kind: 'events', every: 1, beforeSeconds: 0, afterSeconds: 0 }, { marks: { events: [{ label: 'line', startMs: START + 7990, endMs: START + 7990 }] } }))).toEqual([8]);
    expect(found({ labels: ['fall'], beforeSeconds: 600, afterSeconds: 600 })).toHaveLength(10);
  });
});
