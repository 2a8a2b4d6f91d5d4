import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HarvestRecipe, type DatasetId, type NamePattern, type UploadId } from '@argus/contracts';
import type { parseOptions } from '../command.js';
import { BadFileError, UsageError } from '../errors.js';
import { videoSourceOf } from './source-flags.js';

/** The wish for a recipe, in flags. */
export const RECIPE_OPTIONS = {
  name: { type: 'string' },
  videos: { type: 'string' },
  upload: { type: 'string', multiple: true },
  group: { type: 'string' },
  least: { type: 'string' },
  match: { type: 'string', multiple: true },
  glob: { type: 'string', multiple: true },
  regex: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  'exclude-glob': { type: 'string', multiple: true },
  'exclude-regex': { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  'last-days': { type: 'string' },
  all: { type: 'boolean' },
  window: { type: 'string', multiple: true },
  weekdays: { type: 'string' },
  zone: { type: 'string' },
  every: { type: 'string' },
  seconds: { type: 'string' },
  keyframes: { type: 'boolean' },
  scenes: { type: 'boolean' },
  motion: { type: 'string' },
  objects: { type: 'string' },
  events: { type: 'string' },
  label: { type: 'string', multiple: true },
  'max-score': { type: 'string' },
  disagreement: { type: 'boolean' },
  before: { type: 'string' },
  after: { type: 'string' },
  fit: { type: 'string' },
  quality: { type: 'string' },
  quota: { type: 'string' },
  'keep-duplicates': { type: 'boolean' },
  originals: { type: 'boolean' },
  for: { type: 'string' },
  into: { type: 'string' },
  dataset: { type: 'string' },
  at: { type: 'string' },
  'at-weekdays': { type: 'string' },
} as const;

export type RecipeValues = ReturnType<typeof parseOptions<typeof RECIPE_OPTIONS>>['values'];
type Name = keyof typeof RECIPE_OPTIONS;

export const RECIPE_USAGE = `  cameras    --match TEXT, --glob PATTERN (* and ?), --regex RE2: their names, one of them has to fit; none: every camera
             --exclude, --exclude-glob, --exclude-regex: but not these.  --tag TAG: with one of these tags
  or files   --videos DIR: video files in a folder of the server, which its operator allows;  --upload FILE|FOLDER…: sent from here
             --match and the like are of their paths, e.g. south/gate_1.mp4.  --group folder|prefix (before the first _ or -): what they
             belong to.  --least 1280x720: smaller films are left out.  --scenes [--seconds T]: one picture of each scene
  days       --last-days N (30 unless said otherwise), or --from DATE --to DATE, both inclusive, or --all;  --weekdays 1,2,3 (1 Monday)
  hours      --window 19:00-21:00, several times; an end that is not after its start is on the next day.  --zone ZONE: else each camera's own
  pictures   --every N (25): each Nth;  --seconds T: one in T seconds;  --keyframes [--seconds T];  --motion T: while something moves;
             --objects T [--label person] [--max-score 0.6] [--disagreement];  --events T [--label person] [--before S] [--after S]
  kept as    --fit WxH, --quality 30..100, --quota N of one camera or group, --keep-duplicates, --originals (without privacy masks)
  into       --for detector (unless said otherwise): one set, made by the first run with the recipe's name, or --dataset NAME|ID
             --for classifier: a matrix, a set for each camera or group.  --into set|matrix: the other way round
  by itself  --at HH:MM [--at-weekdays 1,2,3], by the clock of --zone, else UTC
             Several of --match, --glob, --regex, --exclude…, --tag, --window, --label may be given.`;

/** Where an option stands in a recipe, and what it has to be. The first that fits counts. */
const FIELDS: readonly (readonly [place: string, option: Name, expected: string])[] = [
  ['source.path', 'videos', 'an absolute path on the server'],
  ['source.grouping', 'group', 'folder or prefix'],
  ['source.least', 'least', 'WIDTHxHEIGHT of 16 to 16384 pixels, like 1280x720'],
  ['source.include', 'match', 'at most 50 names of 1 to 200 characters'],
  ['source.exclude', 'exclude', 'at most 50 names of 1 to 200 characters'],
  ['name', 'name', 'a name of 1 to 120 characters'],
  ['cameras.include', 'match', 'at most 50 names of 1 to 200 characters'],
  ['cameras.exclude', 'exclude', 'at most 50 names of 1 to 200 characters'],
  ['cameras.tags', 'tag', 'at most 50 tags of 1 to 60 characters'],
  ['calendar.dates.days', 'last-days', 'a whole number of days from 1 to 3650'],
  ['calendar.dates.from', 'from', 'a date like 2026-03-29'],
  ['calendar.dates.to', 'to', 'a date like 2026-03-29, not before --from'],
  ['calendar.weekdays', 'weekdays', 'days from 1 (Monday) to 7 (Sunday), like 1,2,3'],
  ['calendar.windows', 'window', 'local times like 19:00-21:00; the end may be 24:00'],
  ['calendar.timeZone', 'zone', 'an IANA name like "Asia/Shanghai"'],
  ['sampling.labels', 'label', 'a label like person'],
  ['sampling.maxScore', 'max-score', 'a number from 0 to 1'],
  ['sampling.beforeSeconds', 'before', 'seconds from 0 to 600'],
  ['sampling.afterSeconds', 'after', 'seconds from 0 to 600'],
  ['size', 'fit', 'WIDTHxHEIGHT of 16 to 8192 pixels, like 1280x720'],
  ['jpegQuality', 'quality', 'a whole number from 30 to 100'],
  ['purpose', 'for', 'detector or classifier'],
  ['target', 'into', 'set or matrix'],
  ['datasetId', 'dataset', 'no set with --into matrix: each camera has one of its own'],
  ['quotaPerCamera', 'quota', 'a whole number of at least 1'],
  ['schedule.weekdays', 'at-weekdays', 'days from 1 (Monday) to 7 (Sunday), like 1,2,3'],
  ['schedule', 'at', 'HH:MM, 00:00 to 23:59'],
];
const SAMPLINGS = ['every', 'seconds', 'motion', 'objects', 'events'] as const;

/** The flags of a recipe that were given. */
export const recipeFlags = (values: RecipeValues): Name[] => (Object.keys(RECIPE_OPTIONS) as Name[]).filter((name) => values[name] !== undefined);

/** The recipe that flags mean; what they do not say is as the contract and the dashboard have it. `datasetId`: of --dataset; `uploadIds`: of --upload. @throws UsageError that names the flag */
export function recipeOfFlags(values: RecipeValues, datasetId: DatasetId | null, uploadIds: readonly UploadId[] = []): HarvestRecipe {
  const names = { include: patterns(values.match, values.glob, values.regex), exclude: patterns(values.exclude, values['exclude-glob'], values['exclude-regex']) };
  const videos = videoSourceOf(values, names, uploadIds, sizeOf);
  const parsed = HarvestRecipe.safeParse({
    name: values.name,
    source: videos ?? undefined,
    cameras: videos === null ? { ...names, tags: values.tag } : {},
    calendar: { dates: videos === null ? datesOf(values) : { kind: 'all' }, weekdays: daysOf(values.weekdays), windows: values.window?.map(windowOf), timeZone: values.zone },
    sampling: samplingOf(values),
    size: values.fit === undefined ? undefined : { kind: 'fit', ...sizeOf(values.fit) },
    jpegQuality: numberOf(values.quality),
    dropNearDuplicates: values['keep-duplicates'] !== true,
    quotaPerCamera: numberOf(values.quota),
    masked: values.originals !== true,
    purpose: values.for,
    target: values.into,
    datasetId,
    schedule: scheduleOf(values),
  });
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  const [, option, expected] = FIELDS.find(([field]) => place.startsWith(field)) ?? ['', samplingFlag(values), samplingFlag(values) === 'every' ? 'a whole number from 1 to 1000000' : 'seconds from 0.04 to 86400'];
  throw new UsageError(`--${option}: expected ${expected}, got ${values[option] === undefined ? 'nothing' : `"${String(values[option])}"`}`);
}

/** A recipe in a file, as the API takes it or `show --json` gives it. @throws BadFileError that names the bad field */
export async function recipeOfFile(file: string, cwd: string): Promise<HarvestRecipe> {
  const path = resolve(cwd, file);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new BadFileError(`${path}: expected a file with a recipe; it cannot be read: ${error.message}`, { path }, { cause: error });
  });
  const parsed = HarvestRecipe.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.slice(0, 5).map((issue) => `  ${issue.path.join('.') || 'the whole file'}: ${issue.message}`);
  throw new BadFileError(`${path}: expected a harvest recipe\n${lines.join('\n')}`, { path });
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadFileError(`${path}: expected JSON: ${(error as Error).message}`, { path }, { cause: error });
  }
}

const patterns = (keyword: readonly string[] = [], glob: readonly string[] = [], regex: readonly string[] = []): NamePattern[] =>
  Object.entries({ keyword, glob, regex }).flatMap(([kind, list]) => list.map((pattern) => ({ kind: kind as NamePattern['kind'], pattern })));

function datesOf(values: RecipeValues): object {
  const ways = [values['last-days'] !== undefined && '--last-days', (values.from !== undefined || values.to !== undefined) && '--from and --to', values.all && '--all'].filter(Boolean);
  if (ways.length > 1) throw new UsageError(`expected one of --last-days, --from with --to, --all; got ${ways.join(' and ')}`);
  if (values.all) return { kind: 'all' };
  if (values.from === undefined && values.to === undefined) return { kind: 'last', days: numberOf(values['last-days']) ?? 30 };
  if (values.from === undefined || values.to === undefined) throw new UsageError(`expected --${values.from === undefined ? 'from' : 'to'} too: a range has both`);
  return { kind: 'range', from: values.from, to: values.to };
}

function samplingOf(values: RecipeValues): object {
  const { label: labels } = values;
  const given = SAMPLINGS.filter((name) => values[name] !== undefined && !(name === 'seconds' && (values.keyframes || values.scenes)));
  const all = [...(values.keyframes ? ['keyframes'] : []), ...(values.scenes ? ['scenes'] : []), ...given];
  if (all.length > 1) throw new UsageError(`expected one of --every, --seconds, --keyframes, --scenes, --motion, --objects, --events; got ${all.map((name) => `--${name}`).join(' and ')}`);
  refuseWithout(values, ['label'], values.objects !== undefined || values.events !== undefined, '--objects or --events');
  refuseWithout(values, ['max-score', 'disagreement'], values.objects !== undefined, '--objects');
  refuseWithout(values, ['before', 'after'], values.events !== undefined, '--events');
  if (values.keyframes) return { kind: 'keyframes', every: numberOf(values.seconds) };
  if (values.scenes) return { kind: 'scenes', every: numberOf(values.seconds) };
  if (values.seconds !== undefined) return { kind: 'seconds', every: numberOf(values.seconds) };
  if (values.motion !== undefined) return { kind: 'motion', every: numberOf(values.motion) };
  if (values.objects !== undefined) return { kind: 'objects', every: numberOf(values.objects), labels, maxScore: numberOf(values['max-score']), disagreement: values.disagreement };
  if (values.events !== undefined) return { kind: 'events', every: numberOf(values.events), labels, beforeSeconds: numberOf(values.before), afterSeconds: numberOf(values.after) };
  return { kind: 'frames', every: numberOf(values.every) ?? 25 };
}

const samplingFlag = (values: RecipeValues): Name => SAMPLINGS.find((name) => values[name] !== undefined) ?? 'every';

function scheduleOf(values: RecipeValues): object | null {
  refuseWithout(values, ['at-weekdays'], values.at !== undefined, '--at');
  return values.at === undefined ? null : { at: values.at, weekdays: daysOf(values['at-weekdays']) };
}

function refuseWithout(values: RecipeValues, names: readonly Name[], isFine: boolean, wanted: string): void {
  const name = isFine ? undefined : names.find((one) => values[one] !== undefined);
  if (name) throw new UsageError(`--${name} goes with ${wanted}`);
}

function windowOf(text: string): object {
  const [from, to] = halves(text, '-');
  return { from, to };
}

function sizeOf(text: string): { width: number | undefined; height: number | undefined } {
  const [width, height] = halves(text, 'x').map((part) => numberOf(part));
  return { width, height };
}

const halves = (text: string, sign: string): string[] => [text.slice(0, Math.max(0, text.indexOf(sign))), text.slice(text.indexOf(sign) + 1)];

const daysOf = (text: string | undefined): number[] | undefined => text?.split(',').map((day) => numberOf(day) ?? NaN).sort((a, b) => a - b);

/** What is no number is none to the contract either. */
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : text.trim() === '' ? NaN : Number(text));
