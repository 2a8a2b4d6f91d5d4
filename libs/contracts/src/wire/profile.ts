import { z } from 'zod';
import { CameraId, ModelId } from '../ids.js';

/** Whose pictures are followed: those of one camera, or those in all runs of one model. */
export const ProfileSubject = z.discriminatedUnion('kind', [z.object({ kind: z.literal('camera'), cameraId: CameraId }), z.object({ kind: z.literal('model'), model: ModelId })]);
export type ProfileSubject = z.infer<typeof ProfileSubject>;

export const ProfileRequest = z.object({ subject: ProfileSubject, seconds: z.number().min(1).max(60).default(5) });
export type ProfileRequest = z.infer<typeof ProfileRequest>;

/** Trace Event Format, the JSON that Perfetto and chrome://tracing open. Times are microseconds since the recording began. */
export const ProfileTrace = z.object({
  displayTimeUnit: z.literal('ms'),
  traceEvents: z.array(z.looseObject({ ph: z.string(), name: z.string(), pid: z.number(), tid: z.number(), ts: z.number().optional(), dur: z.number().optional() })),
  otherData: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ProfileTrace = z.infer<typeof ProfileTrace>;
