import { RecordingLimits, type Camera } from '@argus/contracts';
import { problemsOf } from '../../../forms/problems.js';
import type { TextKey } from '../../../i18n/en.js';

/** What the form holds: a line may be without its size for a moment. */
export interface LimitsDraft extends Omit<RecordingLimits, 'tags'> {
  readonly tags: readonly { readonly tag: string; readonly keepBytes: number | null }[];
}

export const GIGABYTE = 1_000_000_000;
export const MEGABYTE = 1_000_000;

/** A new line is for the first tag that has none. */
export const newTagLimit = (draft: LimitsDraft, known: readonly string[]): LimitsDraft['tags'][number] => ({ tag: known.find((tag) => !draft.tags.some((line) => line.tag === tag)) ?? '', keepBytes: null });

/** Tags of cameras, and how many cameras have each. */
export function tagCounts(cameras: readonly Pick<Camera, 'tags'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const tag of cameras.flatMap(({ tags }) => [...new Set(tags)])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other, undefined, { numeric: true })));
}

/** What the contract refuses, in words of this page, by the path of the field. */
export function limitProblems(draft: LimitsDraft): Readonly<Record<string, TextKey>> {
  const problems: Record<string, TextKey> = {};
  for (const path of Object.keys(problemsOf(RecordingLimits, draft))) {
    if (path === 'moveBytesPerSecond') problems[path] = 'limits.speedWanted';
    else if (path.endsWith('keepBytes')) problems[path] = 'limits.sizeWanted';
    else if (path.endsWith('.tag')) problems[path] = 'limits.tagWanted';
  }
  // The contract says that some tag is there twice, and not which.
  draft.tags.forEach(({ tag }, index) => {
    if (tag.trim() !== '' && draft.tags.findIndex((line) => line.tag.trim() === tag.trim()) < index) problems[`tags.${index}.tag`] = 'limits.tagTwice';
  });
  return problems;
}
