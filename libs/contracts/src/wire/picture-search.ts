import { z } from 'zod';
import { DatasetId, ModelId } from '../ids.js';
import { Sha256 } from '../learn/sample.js';

/** A place in the order of what was found: behind it come others. */
export const SearchPlace = z.object({ score: z.number(), row: z.number().int().nonnegative() });
export type SearchPlace = z.infer<typeof SearchPlace>;

/** What the gateway asks a worker of one set; who may see it has been decided. */
export const SearchQuestion = z.object({
  datasetId: DatasetId,
  /** `picture`: an encoded picture that need not be in any set, base64. */
  like: z.discriminatedUnion('by', [z.object({ by: z.literal('text'), text: z.string().min(1).max(500) }), z.object({ by: z.literal('sample'), sha256: Sha256 }), z.object({ by: z.literal('picture'), content: z.base64() })]),
  /** An installed embedder; null: the one that fits best. */
  model: ModelId.nullable(),
  /** What made the vectors, as an earlier answer said it; null: not said yet. */
  embedding: z.string().nullable(),
  count: z.number().int().min(1).max(100_000),
  after: SearchPlace.nullable(),
  /** Digests that alone count, 32 bytes each, base64; null: all. */
  among: z.base64().nullable(),
});
export type SearchQuestion = z.infer<typeof SearchQuestion>;

/** The most similar first. What was taken out of the set is among them. */
export const SearchAnswer = z.object({ embedding: z.string(), vectors: z.number().int(), hits: z.array(SearchPlace.extend({ sha256: Sha256 })) });
export type SearchAnswer = z.infer<typeof SearchAnswer>;

/** What a worker may say instead. */
export const SEARCH_CODES = ['search.no-model', 'search.no-vectors', 'search.failed'] as const;
