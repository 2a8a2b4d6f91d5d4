import { createHash } from 'node:crypto';
import type { HarvestRecipe } from '@argus/contracts';
import { isTimeZone } from '@argus/kernel';

/**
 * Names how pictures are chosen and made: footage that was taken by other rules is new. Dates are not among them, for they only say how far to look; nor is the
 * quota, for more of the same footage is asked for by another sampling.
 */
export function rulesOf({ sampling, size, jpegQuality, masked, calendar: { windows, weekdays, timeZone } }: HarvestRecipe): Buffer {
  return createHash('sha256').update(JSON.stringify({ sampling, size, jpegQuality, masked, windows, weekdays, timeZone })).digest();
}

/** By which clock a recipe's hours are read; a camera's zone that is none counts as UTC, as for schedules of rules. */
export const zoneOf = ({ calendar }: Pick<HarvestRecipe, 'calendar'>, cameraZone: string): string => calendar.timeZone ?? (isTimeZone(cameraZone) ? cameraZone : 'UTC');
