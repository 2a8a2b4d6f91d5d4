import { z } from 'zod';
import { Schedule } from './rule.js';

/** `continuous`: all that comes; `motion`: while something moves; `events`: while an event lasts. */
export const RECORDING_MODES = ['off', 'continuous', 'motion', 'events'] as const;
export const RecordingMode = z.enum(RECORDING_MODES);
export type RecordingMode = z.infer<typeof RecordingMode>;

/** What of a camera is kept, and for how long. */
export const RecordingSettings = z.object({
  mode: RecordingMode.default('off'),
  /** With `motion` and `events`: so much before and after is kept, too. Before, it is from key frame to key frame, so mostly a little more. */
  preSeconds: z.number().min(0).max(30).default(5),
  postSeconds: z.number().min(1).max(300).default(10),
  /** The camera's sound is kept, too, where it has any. In some places the law forbids it. */
  audio: z.boolean().default(true),
  /** Hours, in the camera's time zone, in which it records at all; null: always. */
  schedule: Schedule.nullable().default(null),
  /** Older footage is removed. */
  keepDays: z.number().min(0.01).max(3650).default(14),
  /** The camera's oldest footage is removed when it has more than this; null: no limit of its own. */
  keepBytes: z.number().int().min(1_000_000).nullable().default(null),
  /** Footage older than this goes to the second tier, where one is set up; null: it stays on the disk. */
  moveAfterDays: z.number().min(0.01).max(3650).nullable().default(null),
});
export type RecordingSettings = z.infer<typeof RecordingSettings>;

/** What the recorder of a camera is doing. `waiting`: its mode or hours do not want footage now; `failed`: it should record and cannot. */
export const RecorderState = z.object({
  state: z.enum(['waiting', 'recording', 'failed']),
  /** Why it failed, in words a person understands; null while it works. */
  problem: z.string().nullable(),
  /** Written since the engine's start. */
  bytes: z.number().int().nonnegative(),
  /** Video packets that should have been written and were not, because the storage did not take them in time. */
  lostPackets: z.number().int().nonnegative(),
});
export type RecorderState = z.infer<typeof RecorderState>;
