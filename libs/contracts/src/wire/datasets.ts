import { z } from 'zod';
import { DatasetId, HarvestRecipeId } from '../ids.js';
import { Annotation } from '../learn/annotation.js';
import { Sample, Sha256, Split } from '../learn/sample.js';
import { PageQuery } from './page.js';

/** `a,b,c` or a repeated parameter. */
const list = <T extends z.ZodType>(item: T) => z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(item).max(500)).optional();
const instant = z.iso.datetime({ offset: true });

export const HarvestRunQuery = PageQuery.extend({ recipe: HarvestRecipeId.optional() });
export type HarvestRunQuery = z.infer<typeof HarvestRunQuery>;

/** Which samples of a set. */
export const SampleFilter = z.object({
  group: list(z.string().min(1).max(300)),
  label: list(z.string().min(1).max(200)),
  split: list(z.union([Split, z.literal('none')])),
  complete: z.stringbool().optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** Those that were taken out, instead of those that are in. */
  removed: z.stringbool().default(false),
});
export type SampleFilter = z.infer<typeof SampleFilter>;
/** It holds the name of a group, so it may be longer than those of other lists. */
const cursor = z.string().max(2000).optional();
/** `after`: begins with what follows this sample, wherever it is in the list; `cursor` goes on from an earlier page. */
export const SampleQuery = PageQuery.extend({ cursor, after: Sha256.optional(), ...SampleFilter.shape });
export type SampleQuery = z.infer<typeof SampleQuery>;

/** Far more of them than samples fit a page, so that a list of 100,000 is laid out and selected as a whole. */
export const SampleDigestQuery = SampleQuery.omit({ after: true }).extend({ limit: z.coerce.number().int().min(1).max(20_000).default(5000) });
export type SampleDigestQuery = z.infer<typeof SampleDigestQuery>;
/** Samples that follow each other in the order of the list and are of one group; the next page may go on with the same group. */
export const SampleDigests = z.object({ group: z.string(), sha256s: z.array(Sha256) });
export type SampleDigests = z.infer<typeof SampleDigests>;

/** A sample in a list: without its annotations. Ordered by group and time. */
export const SampleSummary = Sample.omit({ annotations: true, attributes: true }).extend({ labels: z.array(z.string()), annotationCount: z.number().int(), addedAt: z.iso.datetime() });
export type SampleSummary = z.infer<typeof SampleSummary>;

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
