import { DatasetCounts, Sha256 } from '@argus/contracts';
import { z } from 'zod';

export const IMGDATASET = 'imgdataset';
export const MANIFEST_PATH = 'manifest.json';
export const CHECKSUMS_PATH = 'checksums.sha256';
export const IMAGES_PATH = 'images.parquet';
export const ANNOTATIONS_PATH = 'annotations.parquet';

/** What a person or a program says of a set when a package is made of it. Fields that we do not know are kept. */
export const DatasetDescription = z.looseObject({
  /** Of the set, where it is kept; null: of none. */
  datasetId: z.string().max(100).nullable().default(null),
  name: z.string().min(1).max(300),
  /** Versions it was made from. */
  parents: z.array(Sha256).default([]),
  createdAt: z.iso.datetime(),
  createdBy: z.string().max(300).default(''),
  /** Program and version. */
  producer: z.string().max(300).default(''),
  message: z.string().max(1000).default(''),
  /** The order of classes: a class's number is its place here. What is not named follows by its name. */
  labels: z.array(z.string().max(200)).default([]),
  licence: z.string().max(200).nullable().default(null),
  source: z.string().max(1000).default(''),
  retentionDays: z.number().int().min(1).nullable().default(null),
});
export type DatasetDescription = z.infer<typeof DatasetDescription>;

export const DatasetManifest = DatasetDescription.extend({
  format: z.literal(IMGDATASET),
  formatVersion: z.literal(1, 'expected 1; a package of a later format needs a later Argus'),
  /** Digest of the content; see VersionDigest. */
  version: Sha256,
  counts: DatasetCounts,
  /** Annotations with an outline (vector), with key points, with a mask (raster). */
  geometry: z.object({ polygons: z.number().int().nonnegative(), points: z.number().int().nonnegative(), masks: z.number().int().nonnegative() }),
  /** In `objects/`, or in a store of the reader's. */
  pictures: z.enum(['embedded', 'elsewhere']),
});
export type DatasetManifest = z.infer<typeof DatasetManifest>;

const EXTENSIONS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/bmp': 'bmp' } as const;
export const PICTURE_EXTENSIONS: readonly string[] = Object.values(EXTENSIONS);

export const extensionOf = (mime: keyof typeof EXTENSIONS): string => EXTENSIONS[mime];

/** Two levels: a file manager opens 256 folders, not a million files. */
export const picturePath = (sha256: string, extension: string): string => `objects/${sha256.slice(0, 2)}/${sha256}.${extension}`;
