import { createHash } from 'node:crypto';
import { Sha256 } from '@argus/contracts';
import { z } from 'zod';
import { canonicalJson } from '../package/canonical-json.js';

export const IMGMAT = 'imgmat';
export const SETS_PATH = 'sets.jsonl';

/** One set of a matrix: named by the digest of its version, so it is the same samples for ever. Fields that we do not know are kept. */
export const SetReference = z.looseObject({
  /** Unique in the matrix. */
  name: z.string().min(1).max(300),
  datasetId: z.string().max(100).nullable().default(null),
  versionDigest: Sha256,
  role: z.enum(['train', 'test']).default('train'),
  /** How often it is drawn from, beside the others. */
  weight: z.number().positive().default(1),
  /** As its manifest says. */
  samples: z.number().int().nonnegative().default(0),
  annotations: z.number().int().nonnegative().default(0),
});
export type SetReference = z.infer<typeof SetReference>;

/** What a matrix is put together by. */
export const MATRIX_GROUPINGS = ['camera', 'class', 'folder'] as const;

export const MatrixDescription = z.looseObject({
  name: z.string().min(1).max(300),
  groupBy: z.enum(MATRIX_GROUPINGS).default('camera'),
  createdAt: z.iso.datetime(),
  createdBy: z.string().max(300).default(''),
});
export type MatrixDescription = z.infer<typeof MatrixDescription>;

export const MatrixStats = z.object({ sets: z.number().int(), train: z.number().int(), test: z.number().int(), samples: z.number().int(), annotations: z.number().int() });
export type MatrixStats = z.infer<typeof MatrixStats>;

export const MatrixManifest = MatrixDescription.extend({
  format: z.literal(IMGMAT),
  formatVersion: z.literal(1, 'expected 1; a matrix of a later format needs a later Argus'),
  /** Where it was sealed: digest of its sets, and counts of them. A matrix that grows has none. */
  digest: Sha256.optional(),
  stats: MatrixStats.optional(),
  /** The sets' packages are in `sets/`. */
  isSelfContained: z.boolean().default(false),
});
export type MatrixManifest = z.infer<typeof MatrixManifest>;

export function statsOf(sets: Iterable<SetReference>): MatrixStats {
  const stats = { sets: 0, train: 0, test: 0, samples: 0, annotations: 0 };
  for (const { role, samples, annotations } of sets) {
    stats.sets += 1;
    stats[role] += 1;
    stats.samples += samples;
    stats.annotations += annotations;
  }
  return stats;
}

/** Of the sets alone, whatever their order. */
export function matrixDigest(sets: Iterable<SetReference>): string {
  const lines = [...sets].map((set) => canonicalJson(set)).sort();
  return createHash('sha256').update(`argus imgmat 1\n${lines.join('\n')}`).digest('hex');
}

export const setPath = (versionDigest: string): string => `sets/${versionDigest}.imgdataset`;
