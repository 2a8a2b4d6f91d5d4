import type { CameraId, EventState, Fragment } from '@argus/contracts';
import type { PlannableSegment } from '@argus/footage';
import type { DataSource } from 'typeorm';
import type { NearestFootage } from './errors.js';

/** What a film needs of a segment. */
export interface FootageSegment extends PlannableSegment {
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
}

interface FootageRow {
  readonly path: string;
  readonly start_at: Date;
  readonly end_at: Date;
  readonly codec_string: string;
  readonly width: number;
  readonly height: number;
  readonly head_bytes: number;
  readonly head_id: string;
  readonly has_audio: boolean;
  readonly fragments: readonly Fragment[];
}

export interface PicturesRow {
  readonly start_at: Date;
  readonly pictures: Buffer;
}

/** A segment after which footage was missing, or the first: `previousEndAt` null. */
export interface BreakRow {
  readonly camera_id: CameraId;
  readonly start_at: Date;
  readonly previous_end_at: Date | null;
}

/** Segments that begin in the same bucket, together; below zero: they began before the range. */
export interface BucketRow {
  readonly camera_id: CameraId;
  readonly bucket: number;
  readonly peak: number;
  /** The latest. */
  readonly end_at: Date;
}

export interface MotionRow {
  readonly camera_id: CameraId;
  readonly start_at: Date;
  readonly end_at: Date;
  readonly motion: Buffer;
}

export interface MarkRow {
  readonly id: string;
  readonly camera_id: CameraId;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly label: string | null;
  readonly rule_name: string;
  readonly state: EventState;
}

/** Segments are some ten seconds long: one that began this long before a range does not reach into it, and is not looked at. */
const LONGEST_SEGMENT = `interval '1 hour'`;
/** As for segments: an event that has been open for longer is shown where it began. */
const LONGEST_EVENT = `interval '1 day'`;
const MOST_MARKS = 2000;

/** Parameters: cameras, from, to. */
const IN_RANGE = `camera_id = ANY($1::uuid[]) AND start_at < $3 AND start_at > $2::timestamptz - ${LONGEST_SEGMENT} AND end_at > $2`;

/** Two segments of one connection that touch within a second are one span. */
const BREAKS = `
  SELECT camera_id, start_at, previous_end_at FROM (
    SELECT camera_id, start_at, connection, lag(end_at) OVER before AS previous_end_at, lag(connection) OVER before AS previous_connection
    FROM recording_segments WHERE ${IN_RANGE} WINDOW before AS (PARTITION BY camera_id ORDER BY start_at)
  ) AS segment
  WHERE previous_end_at IS NULL OR connection <> previous_connection OR start_at > previous_end_at + interval '1 second'
  ORDER BY camera_id, start_at`;

/** Beside the range: its start and a bucket's width in seconds. A day of sixteen cameras is 138,000 rows: each expression here costs some ms. */
const BUCKETS = `
  SELECT camera_id, floor((date_part('epoch', start_at) - $4) / $5) AS bucket, max(motion_peak) AS peak, max(end_at) AS end_at
  FROM recording_segments WHERE ${IN_RANGE} GROUP BY 1, 2`;

const MOTION = `SELECT camera_id, start_at, end_at, motion FROM recording_segments WHERE ${IN_RANGE}`;

const FOOTAGE = `SELECT path, start_at, end_at, codec_string, width, height, head_bytes, head_id, has_audio, fragments FROM recording_segments WHERE ${IN_RANGE} ORDER BY start_at, id`;

const PICTURES = `SELECT start_at, pictures FROM recording_segments WHERE ${IN_RANGE} AND pictures IS NOT NULL ORDER BY start_at, id`;

const MARKS = `
  SELECT mark.* FROM unnest($1::uuid[]) AS camera (id), LATERAL (
    SELECT id, camera_id, started_at, ended_at, label, rule_name, state FROM events
    WHERE camera_id = camera.id AND started_at < $3 AND started_at > $2::timestamptz - ${LONGEST_EVENT} AND (ended_at IS NULL OR ended_at >= $2)
    ORDER BY started_at DESC, id DESC LIMIT ${MOST_MARKS}
  ) AS mark`;

const NEAREST = `
  SELECT (SELECT end_at FROM recording_segments WHERE camera_id = $1 AND start_at < $2 ORDER BY start_at DESC LIMIT 1) AS before,
    (SELECT start_at FROM recording_segments WHERE camera_id = $1 AND start_at >= $3 ORDER BY start_at LIMIT 1) AS after`;

/** A stretch of time of some cameras. */
export interface CameraRange {
  readonly cameraIds: readonly CameraId[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** The index of footage as it is read. Who may see which camera is decided before. */
export class SegmentRepository {
  constructor(private readonly dataSource: DataSource) {}

  breaks(range: CameraRange): Promise<BreakRow[]> {
    return this.dataSource.query(BREAKS, parametersOf(range));
  }

  buckets(range: CameraRange, count: number): Promise<BucketRow[]> {
    return this.dataSource.query(BUCKETS, [...parametersOf(range), range.fromMs / 1000, (range.toMs - range.fromMs) / count / 1000]);
  }

  motion(range: CameraRange): Promise<MotionRow[]> {
    return this.dataSource.query(MOTION, parametersOf(range));
  }

  marks(range: CameraRange): Promise<MarkRow[]> {
    return this.dataSource.query(MARKS, parametersOf(range));
  }

  /** Oldest first. */
  async footage(cameraId: CameraId, fromMs: number, toMs: number): Promise<FootageSegment[]> {
    return ((await this.dataSource.query(FOOTAGE, parametersOf({ cameraIds: [cameraId], fromMs, toMs }))) as FootageRow[]).map(segmentOf);
  }

  /** Oldest first; segments in which nothing was seen are left out. */
  pictures(cameraId: CameraId, fromMs: number, toMs: number): Promise<PicturesRow[]> {
    return this.dataSource.query(PICTURES, parametersOf({ cameraIds: [cameraId], fromMs, toMs }));
  }

  async nearest(cameraId: CameraId, fromMs: number, toMs: number): Promise<NearestFootage> {
    const [nearest] = (await this.dataSource.query(NEAREST, [cameraId, new Date(fromMs), new Date(toMs)])) as NearestFootage[];
    return nearest ?? { before: null, after: null };
  }
}

const parametersOf = ({ cameraIds, fromMs, toMs }: CameraRange): unknown[] => [cameraIds, new Date(fromMs), new Date(toMs)];

const segmentOf = ({ path, start_at, end_at, codec_string, width, height, head_bytes, head_id, has_audio, fragments }: FootageRow): FootageSegment => ({
  path,
  startMs: start_at.getTime(),
  endMs: end_at.getTime(),
  headBytes: head_bytes,
  headId: head_id,
  hasAudio: has_audio,
  codecString: codec_string,
  width,
  height,
  fragments,
});
