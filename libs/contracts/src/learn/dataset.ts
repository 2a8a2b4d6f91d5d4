import { z } from 'zod';
import { CameraId, DatasetId, HarvestRecipeId } from '../ids.js';
import { Goal } from './goal.js';
import { Sha256 } from './sample.js';

/** Who may see exports of a set. Without a licence it is not given away as `public`. */
export const DATASET_AUDIENCES = ['private', 'public'] as const;

/** A sample set as a person describes it. */
export const DatasetSettings = z.object({
  name: z.string().trim().min(1).max(200).meta({ title: 'Name' }),
  note: z.string().trim().max(4000).default(''),
  /** SPDX id or words; null: not known. */
  licence: z.string().trim().min(1).max(200).nullable().default(null),
  /** Where it came from, and who agreed. */
  source: z.string().trim().max(1000).default(''),
  /** Samples are to be deleted after so many days; null: never. */
  retentionDays: z.number().int().min(1).max(36_500).nullable().default(null),
  tags: z.array(z.string().trim().min(1).max(60)).max(32).default([]),
  /** What is wanted of its samples; null: nobody said. */
  goal: Goal.nullable().default(null),
});
export type DatasetSettings = z.infer<typeof DatasetSettings>;

export const DatasetCounts = z.object({
  samples: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  annotations: z.number().int().nonnegative(),
  labels: z.record(z.string(), z.number().int().nonnegative()),
  groups: z.number().int().nonnegative(),
  complete: z.number().int().nonnegative(),
});
export type DatasetCounts = z.infer<typeof DatasetCounts>;

/** An immutable state of a sample set. Its digest is made of its content alone: the same samples and labels give the same on every machine. */
export const DatasetVersion = z.object({
  digest: Sha256,
  /** What it was made from: versions of this set or of others. */
  parents: z.array(Sha256),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  message: z.string().max(1000),
  counts: DatasetCounts,
  /** Somebody wants it to stay: it is not removed, and retention passes it by. */
  isKept: z.boolean(),
  /** Its content was removed; what it was made from stays known. */
  isGone: z.boolean(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

/** A sample set: what people work on. */
export const Dataset = DatasetSettings.extend({
  id: DatasetId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  counts: DatasetCounts,
  /** Annotations that only a model has made: exports leave them out unless they are asked for. */
  unreviewed: z.number().int().nonnegative(),
  /** Its newest version; null: none was made yet. */
  head: Sha256.nullable(),
  /** Something was changed since that version. */
  isChanged: z.boolean(),
  /** Cameras whose pictures are in it: who may not see all of them does not see the set. null: pictures of unknown cameras, for those who see all. */
  cameraIds: z.array(CameraId).nullable(),
  recipeId: HarvestRecipeId.nullable(),
});
export type Dataset = z.infer<typeof Dataset>;

/** Where pictures of a set came from, or went to, as far as that was written down. */
export const DatasetOrigin = z.object({
  kind: z.enum(['harvest', 'import', 'copy', 'choice', 'redaction', 'crops']),
  /** `to`: what was made of this set. */
  direction: z.enum(['from', 'to']),
  /** Of the recipe, the uploaded archive's format, or the other set; null: it is gone, or not for the caller. */
  name: z.string().nullable(),
  /** The other set; null: there is none, it is gone, or not for the caller. */
  datasetId: DatasetId.nullable(),
  recipeId: HarvestRecipeId.nullable(),
  /** How often: runs, imports, copies. */
  times: z.number().int().positive(),
  samples: z.number().int().nonnegative(),
  /** The last time. */
  at: z.iso.datetime(),
});
export type DatasetOrigin = z.infer<typeof DatasetOrigin>;
