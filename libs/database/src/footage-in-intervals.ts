import type { CameraId, SegmentId } from '@argus/contracts';
import type { EntityManager } from 'typeorm';

/** Half-open, wall time in milliseconds. */
export interface UtcInterval {
  readonly startMs: number;
  readonly endMs: number;
}

export interface FootageInIntervals {
  readonly id: SegmentId;
  readonly startMs: number;
  readonly endMs: number;
}

export interface FootageSum {
  readonly segments: number;
  /** Of the segments' time, what lies in the intervals. */
  readonly seconds: number;
  readonly bytes: number;
  readonly pictures: number;
  readonly keyframes: number;
  /** In segments in which something moved. */
  readonly motionSeconds: number;
  /** Of the largest segment. */
  readonly width: number;
  readonly height: number;
}

/** A segment lasts some ten seconds; a broken clock must not make the search scan the whole index. */
const LONGEST_SEGMENT = `interval '1 hour'`;
const WITHIN = `FROM unnest($2::timestamptz[], $3::timestamptz[]) AS wanted (start_at, end_at)
  JOIN recording_segments AS segment ON segment.camera_id = $1 AND segment.start_at < wanted.end_at AND segment.start_at > wanted.start_at - ${LONGEST_SEGMENT} AND segment.end_at > wanted.start_at`;
/** What was taken before by the same rules is left out. */
const NEW = `NOT EXISTS (SELECT 1 FROM harvest_taken AS taken WHERE taken.recipe_id = $4 AND taken.rules = $5 AND taken.segment_id = segment.id)`;

/** What a recipe took before: by which rules, as a digest. */
export interface TakenBy {
  readonly recipeId: string | null;
  readonly rules: Buffer;
}

const valuesOf = (cameraId: CameraId, intervals: readonly UtcInterval[], { recipeId, rules }: TakenBy): unknown[] => [
  cameraId,
  intervals.map(({ startMs }) => new Date(startMs)),
  intervals.map(({ endMs }) => new Date(endMs)),
  recipeId,
  rules,
];

/** From the first to the last of a camera; empty where there is none. */
export async function footageSpan(manager: EntityManager, cameraId: CameraId): Promise<UtcInterval> {
  const [row] = (await manager.query(`SELECT min(start_at) AS first, max(start_at) + ${LONGEST_SEGMENT} AS last FROM recording_segments WHERE camera_id = $1`, [cameraId])) as { first: Date | null; last: Date | null }[];
  return { startMs: row?.first?.getTime() ?? 0, endMs: row?.last?.getTime() ?? 0 };
}

/** Segments of a camera that reach into any of the intervals, oldest first, each once. */
export async function findFootage(manager: EntityManager, cameraId: CameraId, intervals: readonly UtcInterval[], taken: TakenBy): Promise<FootageInIntervals[]> {
  const rows = (await manager.query(`SELECT DISTINCT segment.id, segment.start_at, segment.end_at ${WITHIN} WHERE ${NEW} ORDER BY segment.start_at, segment.id`, valuesOf(cameraId, intervals, taken))) as { id: SegmentId; start_at: Date; end_at: Date }[];
  return rows.map(({ id, start_at, end_at }) => ({ id, startMs: start_at.getTime(), endMs: end_at.getTime() }));
}

/** How much that is. */
export async function sumFootage(manager: EntityManager, cameraId: CameraId, intervals: readonly UtcInterval[], taken: TakenBy): Promise<FootageSum> {
  const [row] = (await manager.query(
    `SELECT count(DISTINCT segment.id)::int AS segments,
      coalesce(sum(extract(epoch FROM least(segment.end_at, wanted.end_at) - greatest(segment.start_at, wanted.start_at))), 0)::float AS seconds,
      coalesce(sum(segment.bytes), 0)::float AS bytes,
      coalesce(sum((SELECT sum((fragment->>'packets')::int) FROM jsonb_array_elements(segment.fragments) AS fragment)), 0)::float AS pictures,
      coalesce(sum(jsonb_array_length(segment.fragments)), 0)::float AS keyframes,
      coalesce(sum(extract(epoch FROM segment.end_at - segment.start_at)) FILTER (WHERE segment.motion_peak > 0), 0)::float AS "motionSeconds",
      coalesce(max(segment.width), 0) AS width, coalesce(max(segment.height), 0) AS height
      ${WITHIN} WHERE ${NEW}`,
    valuesOf(cameraId, intervals, taken),
  )) as FootageSum[];
  return row ?? { segments: 0, seconds: 0, bytes: 0, pictures: 0, keyframes: 0, motionSeconds: 0, width: 0, height: 0 };
}
