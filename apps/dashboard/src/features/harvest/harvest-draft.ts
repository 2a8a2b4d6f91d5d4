import { HarvestRecipe, targetOf, type DatasetId, type HarvestPurpose, type HarvestSampling, type HarvestSource, type NamePattern, type SavedHarvestRecipe, type TimeWindow, type UploadId, type VideoGrouping } from '@argus/contracts';
import type { TextKey } from '../../i18n/en.js';

export type SamplingKind = HarvestSampling['kind'];
export const SAMPLING_KINDS = ['frames', 'seconds', 'keyframes', 'motion', 'objects', 'events'] as const satisfies readonly SamplingKind[];
/** Of video files nobody knows what moved or was seen. */
export const VIDEO_SAMPLING_KINDS = ['frames', 'seconds', 'keyframes', 'scenes'] as const satisfies readonly SamplingKind[];
export const DATE_KINDS = ['last', 'range', 'all'] as const;
export const TARGETS = ['new', 'one', 'matrix'] as const;
export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** `name` null: it was uploaded earlier, or by somebody else. */
export interface UploadedVideo {
  readonly id: UploadId;
  readonly name: string | null;
}

/** What the form holds. A number that is not filled in is null; each kind of sampling keeps its numbers while another is chosen. */
export interface HarvestDraft {
  readonly name: string;
  readonly source: HarvestSource['kind'];
  /** Of the server; empty: none is chosen yet. */
  readonly folder: string;
  readonly uploads: readonly UploadedVideo[];
  /** Files that are still on their way. */
  readonly uploading: number;
  readonly grouping: VideoGrouping;
  readonly takeFiles: readonly NamePattern[];
  readonly leaveFiles: readonly NamePattern[];
  readonly hasLeast: boolean;
  readonly leastWidth: number | null;
  readonly leastHeight: number | null;
  readonly include: readonly NamePattern[];
  readonly exclude: readonly NamePattern[];
  readonly tags: readonly string[];
  readonly dates: (typeof DATE_KINDS)[number];
  readonly days: number | null;
  readonly from: string;
  readonly to: string;
  readonly weekdays: readonly number[];
  readonly windows: readonly TimeWindow[];
  /** null: each camera's own. */
  readonly zone: string | null;
  readonly sampling: SamplingKind;
  readonly everyPictures: number | null;
  readonly everySeconds: number | null;
  /** Between key frames: 0 takes each. */
  readonly keySeconds: number | null;
  readonly labels: readonly string[];
  readonly maxScore: number | null;
  readonly disagreement: boolean;
  readonly beforeSeconds: number | null;
  readonly afterSeconds: number | null;
  readonly fit: boolean;
  readonly width: number | null;
  readonly height: number | null;
  readonly jpegQuality: number | null;
  readonly dropNearDuplicates: boolean;
  /** null: as many as there are. */
  readonly quota: number | null;
  readonly masked: boolean;
  readonly purpose: HarvestPurpose;
  /** A new set with the recipe's name, one that is there, or a set for each camera or group. */
  readonly target: (typeof TARGETS)[number];
  readonly datasetId: DatasetId | null;
  readonly repeats: boolean;
  readonly at: string;
  readonly repeatDays: readonly number[];
}

/** The commonest wish, ready to be changed: the last thirty days, around the clock, one picture a second at 25 pictures a second. */
export function startDraft(today: string): HarvestDraft {
  return {
    name: '', source: 'cameras', folder: '', uploads: [], uploading: 0, grouping: 'folder', takeFiles: [], leaveFiles: [], hasLeast: false, leastWidth: 1280, leastHeight: 720, include: [], exclude: [], tags: [],
    dates: 'last', days: 30, from: dayBefore(today, 30), to: dayBefore(today, 1), weekdays: EVERY_DAY, windows: [], zone: null,
    sampling: 'frames', everyPictures: 25, everySeconds: 1, keySeconds: 0, labels: [], maxScore: 1, disagreement: false, beforeSeconds: 2, afterSeconds: 2,
    fit: false, width: 1280, height: 720, jpegQuality: 92, dropNearDuplicates: true, quota: null, masked: true, purpose: 'detector', target: 'new', datasetId: null, repeats: false, at: '02:00', repeatDays: EVERY_DAY,
  };
}

/** A recipe in the form; what it does not say is as in a new one. */
export function draftOf(recipe: HarvestRecipe, today: string): HarvestDraft {
  const { name, source, cameras, calendar, sampling, size, jpegQuality, dropNearDuplicates, quotaPerCamera, masked, purpose, datasetId, schedule } = recipe;
  const { dates, weekdays, windows, timeZone } = calendar;
  return {
    ...startDraft(today),
    name, ...filesOf(source), include: cameras.include, exclude: cameras.exclude, tags: cameras.tags,
    dates: dates.kind, ...(dates.kind === 'last' ? { days: dates.days } : dates.kind === 'range' ? { from: dates.from, to: dates.to } : {}),
    weekdays, windows, zone: timeZone,
    sampling: sampling.kind, ...numbersOf(sampling),
    ...(size.kind === 'fit' ? { fit: true, width: size.width, height: size.height } : {}),
    jpegQuality, dropNearDuplicates, quota: quotaPerCamera, masked, purpose, target: targetOf(recipe) === 'matrix' ? 'matrix' : datasetId === null ? 'new' : 'one', datasetId,
    ...(schedule === null ? {} : { repeats: true, at: schedule.at, repeatDays: schedule.weekdays }),
  };
}

/** The same again under another name, into a set of its own, run by hand. */
export function copyOf({ id: _id, createdAt: _createdAt, updatedAt: _updatedAt, createdBy: _createdBy, nextRunAt: _nextRunAt, ...recipe }: SavedHarvestRecipe, name: string): HarvestRecipe {
  return { ...recipe, name: name.slice(0, 120), datasetId: null, schedule: null };
}

function filesOf(source: HarvestSource): Partial<HarvestDraft> {
  if (source.kind === 'cameras') return { source: 'cameras' };
  const { kind, grouping, include: takeFiles, exclude: leaveFiles, least } = source;
  const where = kind === 'folder' ? { folder: source.path } : { uploads: source.uploadIds.map((id) => ({ id, name: null })) };
  return { source: kind, ...where, grouping, takeFiles, leaveFiles, ...(least === null ? {} : { hasLeast: true, leastWidth: least.width, leastHeight: least.height }) };
}

/** With another source a kind of sampling that it does not know becomes the commonest one. */
export function withSource(draft: HarvestDraft, source: HarvestDraft['source']): Partial<HarvestDraft> {
  const kinds: readonly SamplingKind[] = source === 'cameras' ? SAMPLING_KINDS : VIDEO_SAMPLING_KINDS;
  return { source, ...(kinds.includes(draft.sampling) ? {} : { sampling: 'frames' }) };
}

/** What suits the purpose, unless a person has chosen a set that suits it, too. */
export function withPurpose({ target }: HarvestDraft, purpose: HarvestPurpose): Partial<HarvestDraft> {
  return { purpose, target: purpose === 'classifier' ? 'matrix' : target === 'matrix' ? 'new' : target };
}

/** The set, and what is to be said of the target: nothing where it follows from the purpose. */
function targetWish({ purpose, target, datasetId: chosen }: HarvestDraft): Pick<HarvestRecipe, 'datasetId' | 'target'> {
  const datasetId = target === 'one' ? chosen : null;
  const wanted = target === 'matrix' ? 'matrix' : 'set';
  return { datasetId, target: targetOf({ purpose, datasetId, target: null }) === wanted ? null : wanted };
}

function numbersOf(sampling: HarvestSampling): Partial<HarvestDraft> {
  switch (sampling.kind) {
    case 'frames':
      return { everyPictures: sampling.every };
    case 'keyframes':
    case 'scenes':
      return { keySeconds: sampling.every };
    case 'objects':
      return { everySeconds: sampling.every, labels: sampling.labels, maxScore: sampling.maxScore, disagreement: sampling.disagreement };
    case 'events':
      return { everySeconds: sampling.every, labels: sampling.labels, beforeSeconds: sampling.beforeSeconds, afterSeconds: sampling.afterSeconds };
    default:
      return { everySeconds: sampling.every };
  }
}

function samplingOf(draft: HarvestDraft): object {
  const { sampling: kind, everySeconds: every, labels, maxScore, disagreement, beforeSeconds, afterSeconds } = draft;
  switch (kind) {
    case 'frames':
      return { kind, every: draft.everyPictures };
    case 'keyframes':
    case 'scenes':
      return { kind, every: draft.keySeconds };
    case 'objects':
      return { kind, every, labels, maxScore, disagreement };
    case 'events':
      return { kind, every, labels, beforeSeconds, afterSeconds };
    default:
      return { kind, every };
  }
}

function sourceOf({ source: kind, folder, uploads, grouping, takeFiles: include, leaveFiles: exclude, hasLeast, leastWidth: width, leastHeight: height }: HarvestDraft): object {
  if (kind === 'cameras') return { kind };
  const files = { grouping, include, exclude, least: hasLeast ? { width, height } : null };
  return kind === 'folder' ? { kind, path: folder, ...files } : { kind, uploadIds: uploads.map(({ id }) => id), ...files };
}

/** What the contract is to judge. */
function wishOf(draft: HarvestDraft): object {
  const { dates: kind, days, from, to } = draft;
  const ofCameras = draft.source === 'cameras';
  return {
    name: draft.name,
    source: sourceOf(draft),
    cameras: ofCameras ? { include: draft.include, exclude: draft.exclude, tags: draft.tags } : {},
    calendar: !ofCameras ? { dates: { kind: 'all' }, timeZone: draft.zone } : { dates: kind === 'last' ? { kind, days } : kind === 'range' ? { kind, from, to } : { kind }, weekdays: sorted(draft.weekdays), windows: draft.windows, timeZone: draft.zone },
    sampling: samplingOf(draft),
    size: draft.fit ? { kind: 'fit', width: draft.width, height: draft.height } : { kind: 'original' },
    jpegQuality: draft.jpegQuality,
    dropNearDuplicates: draft.dropNearDuplicates,
    quotaPerCamera: draft.quota,
    masked: draft.masked,
    purpose: draft.purpose,
    ...targetWish(draft),
    schedule: draft.repeats ? { at: draft.at, weekdays: sorted(draft.repeatDays) } : null,
  };
}

/** Where in the form a part of a recipe is filled in. The first that fits counts. */
const FIELDS = [
  ['name', 'name'],
  ['source.path', 'folder'],
  ['source.uploadIds', 'uploads'],
  ['source.include', 'takeFiles'],
  ['source.exclude', 'leaveFiles'],
  ['source.least', 'least'],
  ['cameras.include', 'include'],
  ['cameras.exclude', 'exclude'],
  ['cameras.tags', 'tags'],
  ['calendar.dates.days', 'days'],
  ['calendar.dates', 'range'],
  ['calendar.weekdays', 'weekdays'],
  ['calendar.windows', 'windows'],
  ['calendar.timeZone', 'zone'],
  ['sampling.maxScore', 'maxScore'],
  ['sampling.beforeSeconds', 'around'],
  ['sampling.afterSeconds', 'around'],
  ['sampling.labels', 'labels'],
  ['sampling', 'every'],
  ['size', 'size'],
  ['jpegQuality', 'quality'],
  ['quotaPerCamera', 'quota'],
  ['schedule.weekdays', 'repeatDays'],
  ['schedule', 'at'],
  ['datasetId', 'dataset'],
  ['masked', 'masked'],
] as const;
export type HarvestField = (typeof FIELDS)[number][1];
/** What is wrong with a field, as a text of the dashboard. */
export type DraftProblems = Partial<Record<HarvestField, TextKey>>;

/** The recipe, or which fields do not fit. */
export function readDraft(draft: HarvestDraft): { readonly recipe: HarvestRecipe; readonly problems: null } | { readonly recipe: null; readonly problems: DraftProblems } {
  const result = HarvestRecipe.safeParse(wishOf(draft));
  const problems: DraftProblems = { ...(draft.target === 'one' && draft.datasetId === null ? { dataset: 'harvest.wanted.dataset' } : {}), ...(draft.source === 'uploads' && draft.uploading > 0 ? { uploads: 'harvest.wanted.uploading' } : {}) };
  if (result.success && Object.keys(problems).length === 0) return { recipe: result.data, problems: null };
  for (const { path } of result.error?.issues ?? []) {
    const place = path.join('.');
    const field = FIELDS.find(([start]) => place.startsWith(start))?.[1] ?? 'name';
    problems[field] ??= field === 'every' && draft.sampling === 'frames' ? 'harvest.wanted.everyPictures' : `harvest.wanted.${field}`;
  }
  return { recipe: null, problems };
}

/** What a preview is asked with: what changes no figure is left out, and a pattern counts while it is typed. null: a number is not filled in. */
export function previewWish(draft: HarvestDraft, typed: NamePattern | null): HarvestRecipe | null {
  return readDraft({ ...draft, name: '?', uploading: 0, include: typed ? [...draft.include, typed] : draft.include, repeats: false, target: draft.target === 'one' && draft.datasetId === null ? 'new' : draft.target }).recipe;
}

const sorted = (days: readonly number[]): number[] => [...days].sort((a, b) => a - b);

/** A local date so many days before another. */
export const dayBefore = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
