import { z } from 'zod';
import { CameraId, ExportId } from '../ids.js';

const instant = z.iso.datetime({ offset: true });
const text = (most: number) => z.string().trim().max(most);

/** Footage of one camera that is to be exported; at most 24 hours. */
export const ExportRange = z.object({ cameraId: CameraId, from: instant, to: instant });
export type ExportRange = z.infer<typeof ExportRange>;

/** `head`: the upper third of the box. */
export const BLUR_PARTS = ['whole', 'head'] as const;
export const BlurredLabel = z.object({ label: z.string().trim().min(1).max(80), part: z.enum(BLUR_PARTS).default('whole') });
export type BlurredLabel = z.infer<typeof BlurredLabel>;

export const ExportOptions = z.object({
  /** `keyframe`: as recorded, from the key frame at or before the start. `exact`: begins and ends at the asked pictures; the groups of pictures at both ends are encoded anew. */
  trim: z.enum(['keyframe', 'exact']).default('keyframe'),
  /** Boxes of tracked objects are drawn into the pictures: everything is encoded anew, and trimmed exactly. */
  boxes: z.boolean().default(false),
  /** Objects with these labels are made unrecognizable: everything is encoded anew, and trimmed exactly. */
  blur: z.array(BlurredLabel).max(20).default([]),
  /** Footage of cameras with privacy masks as it was recorded, for whoever has `recording.original`. Else their masks are burnt in: everything is encoded anew, and trimmed exactly. */
  original: z.boolean().default(false),
  /** What was heard is handed out, too, where it was recorded. In some places the law forbids it. */
  sound: z.boolean().default(true),
});
export type ExportOptions = z.infer<typeof ExportOptions>;

export const MOST_EXPORT_CAMERAS = 16;
const MOST_RANGES = 64;
const LONGEST_RANGE_MS = 24 * 3_600_000;

/** A case: which footage, and how it is to be handed out. */
export const CreateExport = z
  .object({
    title: text(120).min(1),
    note: text(2000).default(''),
    ranges: z.array(ExportRange).min(1).max(MOST_RANGES),
    options: ExportOptions.prefault({}),
  })
  .superRefine(({ ranges }, context) => {
    if (new Set(ranges.map(({ cameraId }) => cameraId)).size > MOST_EXPORT_CAMERAS) context.addIssue({ code: 'custom', path: ['ranges'], message: `expected at most ${MOST_EXPORT_CAMERAS} cameras` });
    for (const [index, { from, to }] of ranges.entries()) {
      const ms = Date.parse(to) - Date.parse(from);
      if (!(ms > 0)) context.addIssue({ code: 'custom', path: ['ranges', index, 'to'], message: 'expected a time after `from`' });
      if (ms > LONGEST_RANGE_MS) context.addIssue({ code: 'custom', path: ['ranges', index, 'to'], message: 'expected at most 24 hours after `from`' });
    }
  });
export type CreateExport = z.infer<typeof CreateExport>;

/** `paused` is not among them: a job that was interrupted goes on by itself. */
export const EXPORT_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const ExportState = z.enum(EXPORT_STATES);
export type ExportState = z.infer<typeof ExportState>;

export const ExportProgress = z.object({
  /** 0..1 of the footage. */
  share: z.number().min(0).max(1),
  /** Written so far, finished files included. */
  bytes: z.number().int().nonnegative(),
  /** null: not known yet, or nothing runs. */
  bytesPerSecond: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
});
export type ExportProgress = z.infer<typeof ExportProgress>;

/** Wall time of which a camera recorded nothing, within what was asked. */
export const ExportGap = z.object({ startAt: z.iso.datetime(), endAt: z.iso.datetime() });
export type ExportGap = z.infer<typeof ExportGap>;

export const ExportFile = z.object({
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  cameraId: CameraId,
  /** Which of the ranges it belongs to. A range has a file for each picture size and codec that is in it. */
  range: z.number().int().nonnegative(),
  /** When its first picture was taken, and when its last ended. */
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  gaps: z.array(ExportGap),
  /** Whether any picture was encoded anew. */
  encoded: z.enum(['none', 'ends', 'all']),
  /** The camera's privacy masks are burnt in. */
  masked: z.boolean().default(false),
});
export type ExportFile = z.infer<typeof ExportFile>;

export const Export = z.object({
  id: ExportId,
  title: z.string(),
  note: z.string(),
  ranges: z.array(ExportRange.extend({ cameraName: z.string() })),
  options: ExportOptions,
  state: ExportState,
  progress: ExportProgress,
  files: z.array(ExportFile),
  /** Why it failed, in words a person understands. */
  error: z.string().nullable(),
  /** Of the manifest; null until it is done. Whoever knows it can check everything. */
  manifestSha256: z.string().nullable(),
  estimatedBytes: z.number().int().nonnegative(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** When it is removed by itself; null while it is not finished. */
  expiresAt: z.iso.datetime().nullable(),
});
export type Export = z.infer<typeof Export>;

/** What an export would be, before it is made. */
export const ExportEstimate = z.object({
  bytes: z.number().int().nonnegative(),
  /** What may be written now: free disk without the reserve. */
  availableBytes: z.number().int().nonnegative(),
  /** In the order of the ranges. */
  ranges: z.array(z.object({ bytes: z.number().int().nonnegative(), seconds: z.number().nonnegative(), /** Privacy masks will be burnt in. */ masked: z.boolean() })),
});
export type ExportEstimate = z.infer<typeof ExportEstimate>;
