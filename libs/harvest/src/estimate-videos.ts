import type { HarvestPreview, HarvestRecipe } from '@argus/contracts';
import { framesAtMost, pictureBytes, type HarvestPace } from './estimate.js';

/** What a video file says of itself. */
export interface MeasuredVideo {
  readonly seconds: number;
  readonly pictures: number;
  readonly width: number;
  readonly height: number;
}

export interface FoundVideo {
  readonly group: string;
  readonly bytes: number;
  /** undefined: it was not opened; null: it cannot be. */
  readonly measured: MeasuredVideo | null | undefined;
}

const MOST_NAMES = 200;
/** Cameras and phones make a key frame every one to ten seconds; no file says how many it has. */
const KEYFRAME_SECONDS = 0.5;

/** Whether a film has fewer pixels on its longer or shorter side than is wanted, however it is turned. */
export function isTooSmall({ width, height }: Pick<MeasuredVideo, 'width' | 'height'>, least: { readonly width: number; readonly height: number } | null): boolean {
  return least !== null && (Math.max(width, height) < Math.max(least.width, least.height) || Math.min(width, height) < Math.min(least.width, least.height));
}

/** What a run would take of these files: the figures of those that were opened, and as much again for those that were not. `taken`: of each group, by earlier runs. */
export function videosPreview(recipe: Pick<HarvestRecipe, 'source' | 'sampling' | 'size' | 'jpegQuality' | 'quotaPerCamera'>, found: readonly FoundVideo[], taken: ReadonlyMap<string, number>, pace: HarvestPace | null): HarvestPreview {
  const least = recipe.source.kind === 'cameras' ? null : recipe.source.least;
  const opened = found.filter(({ measured }) => measured !== undefined);
  const readable = opened.flatMap(({ measured }) => (measured ? [measured] : []));
  const good = readable.filter((one) => !isTooSmall(one, least));
  const factor = opened.length === 0 ? 0 : found.length / opened.length;
  const sum = (of: (one: MeasuredVideo) => number): number => factor * good.reduce((total, one) => total + of(one), 0);
  const most = (one: MeasuredVideo): number => framesAtMost(recipe.sampling, { segments: 1, seconds: one.seconds, pictures: one.pictures, keyframes: Math.min(one.pictures, Math.ceil(one.seconds / KEYFRAME_SECONDS)), motionSeconds: 0, eventSeconds: 0, objectPictures: 0 });
  const groups = [...new Set(found.map(({ group }) => group))];
  const quota = recipe.quotaPerCamera;
  const all = sum(most);
  const frames = Math.ceil(Math.min(all, quota === null ? Infinity : groups.reduce((total, group) => total + Math.max(0, quota - (taken.get(group) ?? 0)), 0)));
  const footageSeconds = sum(({ seconds }) => seconds);
  return {
    cameras: 0,
    cameraNames: [],
    segments: found.length,
    footageSeconds,
    footageBytes: found.reduce((total, { bytes }) => total + bytes, 0),
    frames,
    bytes: all === 0 ? 0 : Math.round((frames * sum((one) => most(one) * pictureBytes(recipe, one))) / all),
    minutes: pace === null ? null : (footageSeconds / pace.footageSecondsPerSecond + frames / pace.picturesPerSecond) / 60,
    videos: { files: found.length, groups: groups.length, groupNames: groups.slice(0, MOST_NAMES), measured: opened.length, tooSmall: readable.length - good.length, unreadable: opened.length - readable.length, troubles: [] },
  };
}
