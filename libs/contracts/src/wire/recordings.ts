import { z } from 'zod';
import { CameraId, EventId } from '../ids.js';
import { Warning } from '../warning.js';
import { commaList, PageQuery } from './page.js';

const bytes = z.number().int().min(1_000_000);

/** Limits beyond those of single cameras. Footage that is held counts into none of them. */
export const RecordingLimits = z.object({
  /** All footage together, on the disk and in the second tier; null: no limit. */
  keepBytes: bytes.nullable().default(null),
  /** Cameras with a tag together; a camera may be in several. */
  tags: z
    .array(z.object({ tag: z.string().trim().min(1).max(60), keepBytes: bytes }))
    .max(100)
    .default([])
    .refine((tags) => new Set(tags.map(({ tag }) => tag)).size === tags.length, 'expected each tag once'),
  /** The second tier is filled no faster; null: as fast as it goes. */
  moveBytesPerSecond: z.number().int().min(10_000).nullable().default(null),
});
export type RecordingLimits = z.infer<typeof RecordingLimits>;

/** How the place with the footage does. `short`: old footage is removed before its time; `full`: nothing is recorded. */
export const RecordingsStatus = z.object({
  room: z.enum(['ok', 'short', 'full']),
  /** null: it could not be looked at. */
  disk: z.object({ bytes: z.number(), usedBytes: z.number() }).nullable(),
  warnings: z.array(Warning),
});
export type RecordingsStatus = z.infer<typeof RecordingsStatus>;

const instant = z.iso.datetime({ offset: true });

export const HoldQuery = PageQuery.extend({
  camera: commaList(z.array(CameraId).min(1).max(64)).optional(),
  event: EventId.optional(),
  /** Those that reach into a stretch of time; either end may be left out. */
  from: instant.optional(),
  to: instant.optional(),
});
export type HoldQuery = z.infer<typeof HoldQuery>;

/** Where files and rows differ. Without drift all numbers but `rows`, `files`, `objects` and `foreignFiles` are 0. */
export const RecordingsDrift = z.object({
  rows: z.number().int(),
  /** On the disk and in the second tier. */
  files: z.number().int(),
  objects: z.number().int(),
  rowsWithoutFile: z.number().int(),
  /** Whole footage, older than an hour: younger ones may be on their way. The next comparison takes it into the index. */
  filesWithoutRow: z.number().int(),
  /** Left unfinished an hour ago and earlier; the engine repairs them when it starts. */
  openFiles: z.number().int(),
  /** They have the name of footage, and are none or not all of it. */
  damagedFiles: z.number().int(),
  /** No footage: they are nobody's business, and no drift. */
  foreignFiles: z.number().int(),
  objectsWithoutRow: z.number().int(),
  /** The file has another size than its row says. */
  otherSize: z.number().int(),
  /** Moved, and still on the disk as well; the next comparison removes it there. */
  leftBehind: z.number().int(),
  /** Some of them, by name. */
  examples: z.array(z.object({ path: z.string(), problem: z.enum(['no-file', 'no-row', 'open', 'damaged', 'foreign', 'other-size', 'left-behind']) })).max(50),
  /** Why the second tier was not looked at; null: it was, or there is none. */
  remoteProblem: z.string().nullable(),
});
export type RecordingsDrift = z.infer<typeof RecordingsDrift>;

export const RepairedRecordings = z.object({
  /** Files that were taken into the index. */
  adopted: z.number().int(),
  rowsRemoved: z.number().int(),
  /** Rows whose file is in the second tier, and which did not say so. */
  rowsMarkedMoved: z.number().int(),
  /** Copies on the disk of what was moved. */
  copiesRemoved: z.number().int(),
  /** What it could not mend. */
  left: RecordingsDrift,
});
export type RepairedRecordings = z.infer<typeof RepairedRecordings>;

/** `before` null: by each camera's own days. Held footage stays. */
export const PruneRecordings = z.object({ cameraId: CameraId.nullable().default(null), before: z.iso.datetime({ offset: true }).nullable().default(null), dryRun: z.boolean().default(false) });
export type PruneRecordings = z.infer<typeof PruneRecordings>;

export const PrunedRecordings = z.object({
  files: z.number().int(),
  bytes: z.number(),
  /** Files that stay because somebody holds them. */
  heldFiles: z.number().int(),
});
export type PrunedRecordings = z.infer<typeof PrunedRecordings>;
