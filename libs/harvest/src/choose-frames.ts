import type { HarvestSampling } from '@argus/contracts';
import { eventSpans, hasWantedObject, motionSpans, type SegmentMarks } from './eligible-spans.js';
import { isWithin, type Interval } from './interval.js';

const MICRO = 1_000_000;
/** Marks are told in milliseconds of the recorder's own count; a mark without a picture so near is of one that is not in the file. */
const NEAR_US = 100_000;

/** The pictures of one file of footage, none decoded. */
export interface SegmentFrames {
  /** Wall time of media time 0. */
  readonly startMs: number;
  /** Media times in the order in which pictures are shown, 0 for the first. Of a file without them: `evenTimes`. */
  readonly ptsUs: readonly number[];
  /** Those of key frames. Needed for `keyframes` only. */
  readonly keyPtsUs?: readonly number[];
}

/** What an extractor is told, in the words of libs/media's `FrameChoice`. */
export type FramePlan =
  | { readonly kind: 'frames'; readonly every: number }
  /** All key frames, and nothing else decoded. */
  | { readonly kind: 'keyframes' }
  /** Exactly the pictures with these media times, ascending. */
  | { readonly kind: 'times'; readonly ptsUs: readonly number[] };

export interface ChooseFramesOptions {
  readonly frames: SegmentFrames;
  /** Of the calendar, sorted and merged; null: all of it. */
  readonly intervals: readonly Interval[] | null;
  readonly sampling: HarvestSampling;
  readonly marks: SegmentMarks;
  /** Answer of the segment before of the same camera, in the order of their starts; null: there is none. */
  readonly lastSlot: number | null;
  /** See `motionSpans`. */
  readonly motionAtLeast?: number;
}

export interface FramesChosen {
  /** null: nothing of this file. */
  readonly plan: FramePlan | null;
  /** Media times of the chosen pictures, ascending. */
  readonly ptsUs: readonly number[];
  /** To be given with the camera's next segment. */
  readonly lastSlot: number | null;
}

/**
 * Which pictures of a file are taken. `every` seconds are slots of the wall clock, counted from 1970, and the first picture that is meant in each of them is taken:
 * a run that is repeated, or broken off and gone on with, or split at any segment, takes the same ones. A slot that reaches over files is not taken twice because of `lastSlot`.
 */
export function chooseFrames(options: ChooseFramesOptions): FramesChosen {
  const { frames, sampling, intervals, lastSlot } = options;
  const inCalendar = (ptsUs: number): boolean => intervals === null || isWithin(intervals, wallMsOf(frames, ptsUs));
  if (sampling.kind === 'frames') return everyNth(frames, sampling.every, inCalendar, lastSlot);
  if (sampling.kind === 'keyframes') {
    const keys = frames.keyPtsUs;
    if (!keys) throw new TypeError('expected the media times of key frames, got none: they are needed to sample key frames');
    const { taken, slot } = sampling.every === 0 ? { taken: keys.filter(inCalendar), slot: lastSlot } : onePerSlot(frames, keys.filter(inCalendar), sampling.every, lastSlot);
    return chosen(taken, slot, taken.length === keys.length ? { kind: 'keyframes' } : null);
  }
  const { taken, slot } = onePerSlot(frames, meantTimes(options).filter(inCalendar), sampling.every, lastSlot);
  return chosen(taken, slot);
}

/** Media times of a file with an even rate and no times of its own. */
export const evenTimes = (fps: number, count: number): number[] => Array.from({ length: count }, (_, index) => Math.round((index * MICRO) / fps));

/** Counted from the file's first picture, whatever part of it the calendar wants: its number in the file says which pictures belong together. */
function everyNth({ ptsUs }: SegmentFrames, every: number, inCalendar: (ptsUs: number) => boolean, lastSlot: number | null): FramesChosen {
  const nth = ptsUs.filter((_, index) => index % every === 0);
  const taken = nth.filter(inCalendar);
  return chosen(taken, lastSlot, taken.length === nth.length ? { kind: 'frames', every } : null);
}

function meantTimes({ frames, sampling, marks, motionAtLeast }: ChooseFramesOptions): readonly number[] {
  switch (sampling.kind) {
    case 'motion':
      return within(frames, motionSpans(frames.startMs, marks.motion, motionAtLeast));
    case 'events':
      return within(frames, eventSpans(marks.events, sampling));
    case 'objects':
      return picturesAt(frames.ptsUs, marks.pictures.filter((picture) => hasWantedObject(picture, sampling)).map(({ atMs }) => atMs * 1000));
    default:
      return frames.ptsUs;
  }
}

const within = (frames: SegmentFrames, spans: readonly Interval[]): number[] => frames.ptsUs.filter((ptsUs) => isWithin(spans, wallMsOf(frames, ptsUs)));

/** The pictures to which marks belong, the nearest ones: boxes were found in these. Times of pictures ascend. */
function picturesAt(ptsUs: readonly number[], marksUs: readonly number[]): number[] {
  const found: number[] = [];
  let at = 0;
  for (const markUs of marksUs.toSorted((a, b) => a - b)) {
    const distance = (place: number): number => Math.abs((ptsUs[place] ?? Infinity) - markUs);
    while (distance(at + 1) < distance(at)) at += 1;
    const picture = ptsUs[at];
    if (picture !== undefined && distance(at) <= NEAR_US && picture !== found.at(-1)) found.push(picture);
  }
  return found;
}

function onePerSlot(frames: SegmentFrames, meant: readonly number[], everySeconds: number, lastSlot: number | null): { taken: number[]; slot: number | null } {
  const everyUs = Math.round(everySeconds * MICRO);
  const taken: number[] = [];
  let slot = lastSlot;
  for (const ptsUs of meant) {
    // In whole microseconds, which a double holds exactly until 2255.
    const own = Math.floor((Math.round(frames.startMs * 1000) + ptsUs) / everyUs);
    // Also where a clock was set back: what was shown already is not shown again.
    if (slot !== null && own <= slot) continue;
    taken.push(ptsUs);
    slot = own;
  }
  return { taken, slot };
}

const wallMsOf = ({ startMs }: SegmentFrames, ptsUs: number): number => (Math.round(startMs * 1000) + ptsUs) / 1000;

function chosen(ptsUs: readonly number[], lastSlot: number | null, whole: FramePlan | null = null): FramesChosen {
  return { plan: ptsUs.length === 0 ? null : (whole ?? { kind: 'times', ptsUs }), ptsUs, lastSlot };
}
