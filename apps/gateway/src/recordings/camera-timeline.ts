import { EventId, type CameraId, type CameraTimeline, type TimelineMark, type TimelineSpan } from '@argus/contracts';
import type { BreakRow, BucketRow, MarkRow, MotionRow } from './segment-repository.js';

/** What was read for all cameras of a timeline. */
export interface TimelineRows {
  readonly breaks: readonly BreakRow[];
  readonly buckets: readonly BucketRow[];
  /** Second by second, where buckets are shorter than segments; else null: their peaks are enough. */
  readonly motion: readonly MotionRow[] | null;
  readonly marks: readonly MarkRow[];
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly buckets: number;
}

const MOST_MOTION = 255;
/** A share of changed pixels needs no more digits to be drawn. */
const shareOf = (motion: number): number => Math.round((motion / MOST_MOTION) * 1000) / 1000;

/** One camera's line of a timeline. */
export function cameraTimeline(cameraId: CameraId, stretch: Stretch, rows: TimelineRows): CameraTimeline {
  const own = <T extends { readonly camera_id: CameraId }>(of: readonly T[]): T[] => of.filter((row) => row.camera_id === cameraId);
  const buckets = own(rows.buckets);
  return {
    cameraId,
    spans: spansOf(own(rows.breaks), buckets, stretch),
    motion: motionOf(buckets, rows.motion && own(rows.motion), stretch),
    events: own(rows.marks).map(markOf),
  };
}

/** Cut to the stretch that was asked for. */
function spansOf(breaks: readonly BreakRow[], buckets: readonly BucketRow[], { fromMs, toMs }: Stretch): TimelineSpan[] {
  const lastEndMs = buckets.reduce((latest, { end_at }) => Math.max(latest, end_at.getTime()), 0);
  return breaks.map(({ start_at }, index) => ({
    startAt: new Date(Math.max(start_at.getTime(), fromMs)).toISOString(),
    endAt: new Date(Math.min(breaks[index + 1]?.previous_end_at?.getTime() ?? lastEndMs, toMs)).toISOString(),
  }));
}

function motionOf(buckets: readonly BucketRow[], motion: readonly MotionRow[] | null, { fromMs, toMs, buckets: count }: Stretch): (number | null)[] {
  const most: (number | null)[] = Array.from({ length: count }, () => null);
  const raise = (first: number, last: number, to: number) => {
    for (let index = Math.max(first, 0); index <= Math.min(last, count - 1); index += 1) most[index] = Math.max(most[index] ?? 0, to);
  };
  const bucketAt = (ms: number): number => ((ms - fromMs) * count) / (toMs - fromMs);
  for (const { bucket, peak, end_at } of buckets) {
    raise(bucket, Math.ceil(bucketAt(end_at.getTime())) - 1, 0);
    if (!motion) raise(Math.max(bucket, 0), Math.max(bucket, 0), peak);
  }
  for (const { start_at, end_at, motion: seconds } of motion ?? []) {
    seconds.forEach((share, second) => {
      const startMs = start_at.getTime() + second * 1000;
      raise(Math.floor(bucketAt(startMs)), Math.ceil(bucketAt(Math.min(startMs + 1000, end_at.getTime()))) - 1, share);
    });
  }
  return most.map((share) => (share === null ? null : shareOf(share)));
}

const markOf = (row: MarkRow): TimelineMark => ({
  eventId: EventId.parse(row.id),
  startAt: row.started_at.toISOString(),
  endAt: row.ended_at?.toISOString() ?? null,
  label: row.label ?? '',
  rule: row.rule_name,
  state: row.state,
});
