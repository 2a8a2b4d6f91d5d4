import { z } from 'zod';
import { CameraId, EventId } from '../ids.js';
import { EventState } from '../live/event.js';
import { RecordedPicture } from '../live/recording-segment.js';
import { commaList } from './page.js';

const instant = z.iso.datetime({ offset: true });

/** What there is of some cameras in a stretch of time, coarse enough to draw. */
export const TimelineQuery = z.object({
  camera: commaList(z.array(CameraId).min(1).max(64)),
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

/** A range of one camera's footage; at most six hours at once, two minutes where masks are burnt in. */
export const FootageQuery = z.object({ from: instant, to: instant });
export type FootageQuery = z.infer<typeof FootageQuery>;

/** Time without footage that a film leaves out: its pictures run on. */
export const FootageGap = z.object({
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  /** Where in the film, milliseconds from its beginning. */
  atMs: z.number().nonnegative(),
});
export type FootageGap = z.infer<typeof FootageGap>;

/** What the film of the same range is: wall time of a place in it is `startAt`, plus the place, plus the gaps before it. */
export const FootagePlan = z.object({
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  /** The caller gets it with the camera's privacy masks burnt in. */
  masked: z.boolean(),
  /** null where masks are burnt in: it is encoded while it is sent. */
  bytes: z.number().int().positive().nullable(),
  /** With the codecs, for `MediaSource.isTypeSupported`; null as `bytes`. */
  contentType: z.string().nullable(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  gaps: z.array(FootageGap),
  /** The film ends here because size or codec change; ask again from this time on. null: all of the range is in it. */
  nextFrom: z.iso.datetime().nullable(),
});
export type FootagePlan = z.infer<typeof FootagePlan>;

/** What was seen in a range of footage, at most ten minutes at once; oldest first. */
export const FootageObjects = z.object({ pictures: z.array(RecordedPicture.omit({ atMs: true }).extend({ at: z.iso.datetime() })) });
export type FootageObjects = z.infer<typeof FootageObjects>;
