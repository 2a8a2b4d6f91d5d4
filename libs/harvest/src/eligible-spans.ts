import type { HarvestSampling, RecordedPicture } from '@argus/contracts';
import { mergeIntervals, type Interval } from './interval.js';

/** What the engine knew of a segment when it was recorded. */
export interface SegmentMarks {
  /** As in RecordingSegment: share of changed pixels, largest of each second from the start on, 0..255. */
  readonly motion: readonly number[];
  /** As in RecordingSegment: tracked objects of analysed pictures. */
  readonly pictures: readonly RecordedPicture[];
  /** Events of the camera, UTC. One that is not over yet ends now. */
  readonly events: readonly MarkedEvent[];
}

export interface MarkedEvent extends Interval {
  readonly label: string;
}

/** An event that a line makes is over at once; with no time around it there would be no picture of it. Cameras with five pictures a second have one in this. */
const MOMENT_MS = 200;

export const NO_MARKS: SegmentMarks = { motion: [], pictures: [], events: [] };

type Sampling<K extends HarvestSampling['kind']> = Extract<HarvestSampling, { kind: K }>;

/** The seconds in which something moved, UTC. `atLeast`: a pipeline's own threshold on the scale of the marks; every change that was marked, if nothing is said. */
export function motionSpans(segmentStartMs: number, motion: readonly number[], atLeast = 1): Interval[] {
  return mergeIntervals(motion.flatMap((share, second) => (share >= atLeast ? [{ startMs: segmentStartMs + second * 1000, endMs: segmentStartMs + (second + 1) * 1000 }] : [])));
}

/** Around events with one of these labels, UTC. */
export function eventSpans(events: readonly MarkedEvent[], { labels, beforeSeconds, afterSeconds }: Sampling<'events'>): Interval[] {
  const meant = events.filter(({ label }) => labels.length === 0 || labels.includes(label));
  return mergeIntervals(meant.map(({ startMs, endMs }) => ({ startMs: startMs - beforeSeconds * 1000, endMs: Math.max(endMs + afterSeconds * 1000, startMs + MOMENT_MS) })));
}

/** Whether an analysed picture has an object that is meant. */
export function hasWantedObject({ objects }: RecordedPicture, { labels, maxScore, disagreement }: Sampling<'objects'>): boolean {
  return objects.some(({ label, score, attributes }) => {
    if (labels.length > 0 && !labels.includes(label)) return false;
    return score <= maxScore && (!disagreement || Object.values(attributes).some(({ candidates }) => candidates.some((other) => other.score > 0)));
  });
}
