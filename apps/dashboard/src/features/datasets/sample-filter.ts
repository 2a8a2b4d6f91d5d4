import { wholeNames } from '@argus/api-client';
import { SAMPLE_SORTS, SPLITS, type SampleSort } from '@argus/contracts';

export const SPLIT_CHOICES = [...SPLITS, 'none'] as const;
export type SplitChoice = (typeof SPLIT_CHOICES)[number];

/** What pictures are measured by: bounds of each are in the filter as [from, to). */
export const MEASURES = ['sharpness', 'brightness', 'box'] as const;
export type Measure = (typeof MEASURES)[number];
export const BOUNDS = MEASURES.flatMap((measure) => [`${measure}From`, `${measure}To`] as const);
export type Bound = (typeof BOUNDS)[number];

/** Which pictures are shown, in which order; kept in the address, so that the tabs share it and a link shows the same. */
export interface PictureFilter extends Readonly<Record<Bound, number | null>> {
  readonly group: readonly string[];
  readonly label: readonly string[];
  readonly split: readonly SplitChoice[];
  /** null: all. */
  readonly complete: boolean | null;
  /** Marked as those to work on; null: whether or not. */
  readonly focus: boolean | null;
  /** Has something that the picture's edge cuts off; null: whether or not. */
  readonly truncated: boolean | null;
  /** ISO 8601; [from, to). */
  readonly from: string | null;
  readonly to: string | null;
  /** Ordered by how well they show what these words say; null: no such search. */
  readonly text: string | null;
  /** Ordered by how like they are to the picture with this digest; null: no such search. At most one of both. */
  readonly like: string | null;
  readonly sort: SampleSort;
}

export const EVERYTHING: PictureFilter = {
  group: [], label: [], split: [], complete: null, focus: null, truncated: null, from: null, to: null, sharpnessFrom: null, sharpnessTo: null, brightnessFrom: null, brightnessTo: null, boxFrom: null, boxTo: null, sort: 'place', text: null, like: null,
};
const LONGEST_TEXT = 500;

const instant = (text: string | null): string | null => (text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null);
const yesOrNo = (text: string | null): boolean | null => (text === 'true' ? true : text === 'false' ? false : null);
const number = (text: string | null): number | null => (text !== null && text !== '' && Number(text) >= 0 ? Number(text) : null);

/** Whatever is not understood in the address is left out. */
export function filterOf(search: URLSearchParams): PictureFilter {
  return {
    group: search.getAll('group').filter(Boolean),
    label: search.getAll('label').filter(Boolean),
    split: search.getAll('split').filter((one): one is SplitChoice => (SPLIT_CHOICES as readonly string[]).includes(one)),
    complete: yesOrNo(search.get('complete')),
    focus: yesOrNo(search.get('focus')),
    truncated: yesOrNo(search.get('truncated')),
    from: instant(search.get('from')),
    to: instant(search.get('to')),
    ...(Object.fromEntries(BOUNDS.map((bound) => [bound, number(search.get(bound))])) as Record<Bound, number | null>),
    sort: SAMPLE_SORTS.find((one) => one === search.get('sort')) ?? 'place',
    ...soughtIn(search),
  };
}

function soughtIn(search: URLSearchParams): Pick<PictureFilter, 'text' | 'like'> {
  const like = search.get('like');
  if (like !== null && /^[0-9a-f]{64}$/.test(like)) return { text: null, like };
  return { text: search.get('text')?.trim().slice(0, LONGEST_TEXT) || null, like: null };
}

/** For the address; empty: everything. */
export function searchOf({ group, label, split, complete, focus, truncated, from, to, sort, text, like, ...bounds }: PictureFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const one of group) search.append('group', one);
  for (const one of label) search.append('label', one);
  for (const one of split) search.append('split', one);
  if (complete !== null) search.set('complete', String(complete));
  if (focus !== null) search.set('focus', String(focus));
  if (truncated !== null) search.set('truncated', String(truncated));
  if (from) search.set('from', from);
  if (to) search.set('to', to);
  for (const bound of BOUNDS) if (bounds[bound] !== null) search.set(bound, String(bounds[bound]));
  if (sort !== 'place') search.set('sort', sort);
  if (text) search.set('text', text);
  if (like) search.set('like', like);
  return search;
}

/** For the API; the order is asked for by those that show one. */
export const queryOf = ({ group, label, split, complete, focus, truncated, from, to, ...bounds }: PictureFilter) => ({
  group: wholeNames(group),
  label: wholeNames(label),
  split: wholeNames(split),
  complete: complete === null ? undefined : String(complete),
  focus: focus === null ? undefined : String(focus),
  truncated: truncated === null ? undefined : String(truncated),
  from: from ?? undefined,
  to: to ?? undefined,
  ...(Object.fromEntries(BOUNDS.map((bound) => [bound, bounds[bound] ?? undefined])) as Record<Bound, number | undefined>),
});

export const isEverything = (filter: PictureFilter): boolean => searchOf({ ...filter, sort: 'place' }).size === 0;
