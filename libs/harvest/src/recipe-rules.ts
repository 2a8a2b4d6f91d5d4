import { createHash } from 'node:crypto';
import type { HarvestRecipe, VideoSource } from '@argus/contracts';
import { isTimeZone } from '@argus/kernel';

/**
 * Names how pictures are chosen and made: footage that was taken by other rules is new. Dates are not among them, for they only say how far to look; nor is the
 * quota, for more of the same footage is asked for by another sampling.
 */
export function rulesOf({ source, sampling, size, jpegQuality, masked, calendar: { windows, weekdays, timeZone } }: HarvestRecipe): Buffer {
  return digestOf(source.kind === 'cameras' ? { sampling, size, jpegQuality, masked, windows, weekdays, timeZone } : { videos: true, sampling, size, jpegQuality });
}

/** By which rule a video file was left out for its size: with another limit it is looked at again, and one that was taken is not. */
export const leastRulesOf = ({ least }: Pick<VideoSource, 'least'>): Buffer => digestOf({ least });

const digestOf = (rules: object): Buffer => createHash('sha256').update(JSON.stringify(rules)).digest();

/** By which clock a recipe's hours are read; a camera's zone that is none counts as UTC, as for schedules of rules. */
export const zoneOf = ({ calendar }: Pick<HarvestRecipe, 'calendar'>, cameraZone: string): string => calendar.timeZone ?? (isTimeZone(cameraZone) ? cameraZone : 'UTC');
