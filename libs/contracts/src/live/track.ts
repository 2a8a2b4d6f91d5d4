import { z } from 'zod';
import type { BoxPixels } from '../geometry.js';
import { PointNormalized } from '../geometry.js';
import { CameraId, ModelId, TrackId } from '../ids.js';
import { Attributes } from './attribute.js';

/** One tracked object as seen in one analysed picture. */
export interface TrackedObject {
  readonly trackId: TrackId;
  /** Small number counted per camera from 1, for people and for MOT files. */
  readonly number: number;
  readonly label: string;
  readonly score: number;
  readonly box: BoxPixels;
  /** Media time, microseconds, when the track was first seen. */
  readonly firstSeenUs: number;
  /** False when the detector missed it in this picture and the box is predicted. */
  readonly observed: boolean;
  /** Seconds (media time) that the object has stayed in place; 0 while it moves. */
  readonly stationarySeconds: number;
  readonly attributes: Readonly<Attributes>;
}

/** One step of a track's path: media time and the box's bottom centre. */
export const PathPoint = PointNormalized.extend({ ptsUs: z.number().int() });
export type PathPoint = z.infer<typeof PathPoint>;

/** A finished track, as kept in Postgres. */
export const Track = z.object({
  id: TrackId,
  cameraId: CameraId,
  label: z.string(),
  /** Best score over the track's life. */
  score: z.number(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  attributes: Attributes,
  path: z.array(PathPoint).max(512),
  /**
   * The one in use when the track ended. Where another took over in between, score, label and path come of both: a track has no one moment that
   * speaks for it, and its end is when it is judged and written. An event names the detector that it began with.
   */
  detector: z.object({ id: ModelId, version: z.string() }),
});
export type Track = z.infer<typeof Track>;
