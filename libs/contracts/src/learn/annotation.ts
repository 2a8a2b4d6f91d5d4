import { z } from 'zod';
import { ModelId } from '../ids.js';

/** `ignore`: nobody is to learn or be judged by what is here. */
export const ANNOTATION_KINDS = ['box', 'polygon', 'mask', 'points', 'ignore'] as const;

/** Where it came from, and how far people have looked at it: made by a model, changed by a person, seen and found right, released. */
export const ANNOTATION_STATES = ['auto', 'edited', 'reviewed', 'accepted'] as const;
export const AnnotationState = z.enum(ANNOTATION_STATES);
export type AnnotationState = z.infer<typeof AnnotationState>;

/** Place in a picture: source pixels, not rounded; 0,0 is the outer corner of the first pixel, so a picture of w x h ends at w,h. */
export const BoxPrecise = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** One object in one picture, labelled. */
export const Annotation = z.object({
  /** Stays the same over versions of a set, and over formats that can keep it. */
  id: z.string().min(1).max(64),
  kind: z.enum(ANNOTATION_KINDS),
  /** Spelled as people did; compared after NFC. Empty for `ignore` without a class. */
  label: z.string().max(200),
  /** What bounds it, for every kind. */
  box: BoxPrecise,
  /** polygon: x,y of each corner; points: x,y,v of each (v as in COCO: 0 not labelled, 1 hidden, 2 visible). Else null. */
  points: z.array(z.number()).nullable().default(null),
  /** mask: COCO's uncompressed run lengths, column by column, over the whole picture. Else null. */
  runs: z.array(z.number().int().nonnegative()).nullable().default(null),
  /** Of the same object over several pictures of a video. */
  track: z.object({ id: z.string(), keyframe: z.boolean(), outside: z.boolean() }).nullable().default(null),
  occluded: z.boolean().default(false),
  /** Of the model that made it, 0..1. */
  score: z.number().nullable().default(null),
  model: z.object({ id: ModelId, version: z.string(), digest: z.string() }).nullable().default(null),
  state: AnnotationState.default('edited'),
  /** Whatever else a format said of it; kept as it came. */
  attributes: z.record(z.string(), z.json()).default({}),
});
export type Annotation = z.infer<typeof Annotation>;
