import { z } from 'zod';
import { CameraId, RuleId } from '../ids.js';

const zoneName = z.string().trim().min(1).max(80).meta({ title: 'Zone', description: 'Name of a zone drawn on the camera' });
/** null: the whole picture. */
const optionalZone = zoneName.nullable().default(null);
const seconds = (max: number) => z.number().min(0).max(max);

/** An object's anchor (bottom centre of its box) enters, leaves or is inside an area. */
export const ZoneCondition = z.object({
  kind: z.literal('zone'),
  zone: zoneName,
  trigger: z.enum(['enter', 'exit', 'inside']),
  /** `inside` only: how long it must be inside. */
  holdSeconds: seconds(86_400).default(0),
});

/** An object's anchor crosses a line. Standing at point a and looking at b, `left-to-right` means from the left side to the right side. */
export const LineCondition = z.object({
  kind: z.literal('line'),
  zone: zoneName,
  direction: z.enum(['any', 'left-to-right', 'right-to-left']).default('any'),
});

/** An object stays: loitering (person), illegal parking (car, stationary), goods left (bag, stationary). */
export const DwellCondition = z.object({
  kind: z.literal('dwell'),
  zone: optionalZone,
  seconds: z.number().min(1).max(86_400),
  /** Count only time in which the object does not move. */
  stationary: z.boolean().default(false),
});

/** More or fewer than `threshold` objects at once. */
export const CountCondition = z.object({
  kind: z.literal('count'),
  zone: optionalZone,
  comparison: z.enum(['over', 'under']),
  threshold: z.number().int().min(0).max(10_000),
  holdSeconds: seconds(86_400).default(2),
});

/** The second stage says so for a while, e.g. posture = lying for 3 s. */
export const AttributeCondition = z.object({
  kind: z.literal('attribute'),
  zone: optionalZone,
  attribute: z.string().min(1).max(32),
  values: z.array(z.string().min(1)).min(1).max(64),
  minScore: z.number().min(0).max(1).default(0.5),
  holdSeconds: seconds(86_400).default(3),
});

export const RuleCondition = z.discriminatedUnion('kind', [ZoneCondition, LineCondition, DwellCondition, CountCondition, AttributeCondition]);
export type RuleCondition = z.infer<typeof RuleCondition>;

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM, 00:00 to 23:59');

/** Weekly windows in the camera's time zone. A window whose end is not after its start runs over midnight. */
export const Schedule = z.object({
  windows: z
    .array(z.object({ days: z.array(z.number().int().min(1).max(7)).min(1), from: TimeOfDay, to: TimeOfDay }))
    .min(1)
    .max(50),
});
export type Schedule = z.infer<typeof Schedule>;

export const RuleSettings = z.object({
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean().default(true),
  /** null: every camera (that has the zone, when the condition names one). */
  cameraIds: z.array(CameraId).max(5000).nullable().default(null),
  labels: z.array(z.string().min(1).max(60)).max(200).default([]).meta({ description: 'Empty: every label' }),
  minScore: z.number().min(0).max(1).default(0.5),
  condition: RuleCondition,
  /** null: always. */
  schedule: Schedule.nullable().default(null),
  /** Distance in fractions of the picture that an anchor must be past an edge before it counts: stops flicker on a zone's border. */
  hysteresis: z.number().min(0).max(0.2).default(0.005),
  /** After an event of the same track (or of the camera, for counts) no new one for this long. */
  cooldownSeconds: seconds(86_400).default(10),
  /** Wait for the second stage before the event is confirmed, at most this long; 0: do not wait. */
  confirmDeadlineSeconds: z.number().min(0).max(60).default(3),
});
export type RuleSettings = z.infer<typeof RuleSettings>;

export const Rule = RuleSettings.extend({
  id: RuleId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Rule = z.infer<typeof Rule>;

/** A rule just saved, and why it may stay silent, in words; e.g. no camera has its zone yet. */
export const SavedRule = Rule.extend({ warnings: z.array(z.string()) });
export type SavedRule = z.infer<typeof SavedRule>;
