import { z } from 'zod';
import { DatasetId, HarvestRecipeId, HarvestRunId } from '../ids.js';
import { HarvestSource } from './harvest-source.js';
import { TimeOfDay } from '../live/rule.js';
import { NamePattern } from './name-pattern.js';

/** Which cameras. A camera is taken when one of `include` fits its name (none given: every name), none of `exclude` does, and it has one of `tags` (none given: any). */
export const CameraSelector = z.object({
  include: z.array(NamePattern).max(50).default([]),
  exclude: z.array(NamePattern).max(50).default([]),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
});
export type CameraSelector = z.infer<typeof CameraSelector>;

/** The half-open local time [from, to) of a day; `to` not after `from`: over midnight, and the piece after midnight belongs to the date of its start. 24:00 is allowed for `to`. */
export const TimeWindow = z.object({ from: TimeOfDay, to: z.union([TimeOfDay, z.literal('24:00')]) });
export type TimeWindow = z.infer<typeof TimeWindow>;

const localDate = z.iso.date();

/** Which local dates: fixed ones, or a number of days up to yesterday. Ends are inclusive. */
export const HarvestDates = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('range'), from: localDate, to: localDate }).refine(({ from, to }) => from <= to, { path: ['to'], error: 'expected a date that is not before `from`' }),
  z.object({ kind: z.literal('last'), days: z.number().int().min(1).max(3650) }),
  /** Everything there is. */
  z.object({ kind: z.literal('all') }),
]);

/** When. An instant is in it if and only if its local wall time is. */
export const HarvestCalendar = z.object({
  dates: HarvestDates,
  /** ISO days, 1 Monday to 7 Sunday; of the date on which a window starts. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  /** None: the whole day. */
  windows: z.array(TimeWindow).max(24).default([]),
  /** IANA zone; null: each camera's own. */
  timeZone: z.string().min(1).max(60).nullable().default(null),
});
export type HarvestCalendar = z.infer<typeof HarvestCalendar>;

/** Which pictures of the chosen footage. */
export const HarvestSampling = z.discriminatedUnion('kind', [
  /** Pictures 0, n, 2n … of each file. */
  z.object({ kind: z.literal('frames'), every: z.number().int().min(1).max(1_000_000) }),
  z.object({ kind: z.literal('seconds'), every: z.number().min(0.04).max(86_400) }),
  /** The first picture of each group: quick, because nothing else is decoded. At most one in `every` seconds. */
  z.object({ kind: z.literal('keyframes'), every: z.number().min(0).max(86_400).default(0) }),
  /** The first picture, and the first after each scene cut; at most one in `every` seconds. Everything is decoded to find them, so it is for files only. */
  z.object({ kind: z.literal('scenes'), every: z.number().min(0).max(86_400).default(0) }),
  /** While something moved (as the engine saw it), one in `every` seconds. */
  z.object({ kind: z.literal('motion'), every: z.number().min(0.04).max(86_400) }),
  /** Where the engine saw an object with one of these labels (none given: any), one in `every` seconds. `maxScore`: it was not sure. `disagreement`: the second stage's votes were split. */
  z.object({ kind: z.literal('objects'), every: z.number().min(0.04).max(86_400), labels: z.array(z.string().min(1).max(60)).max(200).default([]), maxScore: z.number().min(0).max(1).default(1), disagreement: z.boolean().default(false) }),
  /** Around events, one in `every` seconds. */
  z.object({ kind: z.literal('events'), every: z.number().min(0.04).max(86_400), labels: z.array(z.string().min(1).max(60)).max(200).default([]), beforeSeconds: z.number().min(0).max(600).default(2), afterSeconds: z.number().min(0).max(600).default(2) }),
]);
export type HarvestSampling = z.infer<typeof HarvestSampling>;

export const HarvestSize = z.discriminatedUnion('kind', [z.object({ kind: z.literal('original') }), z.object({ kind: z.literal('fit'), width: z.number().int().min(16).max(8192), height: z.number().int().min(16).max(8192) })]);

export type HarvestSize = z.infer<typeof HarvestSize>;

/** What only the engine knows of a camera's footage. */
const OF_CAMERAS: readonly HarvestSampling['kind'][] = ['motion', 'objects', 'events'];

/** What is to learn from the pictures. */
export const HARVEST_PURPOSES = ['detector', 'classifier'] as const;
export type HarvestPurpose = (typeof HARVEST_PURPOSES)[number];

/** `set`: all pictures come into one. `matrix`: those of each camera, or group of files, into a set of its own; the sets have the recipe's name as a tag. */
export const HARVEST_TARGETS = ['set', 'matrix'] as const;
export type HarvestTarget = (typeof HARVEST_TARGETS)[number];

/** What a person asks for: which footage, which of its pictures, and where they go. */
const recipe = z.object({
  name: z.string().trim().min(1).max(120).meta({ title: 'Name' }),
  source: HarvestSource.default({ kind: 'cameras' }),
  /** Of a source of cameras. */
  cameras: CameraSelector,
  /** Of a source of cameras; of video files only the zone counts, in which their times are told. */
  calendar: HarvestCalendar,
  sampling: HarvestSampling,
  size: HarvestSize.default({ kind: 'original' }),
  jpegQuality: z.number().int().min(30).max(100).default(92),
  /** Leave out pictures that are nearly those taken before of the same camera or group of files. */
  dropNearDuplicates: z.boolean().default(true),
  /** Pictures of one camera, or group of files, at most, over all runs; null: as many as there are. They are spread evenly over what was chosen. */
  quotaPerCamera: z.number().int().min(1).max(10_000_000).nullable().default(null),
  /** Privacy masks are burnt in; false needs `recording.original`. */
  masked: z.boolean().default(true),
  purpose: z.enum(HARVEST_PURPOSES).default('detector'),
  /** null: what suits the purpose, see `targetOf`. */
  target: z.enum(HARVEST_TARGETS).nullable().default(null),
  /** Of one set; null: a new one with the recipe's name is made by the first run. */
  datasetId: DatasetId.nullable().default(null),
  /** Repeats by itself, and takes what is new; null: only when somebody runs it. Minutes of the day in UTC offset by the zone of the calendar. */
  schedule: z.object({ at: TimeOfDay, weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]) }).nullable().default(null),
});
export const HarvestRecipe = recipe.superRefine(({ source, target, datasetId, sampling: { kind } }, context) => {
  if (target === 'matrix' && datasetId !== null) context.addIssue({ code: 'custom', path: ['datasetId'], message: 'expected null: of a matrix each camera has a set of its own' });
  const wanted = source.kind === 'cameras' ? (kind === 'scenes' ? 'another kind: scene cuts are looked for in video files only' : null) : OF_CAMERAS.includes(kind) ? 'frames, seconds, keyframes or scenes: of video files nobody knows what moved or was seen' : null;
  if (wanted !== null) context.addIssue({ code: 'custom', path: ['sampling', 'kind'], message: `expected ${wanted}` });
});
export type HarvestRecipe = z.infer<typeof HarvestRecipe>;

/** Where pictures go: what was said, else what suits the purpose. A detector is well served by one set; a classifier wants them side by side. */
export const targetOf = ({ purpose, target, datasetId }: Pick<HarvestRecipe, 'purpose' | 'target' | 'datasetId'>): HarvestTarget => target ?? (purpose === 'classifier' && datasetId === null ? 'matrix' : 'set');

export const SavedHarvestRecipe = recipe.extend({
  id: HarvestRecipeId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
  /** When it runs by itself next; null: never. */
  nextRunAt: z.iso.datetime().nullable(),
});
export type SavedHarvestRecipe = z.infer<typeof SavedHarvestRecipe>;

/** A file, or a folder of files, that cannot be read: its name as people know it, and why. */
export const HarvestTrouble = z.object({ video: z.string(), problem: z.string() });
export type HarvestTrouble = z.infer<typeof HarvestTrouble>;

/** What a run would take, before it runs. */
export const HarvestPreview = z.object({
  cameras: z.number().int().nonnegative(),
  /** Names of the first ones. */
  cameraNames: z.array(z.string()).max(200),
  segments: z.number().int().nonnegative(),
  footageSeconds: z.number().nonnegative(),
  footageBytes: z.number().nonnegative(),
  /** Upper bounds: duplicates are known only when pictures are seen. */
  frames: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  /** null: nothing was measured here yet. */
  minutes: z.number().nonnegative().nullable(),
  /** Of a source of video files; null: of cameras. */
  videos: z
    .object({
      files: z.number().int().nonnegative(),
      groups: z.number().int().nonnegative(),
      /** Names of the first groups. */
      groupNames: z.array(z.string()).max(200),
      /** So many were opened; of more the figures are reckoned from these. None, and no hours: no worker answered. */
      measured: z.number().int().nonnegative(),
      /** Of these: smaller than the recipe wants; no video, or damaged. */
      tooSmall: z.number().int().nonnegative(),
      unreadable: z.number().int().nonnegative(),
      /** The first of what cannot be read, and why. */
      troubles: z.array(HarvestTrouble).max(10).default([]),
    })
    .nullable()
    .default(null),
});
export type HarvestPreview = z.infer<typeof HarvestPreview>;

export const HARVEST_RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export const HarvestRun = z.object({
  id: HarvestRunId,
  recipeId: HarvestRecipeId,
  recipe: HarvestRecipe,
  state: z.enum(HARVEST_RUN_STATES),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** null: not made yet, or a matrix of sets. */
  datasetId: DatasetId.nullable(),
  /** Files of footage; `rejected`: video files that are smaller than the recipe wants; `underWay`: what is done of those that are being read, as a number of files. */
  segments: z.object({ total: z.number().int(), done: z.number().int(), failed: z.number().int(), rejected: z.number().int().default(0), underWay: z.number().default(0) }),
  /** Taken; left out as they were there already, byte for byte; as they nearly were. */
  samples: z.object({ added: z.number().int(), known: z.number().int(), near: z.number().int() }),
  bytes: z.number(),
  /** null: not known yet, or nothing runs. */
  secondsLeft: z.number().nullable(),
  /** Why it failed, in words a person understands. */
  problem: z.string().nullable(),
  /** Files that could not be read, and why: the first hundred. */
  troubles: z.array(HarvestTrouble).max(100),
});
export type HarvestRun = z.infer<typeof HarvestRun>;
