import type { TrackId } from '@argus/contracts';
import type { MotionModel } from './box-filter.js';

export interface TrackerOptions {
  readonly newId: () => TrackId;
  /** Detections from here on may start a track; default 0.5. */
  readonly highScore?: number;
  /** Detections from here on may carry a known track on; default 0.15. */
  readonly lowScore?: number;
  /** A moving object that is not seen for this long is gone; default 3. */
  readonly lostSeconds?: number;
  /** Replaces constants below; for measurements. */
  readonly tuning?: Partial<TrackerTuning>;
}

/** What the tracker was tuned to; docs/adr/0005-tracker.md has the measurements. */
export interface TrackerTuning {
  readonly motion: MotionModel;
  /** Largest cost (1 - IoU, penalties added) of a pair with a strong detection. */
  readonly highLimit: number;
  /** The same with a weak one. */
  readonly lowLimit: number;
  /** The same for tracks that are not confirmed yet. */
  readonly tentativeLimit: number;
  /** Sightings until a track is believed and gets its number. */
  readonly confirmHits: number;
  /** Unseen objects are reported, with predicted boxes, for this long. */
  readonly coastSeconds: number;
}

export const DEFAULT_TUNING: TrackerTuning = {
  motion: { positionNoise: 0.05, sizeNoise: 0.08, agility: 0.8, sizeAgility: 0.1, firstSpeed: 1 },
  highLimit: 0.8,
  lowLimit: 0.5,
  tentativeLimit: 0.7,
  confirmHits: 2,
  coastSeconds: 0.3,
};
