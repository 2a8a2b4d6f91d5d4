import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wholeNames, type ApiClient } from '@argus/api-client';
import { SampleDigestQuery, Sha256, type DatasetId } from '@argus/contracts';
import { BadFileError, UsageError } from '../errors.js';

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;
/** Which samples of a set, as the dashboard filters and chooses them. */
export const CHOICE_OPTIONS = {
  all: { type: 'boolean' }, sample: many, samples: one, group: many, label: many, 'in-split': many, complete: one, 'in-focus': one, from: one, to: one, truncated: one,
  'sharpness-from': one, 'sharpness-to': one, 'brightness-from': one, 'brightness-to': one, 'box-from': one, 'box-to': one, sort: one, first: one,
} as const;
export type Choice = { readonly [K in keyof typeof CHOICE_OPTIONS]?: (typeof CHOICE_OPTIONS)[K] extends { multiple: true } ? string[] : (typeof CHOICE_OPTIONS)[K] extends { type: 'boolean' } ? boolean : string };

export const CHOICE_USAGE = `Which samples:
  --sample SHA256     this one; may be given several times
  --samples FILE      those in a file, one a line
  --group NAME, --label NAME, --in-split train|val|test|none     may be given several times
  --complete yes|no   whether everything in it is labelled
  --in-focus yes|no   whether it is marked as one to work on
  --from TIME, --to TIME     when it was taken, with zone
  --truncated yes|no  has an object at the picture's edge
  --sharpness-from N, --sharpness-to N, --brightness-from N, --brightness-to N, --box-from N, --box-to N     [from, to)
  --sort ORDER        place, value, quality, least-work, sharpest, most-blurred, brightest, darkest, largest-box, smallest-box
  --first N           only the first N of them
  --all               all of the set`;

const PAGE = 20_000;
const FILTERS = ['group', 'label', 'in-split', 'complete', 'in-focus', 'from', 'to', 'truncated', 'sharpness-from', 'sharpness-to', 'brightness-from', 'brightness-to', 'box-from', 'box-to'] as const;

export interface ReadChoice {
  /** null: those that the query finds. */
  readonly digests: readonly string[] | null;
  readonly query: SampleDigestQuery;
  readonly first: number;
}

/** What is wrong is said before anybody is asked. @throws UsageError, BadFileError */
export async function readChoice(choice: Choice, cwd: string, removed: boolean): Promise<ReadChoice> {
  const isFiltered = FILTERS.some((name) => choice[name] !== undefined);
  const isNamed = choice.sample !== undefined || choice.samples !== undefined;
  if (isNamed && (isFiltered || choice.all || choice.sort !== undefined)) throw new UsageError('expected either samples by name (--sample, --samples) or a filter, got both');
  if (!isNamed && !isFiltered && !choice.all && choice.first === undefined) throw new UsageError('expected which samples: --sample, --samples, a filter such as --label, --first or --all');
  const parsed = SampleDigestQuery.safeParse({
    ...(choice.group && { group: choice.group }), ...(choice.label && { label: choice.label }), ...(choice['in-split'] && { split: choice['in-split'] }),
    complete: choice.complete, focus: choice['in-focus'], from: choice.from, to: choice.to, truncated: choice.truncated, sharpnessFrom: choice['sharpness-from'], sharpnessTo: choice['sharpness-to'],
    brightnessFrom: choice['brightness-from'], brightnessTo: choice['brightness-to'], boxFrom: choice['box-from'], boxTo: choice['box-to'], sort: choice.sort, removed: String(removed), limit: PAGE,
  });
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const first = choice.first === undefined ? Infinity : Number(choice.first);
  if (!(first >= 1) || (Number.isFinite(first) && !Number.isInteger(first))) throw new UsageError(`--first: expected a whole number from 1, got "${choice.first}"`);
  return { digests: isNamed ? [...(choice.sample ?? []).map((text) => digestOf(text, '--sample')), ...(choice.samples === undefined ? [] : await digestsIn(resolve(cwd, choice.samples)))] : null, query: parsed.data, first };
}

/** Their digests, in the order of the list. */
export async function chosenSamples(client: ApiClient, id: DatasetId, { digests, query, first }: ReadChoice): Promise<string[]> {
  if (digests !== null) return [...new Set(digests)].slice(0, first);
  const { group, label, split, ...rest } = query;
  const asked = { ...rest, group: wholeNames(group), label: wholeNames(label), split: wholeNames(split) };
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('listSampleDigests', { params: { id }, query: { ...(asked as object), ...(cursor === undefined ? {} : { cursor }) } });
    for (const { sha256s } of page.items) for (const sha256 of sha256s) found.push(sha256);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < first);
  return found.slice(0, first);
}

function digestOf(text: string, where: string): string {
  const parsed = Sha256.safeParse(text.trim().toLowerCase());
  if (!parsed.success) throw new UsageError(`${where}: expected a SHA-256 of 64 hexadecimal digits, got "${text}"`);
  return parsed.data;
}

async function digestsIn(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => Promise.reject(new BadFileError(`${path}: there is no such file, or it cannot be read`)));
  return text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [digestOf(line, `${path}, line ${at + 1}`)]));
}
