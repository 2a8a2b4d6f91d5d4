import { z } from 'zod';
import { CameraId } from '../ids.js';
import { Annotation } from './annotation.js';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal');

/** Pictures that samples may be. */
export const SAMPLE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/bmp'] as const;

/** Where a sample was taken from. */
export const SampleOrigin = z.object({
  /** null: footage that no camera of ours made. */
  cameraId: CameraId.nullable(),
  /** What shows one view: a camera by its name, a folder, a prefix of file names. Column of the matrix, and what a split must not tear apart. */
  group: z.string().max(300),
  /** Segment or file within the group. */
  video: z.string().max(500).nullable(),
  /** Number of the picture in the video as it is decoded, from 0. */
  frameIndex: z.number().int().nonnegative().nullable(),
  /** Media time in the video, microseconds. */
  ptsUs: z.number().int().nullable(),
  wallTime: z.iso.datetime().nullable(),
  /** IANA zone of the site, and the rules of time zones that were used. */
  timeZone: z.string().nullable(),
  tzVersion: z.string().nullable(),
});
export type SampleOrigin = z.infer<typeof SampleOrigin>;

/** How good the picture is, whatever is in it. */
export const SampleQuality = z.object({
  /** Variance of the Laplacian of the luma, at 640 pixels of width at most. */
  sharpness: z.number(),
  /** Mean luma, 0..1. */
  brightness: z.number().min(0).max(1),
  /** 64-bit perceptual hash, hexadecimal. */
  phash: z.string().regex(/^[0-9a-f]{16}$/),
});
export type SampleQuality = z.infer<typeof SampleQuality>;

export const SPLITS = ['train', 'val', 'test'] as const;
export const Split = z.enum(SPLITS);
export type Split = z.infer<typeof Split>;

/** One picture of a sample set with all that is known of it. Its content is named by its digest and lies elsewhere. */
export const Sample = z.object({
  /** Of the encoded bytes. */
  sha256: Sha256,
  mime: z.enum(SAMPLE_TYPES),
  bytes: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** As it was called where it came from, without folders. */
  name: z.string().min(1).max(300),
  origin: SampleOrigin.nullable().default(null),
  quality: SampleQuality.nullable().default(null),
  split: Split.nullable().default(null),
  /** Everything that is to be labelled is labelled. */
  complete: z.boolean().default(false),
  /** Sampling weight tag ("focus"); not a test split. */
  focus: z.boolean().default(false),
  annotations: z.array(Annotation).default([]),
  /** Whatever else a format said of it; kept as it came. */
  attributes: z.record(z.string(), z.json()).default({}),
});
export type Sample = z.infer<typeof Sample>;
