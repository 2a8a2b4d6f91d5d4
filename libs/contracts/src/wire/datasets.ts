import { z } from 'zod';
import { DatasetId, HarvestRecipeId, ModelId } from '../ids.js';
import { Annotation } from '../learn/annotation.js';
import { Sample, Sha256, Split } from '../learn/sample.js';
import { listFilter, PageQuery } from './page.js';

const measure = z.coerce.number().min(0).max(1e9);
const instant = z.iso.datetime({ offset: true });

export const HarvestRunQuery = PageQuery.extend({ recipe: HarvestRecipeId.optional() });
export type HarvestRunQuery = z.infer<typeof HarvestRunQuery>;

/** Which samples of a set. */
export const SampleFilter = z.object({
  group: listFilter(z.string().min(1).max(300)),
  label: listFilter(z.string().min(1).max(200)),
  split: listFilter(z.union([Split, z.literal('none')])),
  complete: z.stringbool().optional(),
  /** Marked as those to work on. */
  focus: z.stringbool().optional(),
  from: instant.optional(),
  to: instant.optional(),
  sharpnessFrom: measure.optional(),
  sharpnessTo: measure.optional(),
  /** Mean luma, 0..1. */
  brightnessFrom: measure.optional(),
  brightnessTo: measure.optional(),
  /** Has an object whose shorter side is in [from, to) pixels. */
  boxFrom: measure.optional(),
  boxTo: measure.optional(),
  /** Has an object at the picture's edge: most likely a part of it is not in the picture. */
  truncated: z.stringbool().optional(),
  /** Those that were taken out, instead of those that are in. */
  removed: z.stringbool().default(false),
});
export type SampleFilter = z.infer<typeof SampleFilter>;
/** It holds the name of a group, so it may be longer than those of other lists. */
const cursor = z.string().max(2000).optional();
/**
 * `place`: by group and time. `value`: most of what the goal wants for a minute of labelling first; `quality`: the best examples first; `least-work`: the quickest to label first.
 * Boxes by the shorter side of the largest or smallest object. What was not measured comes last.
 */
export const SAMPLE_SORTS = ['place', 'value', 'quality', 'least-work', 'sharpest', 'most-blurred', 'brightest', 'darkest', 'largest-box', 'smallest-box'] as const;
export type SampleSort = (typeof SAMPLE_SORTS)[number];
const sort = z.enum(SAMPLE_SORTS).default('place');
/** `after`: begins with what follows this sample, wherever it is in the list; `cursor` goes on from an earlier page. */
export const SampleQuery = PageQuery.extend({ cursor, after: Sha256.optional(), sort, ...SampleFilter.shape });
export type SampleQuery = z.infer<typeof SampleQuery>;

/** Far more of them than samples fit a page, so that a list of 100,000 is laid out and selected as a whole. */
export const SampleDigestQuery = SampleQuery.omit({ after: true }).extend({ limit: z.coerce.number().int().min(1).max(20_000).default(5000) });
export type SampleDigestQuery = z.infer<typeof SampleDigestQuery>;
/** Samples that follow each other in the order of the list and are of one group (empty where they are sorted by anything else than place); the next page may go on with the same group. */
export const SampleDigests = z.object({ group: z.string(), sha256s: z.array(Sha256) });
export type SampleDigests = z.infer<typeof SampleDigests>;

/** What it is worth to label a sample, by the goal of its set. */
export const SampleWorth = z.object({
  /** Of what is wanted and seen in it, 0..1: large, whole, sharp, of the form that is wanted. null: nothing is seen in it yet. */
  quality: z.number().nullable(),
  /** Estimate of how long a person works on it. */
  seconds: z.number(),
  /** Good examples for a minute of work. */
  valuePerMinute: z.number(),
  /** Objects at the picture's edge. */
  truncated: z.number().int(),
});
export type SampleWorth = z.infer<typeof SampleWorth>;

/** A sample in a list: without its annotations. Ordered by group and time. */
export const SampleSummary = Sample.omit({ annotations: true, attributes: true }).extend({ labels: z.array(z.string()), annotationCount: z.number().int(), addedAt: z.iso.datetime(), worth: SampleWorth });
export type SampleSummary = z.infer<typeof SampleSummary>;

/** What is to be found: pictures that show what `text` says, or that are like the picture `sample` of the set; one of both. The filter holds as for lists. */
export const SampleSearchQuery = PageQuery.extend({
  cursor,
  text: z.string().trim().min(1).max(500).optional(),
  sample: Sha256.optional(),
  /** An installed embedder; absent: the one that fits best. */
  model: ModelId.optional(),
  ...SampleFilter.shape,
});
export type SampleSearchQuery = z.infer<typeof SampleSearchQuery>;
/** A picture that need not be in any set: JPEG, PNG, WebP or BMP, base64. Small is as good: it is scaled down to what an embedder takes. */
export const SearchByPicture = z.object({ picture: z.base64().min(1).max(900_000, 'expected a picture of at most 675 kB; 640 pixels at the longer side are enough') });
export type SearchByPicture = z.infer<typeof SearchByPicture>;
/** The most similar first. `score`: the cosine of both vectors; how high it is for what belongs together, each embedder has its own idea of. */
export const FoundSample = SampleSummary.extend({ score: z.number() });
export type FoundSample = z.infer<typeof FoundSample>;
export const FoundSamples = z.object({
  items: z.array(FoundSample),
  nextCursor: z.string().nullable(),
  /** What made the vectors that were compared. */
  embedding: z.string(),
});
export type FoundSamples = z.infer<typeof FoundSamples>;
/** How many pictures of a set have a vector, by what made it; and the installed packages that make some. */
export const DatasetVectors = z.object({
  samples: z.number().int(),
  embeddings: z.array(z.object({ name: z.string(), samples: z.number().int() })),
  models: z.array(z.object({ id: ModelId, title: z.string(), readsText: z.boolean() })),
});
export type DatasetVectors = z.infer<typeof DatasetVectors>;

export const SamplePictureQuery = z.object({
  /** `thumbnail`: 320 pixels at the longer side. */
  size: z.enum(['original', 'thumbnail']).default('original'),
});
export type SamplePictureQuery = z.infer<typeof SamplePictureQuery>;

const digests = z.array(Sha256).min(1).max(5000);

/** What is to be set of some samples; absent: left as it is. */
export const ChangeSamples = z.object({ sha256s: digests, set: z.object({ split: Split.nullable().optional(), complete: z.boolean().optional(), focus: z.boolean().optional() }) });
export type ChangeSamples = z.infer<typeof ChangeSamples>;
export const PickSamples = z.object({ sha256s: digests });
export type PickSamples = z.infer<typeof PickSamples>;
/** Samples of another set, with what is known of them. */
export const CopySamples = z.object({ from: DatasetId, sha256s: digests });
export type CopySamples = z.infer<typeof CopySamples>;
/** `changed`: so many were; the others were so already, or are not in the set. */
export const ChangedSamples = z.object({ changed: z.number().int() });
export type ChangedSamples = z.infer<typeof ChangedSamples>;
export const SaveAnnotations = z.object({ annotations: z.array(Annotation).max(10_000) });
export type SaveAnnotations = z.infer<typeof SaveAnnotations>;

export const MATRIX_STEPS = ['hour', 'day', 'week'] as const;
/** IANA zone in which days, weeks and hours begin. */
const zone = z.string().max(60).refine(isTimeZone, 'expected an IANA time zone such as Asia/Shanghai');
export const MatrixQuery = z.object({ step: z.enum(MATRIX_STEPS).default('day'), timeZone: zone.default('UTC'), ...SampleFilter.shape });
export type MatrixQuery = z.infer<typeof MatrixQuery>;

/** The image matrix: groups (cameras, folders) against time. Cells without samples are left out. */
export const DatasetMatrix = z.object({
  step: z.enum(MATRIX_STEPS),
  groups: z.array(z.object({ name: z.string(), samples: z.number().int() })),
  cells: z.array(
    z.object({
      /** Index into `groups`. */
      group: z.number().int(),
      /** Begin of the step; null: samples without a wall time. */
      at: z.iso.datetime().nullable(),
      samples: z.number().int(),
      /** One of them, to show. */
      cover: Sha256,
    }),
  ),
});
export type DatasetMatrix = z.infer<typeof DatasetMatrix>;

/** How the set is made up: for each bin its lower end (inclusive). */
const histogram = z.array(z.object({ from: z.number(), count: z.number().int() }));
export const DatasetStatistics = z.object({
  labels: z.array(z.object({ label: z.string(), annotations: z.number().int(), samples: z.number().int() })),
  groups: z.array(z.object({ name: z.string(), samples: z.number().int(), annotations: z.number().int() })),
  splits: z.record(z.union([Split, z.literal('none')]), z.number().int()),
  hours: z.array(z.object({ hour: z.number().int(), samples: z.number().int() })),
  sharpness: histogram,
  brightness: histogram,
  /** Square roots of box areas, pixels. */
  boxSizes: histogram,
  /** Objects that are cut off by the picture's edge, and samples with such. */
  truncated: z.object({ annotations: z.number().int(), samples: z.number().int() }),
});
export type DatasetStatistics = z.infer<typeof DatasetStatistics>;

export const ChangeVersion = z.object({ isKept: z.boolean() });
export type ChangeVersion = z.infer<typeof ChangeVersion>;

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
