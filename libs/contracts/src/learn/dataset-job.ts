import { z } from 'zod';
import { DatasetId, DatasetJobId, ModelId, UploadId } from '../ids.js';
import { TilingSettings } from '../live/pipeline.js';
import { BoxPrecise } from './annotation.js';
import { DATASET_AUDIENCES, DatasetCounts } from './dataset.js';
import { Goal } from './goal.js';
import { Sha256, SPLITS } from './sample.js';

const label = z.string().trim().min(1).max(200);
const share = z.number().min(0).max(1);
const minScore = z.number().min(0.01).max(1);

/** Vectors of all pictures that have none: what the other kinds compare them by. */
const Embed = z.object({
  kind: z.literal('embed'),
  /** An installed embedder; null: the shipped detector's own features, which tell scenes apart. */
  model: ModelId.nullable().default(null),
});

/** What becomes of chosen samples: only named; copied into another set; marked as the ones to work on. */
const PickTarget = z.discriminatedUnion('kind', [z.object({ kind: z.literal('list') }), z.object({ kind: z.literal('copy'), into: DatasetId }), z.object({ kind: z.literal('focus') })]);

/** Samples that differ from each other, and from those that people have labelled already. */
const PickDiverse = z.object({
  kind: z.literal('pick-diverse'),
  count: z.number().int().min(1).max(20_000),
  /** Of one group (camera) at most, labelled ones included; null: any number. */
  perGroup: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** What is nearer to a chosen one is not chosen: 0 what is the same, 0.28 about one scene. */
  minDistance: z.number().min(0).max(2).default(0),
  /** How much else counts, as exponents; 0: not at all. Absent: the usual. */
  weights: z.object({ background: z.number().min(0).max(10), ease: z.number().min(0).max(10), quality: z.number().min(0).max(10), uncertainty: z.number().min(0).max(10) }).partial().default({}),
  /** What makes a sample a good one; null: the set's own goal. */
  goal: Goal.nullable().default(null),
  target: PickTarget.default({ kind: 'list' }),
});

/** `exact`: the same pixels; `near`: the same picture encoded anew, resized, a moment later; `semantic`: the same scene. */
const FindDuplicates = z.object({
  kind: z.literal('find-duplicates'),
  how: z.enum(['exact', 'near', 'semantic']),
  /** near: of 64 bits of the fingerprint so many may differ. */
  bits: z.number().int().min(0).max(15).default(8),
  /** semantic: 1 minus the cosine of two pictures that show the same. */
  epsilon: z.number().min(0).max(0.5).default(0.01),
  /** Take out all but the best of each; they can be taken back in as others that were removed. */
  remove: z.boolean().default(false),
});

/** Whole groups to train, val and test. */
const SplitSamples = z.object({
  kind: z.literal('split'),
  shares: z.object({ train: share, val: share, test: share }).refine(({ train, val, test }) => train + val + test > 0, 'expected a share above 0').default({ train: 0.8, val: 0.1, test: 0.1 }),
  /** Another seed, another split. */
  seed: z.string().max(100).default(''),
  /** Groups that show the same somewhere stay together. */
  linked: z.boolean().default(true),
});

const gradeNeeds = (scenes: number, boxes: number, complete: number) =>
  z.object({ scenes: z.number().int().min(1).max(10_000_000).default(scenes), boxes: z.number().int().min(1).max(1_000_000_000).default(boxes), complete: share.default(complete) }).prefault({});

/** What a model made of the set would be good for, and what is missing. General by a rule of thumb: ten thousand boxes, a thousand scenes. */
const GradeSet = z.object({
  kind: z.literal('grade'),
  /** Looks for what nobody has labelled; null: not looked for. */
  model: ModelId.nullable().default(null),
  minScore: minScore.default(0.5),
  /** Scenes that are wanted. */
  scenes: z.number().int().min(1).max(1_000_000).default(1000),
  /** What a grade needs. */
  rules: z.object({ project: gradeNeeds(30, 500, 0.9), general: gradeNeeds(1000, 10_000, 0.98), mostPerScene: z.number().min(1).max(1_000_000).default(20) }).prefault({}),
});

/** Boxes by a detector. Nothing that a person made or looked at is changed; boxes of the same model of before are replaced. */
const AutoLabel = z.object({
  kind: z.literal('auto-label'),
  model: ModelId,
  /** Further models that look at the same pictures: each box says whose it is. */
  also: z.array(ModelId).max(16).default([]),
  /** null: the model's own. */
  minScore: minScore.nullable().default(null),
  /** Its labels and what they are called here; none given: all, as it calls them. */
  labels: z.record(label, label).default({}),
  /** Small objects in large pictures. */
  tiling: TilingSettings.nullable().default(null),
  /** Leave samples alone that are complete, or have something that a person looked at. */
  skipReviewed: z.boolean().default(true),
});

/** A new set of crops around groups of neighbours, with their labels: more pixels for each thing, and its surroundings with it. */
const RegroupCrops = z.object({
  kind: z.literal('regroup'),
  /** Of the new set. */
  name: z.string().trim().min(1).max(200),
  /** How far each box reaches for others, as a part of its longer side. */
  reach: z.number().min(0).max(10).default(0.5),
  /** Surroundings that a crop keeps around its boxes, as a part of the longer side of all of them. */
  margin: z.number().min(0).max(10).default(0.15),
  /** Width by height that crops grow to where the picture allows it; null: as it comes. */
  ratio: z.number().min(0.1).max(10).nullable().default(null),
});

export const REDACTIONS = ['mosaic', 'blur', 'fill'] as const;
/** A new set of new pictures in which people cannot be recognized. */
const Redact = z.object({
  kind: z.literal('redact'),
  /** Of the new set. */
  name: z.string().trim().min(1).max(200),
  /** Finds persons, and what `labels` names of its own. */
  model: ModelId.default('nanodet-g-416' as ModelId),
  minScore: minScore.default(0.25),
  tiling: TilingSettings.nullable().default(null),
  /** The heads of persons that are found or labelled. */
  heads: z.boolean().default(true),
  /** Things that are covered as a whole, found or labelled. */
  labels: z.array(label).max(200).default([]),
  how: z.enum(REDACTIONS).default('mosaic'),
}).refine(({ heads, labels }) => heads || labels.length > 0, { path: ['labels'], error: 'expected heads or a label that is to be covered' });

const Corner = z.object({ x: z.number().min(-100_000).max(100_000), y: z.number().min(-100_000).max(100_000) });
/**
 * The part of a picture that becomes a new one, in source pixels; it may reach over the edge. `quad`: where upper left, upper right, lower right and lower left corner of
 * the new picture lie in the old one. `turned`: a box (null: all of the picture) turned about its middle, clockwise; by 0 degrees it is cut out.
 */
const PictureArea = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quad'), corners: z.tuple([Corner, Corner, Corner, Corner]) }),
  z.object({ kind: z.literal('turned'), box: BoxPrecise.nullable().default(null), degrees: z.number().min(-180).max(180).default(0) }),
]);
export type PictureArea = z.infer<typeof PictureArea>;
export const MOST_TRANSFORMED = 200;

/** New samples of parts of others, straightened: by a turn or a projective transform, with their labels. The old ones stay as they are. */
const Transform = z.object({
  kind: z.literal('transform'),
  parts: z.array(z.object({ sha256: Sha256, area: PictureArea })).min(1).max(MOST_TRANSFORMED),
  /** Of the new pictures; null: as many pixels as the sides of the part have. */
  size: z.object({ width: z.number().int().min(8).max(8192), height: z.number().int().min(8).max(8192) }).nullable().default(null),
  /** Width by height that the new pictures get, with as many pixels as the part has; null: as it comes. */
  ratio: z.number().min(0.1).max(10).nullable().default(null),
  /** `outline`: a box becomes the outline of where it lies, instead of what bounds that. */
  boxes: z.enum(['bounds', 'outline']).default('bounds'),
  /** Labels of which less is seen in the new picture are left out; what is to be ignored stays as far as it is seen. */
  leastVisible: share.default(0.25),
  /** Where the new samples come: beside the old ones, or into another set. */
  target: z.discriminatedUnion('kind', [z.object({ kind: z.literal('same') }), z.object({ kind: z.literal('copy'), into: DatasetId })]).default({ kind: 'same' }),
}).refine(({ size, ratio }) => size === null || ratio === null, { path: ['ratio'], error: 'expected a size or a ratio, got both' });

/** What a set can be given away as: formats of others, and a sealed set of ours. */
export const DATASET_FORMATS = ['coco', 'yolo', 'voc', 'cvat-images', 'cvat-video', 'datumaro', 'mot', 'imagenet', 'folders', 'webdataset', 'imgdataset'] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

/** One file of the set as it is when the job begins. */
const ExportSet = z.object({
  kind: z.literal('export'),
  format: z.enum(DATASET_FORMATS),
  /** Without annotations that only a model has made: what nobody looked at is not to be learnt, unless that is said. */
  reviewedOnly: z.boolean().default(true),
  /** With it: what only a model has made becomes a region to ignore, so that nobody learns that there is nothing. */
  ignoreUnreviewed: z.boolean().default(false),
  /** Without samples in which something may not be labelled yet. */
  completeOnly: z.boolean().default(false),
  /** null: all. `none`: samples that are in no split. */
  splits: z.array(z.enum([...SPLITS, 'none'])).min(1).nullable().default(null),
  /** Of one of its versions instead of what it is now. */
  version: Sha256.nullable().default(null),
  /** `public`: only of a set with a licence. */
  audience: z.enum(DATASET_AUDIENCES).default('private'),
});

/** Pictures and labels of an archive that was uploaded. What the set has already stays as it is. */
const ImportSet = z.object({
  kind: z.literal('import'),
  uploadId: UploadId,
  /** `auto`: told by what is in it. */
  format: z.enum(['auto', ...DATASET_FORMATS]).default('auto'),
  /** Column of the matrix for all of it; null: as the archive says, by folder or video. */
  group: z.string().trim().min(1).max(300).nullable().default(null),
  /** Each folder (or video) becomes a set of its own, called after it; what is in none comes into this set. */
  eachFolder: z.boolean().default(false),
});

/** The set as it is now, sealed: named by the digest of its content. */
const SealVersion = z.object({ kind: z.literal('version'), message: z.string().trim().max(1000).default('') });

/** The set becomes what it was when the version was sealed. What it was before is sealed first, so that the way back is the same. */
const RestoreVersion = z.object({ kind: z.literal('restore-version'), digest: Sha256 });

/** What was changed between two versions, or since one; nothing is written. */
const CompareVersions = z.object({
  kind: z.literal('compare-versions'),
  from: Sha256,
  /** null: the set as it is now. */
  to: Sha256.nullable().default(null),
});

/** What is to be done with a whole set. */
export const DatasetJobOptions = z.discriminatedUnion('kind', [Embed, PickDiverse, FindDuplicates, SplitSamples, GradeSet, AutoLabel, RegroupCrops, Redact, Transform, ExportSet, ImportSet, SealVersion, RestoreVersion, CompareVersions]);
export type DatasetJobOptions = z.infer<typeof DatasetJobOptions>;
export type DatasetJobKind = DatasetJobOptions['kind'];

/** Kinds that make a set, name samples or take an upload: of one set at a time. */
const ALONE: ReadonlySet<string> = new Set(['redact', 'regroup', 'transform', 'import']);
/** The same job on several sets: the sets of a matrix. */
export const StartDatasetJobs = z.object({
  datasetIds: z.array(DatasetId).min(1).max(1000),
  job: DatasetJobOptions.refine(({ kind }) => !ALONE.has(kind), { path: ['kind'], error: 'expected a kind that is done with several sets: redact, regroup, transform and import are begun for one' }),
});
export type StartDatasetJobs = z.infer<typeof StartDatasetJobs>;

const count = z.number().int().nonnegative();
/** Pictures that could not be read, and why: the first hundred. They are left out. */
const troubles = z.array(z.object({ sha256: Sha256, problem: z.string() })).max(100);
const Coverage = z.object({ radius: z.number(), p95: z.number(), mean: z.number() });
const Found = z.object({ label: z.string(), score: z.number(), box: BoxPrecise });
const ModelSource = z.object({ id: ModelId, version: z.string(), digest: z.string() });
const GradeName = z.enum(['demo', 'project', 'general']);

/** What came out, by kind. Lists are the first of what was found; counts are of all. */
export const DatasetJobResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('embed'), embedded: count, known: count, model: z.string(), troubles }),
  z.object({
    kind: z.literal('pick-diverse'),
    /** In the order of choice: any first part is a good choice, too. */
    sha256s: z.array(Sha256),
    ended: z.enum(['count', 'similar', 'exhausted']),
    /** Farthest that a sample is from what is labelled or chosen: of this choice, and of as many at even distances. */
    coverage: z.object({ chosen: Coverage, uniform: Coverage }),
    changed: count,
    troubles,
  }),
  z.object({ kind: z.literal('find-duplicates'), groups: count, duplicates: count, removed: count, list: z.array(z.object({ kept: Sha256, others: z.array(Sha256) })), troubles }),
  z.object({
    kind: z.literal('split'),
    samples: z.object({ train: count, val: count, test: count }),
    /** `too-few-groups`: a split is empty, because there are fewer groups than splits. */
    problems: z.array(z.enum(['too-few-groups'])),
    leaks: z.object({ count, list: z.array(z.object({ sample: Sha256, other: Sha256, bits: z.number().int() })) }),
    troubles,
  }),
  z.object({
    kind: z.literal('grade'),
    grade: GradeName,
    reasons: z.array(z.union([z.object({ code: z.enum(['few-scenes', 'few-boxes', 'incomplete']), grade: GradeName, have: z.number(), need: z.number() }), z.object({ code: z.literal('repeats'), perScene: z.number(), most: z.number() })])),
    samples: count, boxes: count, complete: count, wantedScenes: count.default(1000),
    scenes: z.object({ count, effective: z.number(), inLargest: z.number(), chanceOfNew: z.number(), advice: z.enum(['enough', 'collect-more', 'widen-sources']), byGroup: z.array(z.object({ group: z.string(), scenes: count })) }),
    /** In samples that are said to be complete. null: not looked for. */
    unlabelled: z.object({ samples: count, boxes: count, list: z.array(z.object({ sha256: Sha256, found: z.array(Found) })) }).nullable(),
    troubles,
  }),
  /** `models`: all that looked, in the order of being asked; with the boxes of each. */
  z.object({ kind: z.literal('auto-label'), samples: count, boxes: count, labels: z.record(z.string(), count), model: ModelSource, models: z.array(ModelSource.extend({ boxes: count })), troubles }),
  z.object({ kind: z.literal('regroup'), datasetId: DatasetId, samples: count, crops: count, boxes: count, troubles }),
  z.object({ kind: z.literal('redact'), datasetId: DatasetId, samples: count, regions: count, troubles }),
  z.object({
    kind: z.literal('transform'),
    /** The set that they came into. */
    datasetId: DatasetId,
    /** New samples; and how many the set had already: they were left as they are. */
    samples: count, known: count,
    annotations: count,
    /** Labels of which too little is seen. */
    leftOut: count,
    made: z.array(z.object({ from: Sha256, sha256: Sha256 })).max(MOST_TRANSFORMED),
    troubles,
  }),
  z.object({
    kind: z.literal('export'),
    file: z.string(), bytes: count, sha256: Sha256, samples: count, annotations: count,
    /** Pictures without the privacy masks of their cameras: the file is for those who may see such. */
    originals: count,
    /** Samples in which something may not be labelled: what is missing there teaches that there is nothing. */
    incomplete: count.default(0),
    /** Annotations that only a model has made, of those samples: left out, or regions to ignore; 0 where they were asked for. */
    unreviewed: count.default(0),
    /** What the format has no place for: cause to count. */
    leftOut: z.record(z.string(), count),
  }),
  z.object({
    kind: z.literal('import'),
    format: z.enum(DATASET_FORMATS),
    /** Samples that are new, and those that the set had already. */
    added: count, known: count, annotations: count,
    /** With `eachFolder`: the sets that pictures came into, the first of them. */
    sets: z.array(z.object({ name: z.string(), datasetId: DatasetId })).default([]),
    /** What could not be read: all are counted, the first hundred are told. */
    problems: z.object({ count, list: z.array(z.object({ file: z.string(), at: z.string(), message: z.string() })) }),
    troubles,
  }),
  /** Not new: the set had a version of the same content already, which is its newest again. */
  z.object({ kind: z.literal('version'), digest: Sha256, isNew: z.boolean(), counts: DatasetCounts }),
  z.object({
    kind: z.literal('restore-version'),
    digest: Sha256,
    /** The version that it was before; null: it was empty. */
    before: Sha256.nullable(),
    /** Samples that came back, were made what they were, and went among the removed ones. */
    added: count, changed: count, removed: count,
  }),
  z.object({
    kind: z.literal('compare-versions'),
    from: Sha256,
    to: Sha256.nullable(),
    samples: z.object({ before: count, after: count }),
    added: count, removed: count, changed: count,
    /** The first of them. */
    list: z.array(z.object({ sha256: Sha256, what: z.enum(['added', 'removed', 'changed']) })),
    /** Annotations by label; those of which there are as many as before are left out. */
    labels: z.array(z.object({ label: z.string(), before: count, after: count })),
  }),
]);
export type DatasetJobResult = z.infer<typeof DatasetJobResult>;

export const DATASET_JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export const DatasetJob = z.object({
  id: DatasetJobId,
  datasetId: DatasetId,
  options: DatasetJobOptions,
  state: z.enum(DATASET_JOB_STATES),
  /** In pictures; secondsLeft null: not known yet, or nothing runs. */
  progress: z.object({ done: count, total: count, secondsLeft: z.number().nullable() }),
  /** null: not done. */
  result: DatasetJobResult.nullable(),
  /** Why it failed, in words a person understands. */
  problem: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type DatasetJob = z.infer<typeof DatasetJob>;

/** A job in a list: without what came out, which may be long. */
export const DatasetJobSummary = DatasetJob.omit({ result: true });
export type DatasetJobSummary = z.infer<typeof DatasetJobSummary>;
