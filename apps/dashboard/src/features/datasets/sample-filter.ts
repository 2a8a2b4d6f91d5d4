import { SPLITS } from '@argus/contracts';

export const SPLIT_CHOICES = [...SPLITS, 'none'] as const;
export type SplitChoice = (typeof SPLIT_CHOICES)[number];

/** Which pictures are shown; kept in the address, so that the tabs share it and a link shows the same. */
export interface PictureFilter {
  readonly group: readonly string[];
  readonly label: readonly string[];
  readonly split: readonly SplitChoice[];
  /** null: all. */
  readonly complete: boolean | null;
  /** ISO 8601; [from, to). */
  readonly from: string | null;
  readonly to: string | null;
}

export const EVERYTHING: PictureFilter = { group: [], label: [], split: [], complete: null, from: null, to: null };

const instant = (text: string | null): string | null => (text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null);

/** Whatever is not understood in the address is left out. */
export function filterOf(search: URLSearchParams): PictureFilter {
  const complete = search.get('complete');
  return {
    group: search.getAll('group').filter(Boolean),
    label: search.getAll('label').filter(Boolean),
    split: search.getAll('split').filter((one): one is SplitChoice => (SPLIT_CHOICES as readonly string[]).includes(one)),
    complete: complete === 'true' ? true : complete === 'false' ? false : null,
    from: instant(search.get('from')),
    to: instant(search.get('to')),
  };
}

/** For the address; empty: everything. */
export function searchOf({ group, label, split, complete, from, to }: PictureFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const one of group) search.append('group', one);
  for (const one of label) search.append('label', one);
  for (const one of split) search.append('split', one);
  if (complete !== null) search.set('complete', String(complete));
  if (from) search.set('from', from);
  if (to) search.set('to', to);
  return search;
}

/** A single parameter would be read as a list with commas, and names may have commas: twice it is read as it is. */
const twice = (values: readonly string[]): readonly string[] | undefined => (values.length === 0 ? undefined : values.length === 1 ? [...values, ...values] : values);

/** For the API. */
export const queryOf = ({ group, label, split, complete, from, to }: PictureFilter) => ({
  group: twice(group),
  label: twice(label),
  split: twice(split),
  complete: complete === null ? undefined : String(complete),
  from: from ?? undefined,
  to: to ?? undefined,
});

export const isEverything = (filter: PictureFilter): boolean => searchOf(filter).size === 0;
