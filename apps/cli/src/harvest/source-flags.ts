import type { NamePattern, UploadId } from '@argus/contracts';
import { UsageError } from '../errors.js';

/** Of recorded cameras only. */
const OF_CAMERAS = ['tag', 'last-days', 'from', 'to', 'all', 'window', 'weekdays', 'motion', 'objects', 'events', 'originals'] as const;
/** Of video files only. */
const OF_VIDEOS = ['group', 'least', 'scenes'] as const;

/** What was given of the flags that matter here. */
type Values = { readonly [Name in (typeof OF_CAMERAS)[number] | 'scenes']?: unknown } & { readonly videos?: string | undefined; readonly upload?: readonly string[] | undefined; readonly group?: string | undefined; readonly least?: string | undefined };

export interface NameWish {
  readonly include: readonly NamePattern[];
  readonly exclude: readonly NamePattern[];
}

/** The source that flags mean; null: recorded cameras. `uploadIds`: of the files that --upload names. @throws UsageError */
export function videoSourceOf(values: Values, names: NameWish, uploadIds: readonly UploadId[], sizeOf: (text: string) => { width: number | undefined; height: number | undefined }): object | null {
  const { videos, upload, group: grouping, least } = values;
  if (videos !== undefined && upload !== undefined) throw new UsageError('expected one of --videos and --upload; got both');
  const way = videos !== undefined ? '--videos' : upload !== undefined ? '--upload' : null;
  const stray = (way === null ? OF_VIDEOS : OF_CAMERAS).find((name) => values[name] !== undefined);
  if (stray !== undefined) throw new UsageError(way === null ? `--${stray} goes with --videos or --upload` : `--${stray} is of recorded cameras and does not go with ${way}`);
  if (way === null) return null;
  const chosen = { ...names, grouping, least: least === undefined ? undefined : sizeOf(least) };
  return videos !== undefined ? { kind: 'folder', path: videos, ...chosen } : { kind: 'uploads', uploadIds, ...chosen };
}
