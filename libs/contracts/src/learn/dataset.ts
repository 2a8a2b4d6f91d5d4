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
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

/** A sample set: what people work on. */
export const Dataset = DatasetSettings.extend({
  id: DatasetId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  counts: DatasetCounts,
  /** Its newest version; null: none was made yet. */
  head: Sha256.nullable(),
  /** Something was changed since that version. */
  isChanged: z.boolean(),
  /** Cameras whose pictures are in it: who may not see all of them does not see the set. null: pictures of unknown cameras, for those who see all. */
  cameraIds: z.array(CameraId).nullable(),
  recipeId: HarvestRecipeId.nullable(),
});
export type Dataset = z.infer<typeof Dataset>;
