import type { PointNormalized, TrackId, TrackedObject } from '@argus/contracts';

/** One object in one picture, as conditions see it. */
export interface Look {
  readonly object: TrackedObject;
  readonly anchor: PointNormalized;
  /** Media time that has passed for this engine, microseconds; never goes back. */
  readonly elapsedUs: number;
  /** True when the object was there when the rule began to look: nobody saw it come. */
  readonly wasThere: boolean;
  /** Farthest that the anchor has been from where it was first seen, in widths of its box. */
  readonly travelled: number;
}

export interface Verdict {
  /** What happened or is the case, e.g. `enter`; null: nothing to tell. */
  readonly trigger: string | null;
  /** False ends an event of this object. */
  readonly holds: boolean;
}

/** A condition about single objects, with what it remembers of them. Judges; cool-down, schedule and life of events are not its business. */
export interface ObjectPolicy {
  /** `moment`: happens (a crossing); `state`: lasts (being inside). A state that persists triggers in every picture. */
  readonly nature: 'moment' | 'state';
  judge(look: Look): Verdict;
  forget(trackId: TrackId): void;
}
