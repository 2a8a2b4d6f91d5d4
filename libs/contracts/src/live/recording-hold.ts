import { z } from 'zod';
import { CameraId, EventId, RecordingHoldId } from '../ids.js';

const instant = z.iso.datetime({ offset: true });

/** Footage that no limit and no full disk removes, for as long as the hold is there. */
export const CreateRecordingHold = z
  .object({
    cameraId: CameraId,
    from: instant,
    to: instant,
    /** Why, for whoever finds it a year later. */
    reason: z.string().trim().min(1).max(500),
    eventId: EventId.nullable().default(null),
    exportId: z.uuid().nullable().default(null),
  })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), { error: 'expected a time after `from`', path: ['to'] });
export type CreateRecordingHold = z.infer<typeof CreateRecordingHold>;

export const RecordingHold = z.object({
  id: RecordingHoldId,
  cameraId: CameraId,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string(),
  eventId: EventId.nullable(),
  exportId: z.uuid().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type RecordingHold = z.infer<typeof RecordingHold>;
