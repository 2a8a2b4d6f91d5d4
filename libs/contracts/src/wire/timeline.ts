import { z } from 'zod';
import { CameraId, EventId } from '../ids.js';
import { EventState } from '../live/event.js';

const instant = z.iso.datetime({ offset: true });

/** What there is of some cameras in a stretch of time, coarse enough to draw. */
export const TimelineQuery = z.object({
  camera: z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(CameraId).min(1).max(64)),
  from: instant,
  to: instant,
  /** The stretch is told in so many equal parts. */
  buckets: z.coerce.number().int().min(1).max(2000).default(480),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

/** Footage without a gap. */
export const TimelineSpan = z.object({ startAt: z.iso.datetime(), endAt: z.iso.datetime() });
export type TimelineSpan = z.infer<typeof TimelineSpan>;

export const TimelineMark = z.object({ eventId: EventId, startAt: z.iso.datetime(), endAt: z.iso.datetime().nullable(), label: z.string(), rule: z.string(), state: EventState });
export type TimelineMark = z.infer<typeof TimelineMark>;

export const CameraTimeline = z.object({
  cameraId: CameraId,
  spans: z.array(TimelineSpan),
  /** Largest share of changed pixels in each bucket, 0..1; null: no footage. */
  motion: z.array(z.number().nullable()),
  /** Newest first, at most 2000. */
  events: z.array(TimelineMark),
});
export type CameraTimeline = z.infer<typeof CameraTimeline>;

export const Timeline = z.object({ from: z.iso.datetime(), to: z.iso.datetime(), cameras: z.array(CameraTimeline) });
export type Timeline = z.infer<typeof Timeline>;

/** A range of one camera's footage; at most six hours at once. */
export const FootageQuery = z.object({ from: instant, to: instant });
export type FootageQuery = z.infer<typeof FootageQuery>;
