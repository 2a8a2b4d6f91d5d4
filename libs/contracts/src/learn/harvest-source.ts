import { z } from 'zod';
import { UploadId } from '../ids.js';
import { NamePattern } from './name-pattern.js';

/** What a video file belongs to: the folder that it lies in, or what is before the first `_` or `-` of its name. */
export const VIDEO_GROUPINGS = ['folder', 'prefix'] as const;
export type VideoGrouping = (typeof VIDEO_GROUPINGS)[number];

const side = z.number().int().min(16).max(16_384);

const videos = {
  grouping: z.enum(VIDEO_GROUPINGS).default('folder'),
  /** Of the path below the folder, e.g. `south/gate_1.mp4`. A file is taken when one of `include` fits (none given: each), and none of `exclude` does. */
  include: z.array(NamePattern).max(50).default([]),
  exclude: z.array(NamePattern).max(50).default([]),
  /** Films with fewer pixels on their longer or shorter side are left out and counted; null: any. */
  least: z.object({ width: side, height: side }).nullable().default(null),
};

/** A folder on the server: absolute, and within one of those that its operator allows (ARGUS_VIDEO_DIRS). */
export const VideoFolderPath = z.string().min(1).max(1000).startsWith('/', 'expected an absolute path');

/** Where footage is taken from. */
export const HarvestSource = z.discriminatedUnion('kind', [
  /** What was recorded of cameras. */
  z.object({ kind: z.literal('cameras') }),
  /** Video files in a folder, at any depth. */
  z.object({ kind: z.literal('folder'), path: VideoFolderPath, ...videos }),
  /** Video files that were uploaded. They stay as long as the recipe. */
  z.object({ kind: z.literal('uploads'), uploadIds: z.array(UploadId).min(1).max(500), ...videos }),
]);
export type HarvestSource = z.infer<typeof HarvestSource>;
export type VideoSource = Exclude<HarvestSource, { kind: 'cameras' }>;

/** A folder that videos may be taken from. */
export const VideoFolder = z.object({
  path: z.string(),
  name: z.string(),
  /** Video files in it, without those in folders of its own; of a list of folders only. */
  videos: z.number().int().nonnegative(),
});
export type VideoFolder = z.infer<typeof VideoFolder>;
