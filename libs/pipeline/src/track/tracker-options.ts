import type { TrackId } from '@argus/contracts';
import type { MotionModel } from './box-filter.js';

export interface TrackerOptions {
  readonly newId: () => TrackId;
  /** Detections from here on may start a track; default 0.5. */
  readonly highScore?: number;
  /** Detections from here on may carry a known track on; default 0.2. */
  readonly lowScore?: number;
  /** A moving object that is not seen for this long is gone; default 1. */
  readonly lostSeconds?: number;
  /** Replaces constants below; for measurements. */
  readonly tuning?: Partial<TrackerTuning>;
}

/** What the tracker was tuned to; docs/adr/0005-tracker.md has the measurements. Lengths are shares of the object's size. */
export interface TrackerTuning {
  readonly motion: MotionModel;
  /** Weak detections are measured less exactly: noise is multiplied by 1 + this * (1 - score). */
  readonly doubt: number;
  /** Largest cost (1 - similarity, penalties added) of a pair with a strong detection; with a weak one; for tracks not confirmed yet. */
  readonly highLimit: number;
  readonly lowLimit: number;
  readonly tentativeLimit: number;
  /** Boxes are grown by this many deviations of the predicted centre before they are compared, at most by `mostGrowth`. */
  readonly growth: number;
  readonly mostGrowth: number;
  /** How much different heights, a turn round, and another label cost. */
  readonly heightPower: number;
  readonly turnCost: number;
  readonly labelCost: number;
  /** Weak detections carry a track on for this long after its last sighting; later they must fit better. */
  readonly weakSeconds: number;
  readonly lateLimit: number;
  /** Without a strong detection for this long, weak ones count no more: a post resembles a person for ever. */
  readonly faithSeconds: number;
  /** Share of the detector's box in the reported one; the rest is the filter's. */
  readonly rawShare: number;
  /** A track is believed, and gets its number, after two sightings or more over this time. */
  readonly confirmSeconds: number;
  /** A track not believed yet may miss sightings for this long. */
  readonly tentativeSeconds: number;
  /** Unseen objects are reported, with predicted boxes, for this long, or for this share of the time that they stood still. */
  readonly coastSeconds: number;
  readonly stillShare: number;
  /** A detection that overlaps a seen object more than this is no new object. */
  readonly duplicateIou: number;
}

export const DEFAULT_TUNING: TrackerTuning = {
  motion: { positionNoise: 0.05, sizeNoise: 0.2, agility: 0.5, sizeAgility: 0.05, firstSpeed: 1 },
  doubt: 1,
  highLimit: 0.9,
  lowLimit: 0.5,
  tentativeLimit: 0.8,
  growth: 1,
  mostGrowth: 0.5,
  heightPower: 1,
  turnCost: 0.1,
  labelCost: 0.3,
  weakSeconds: 0.2,
  lateLimit: 0.4,
  faithSeconds: 5,
  rawShare: 0.5,
  confirmSeconds: 0.2,
  tentativeSeconds: 0.2,
  coastSeconds: 0.1,
  stillShare: 0.25,
  duplicateIou: 0.4,
};
