import { maskedAreas, type CameraId, type CreateExport } from '@argus/contracts';
import type { CameraEntity } from '@argus/database';
import { may, type Principal } from '../auth/principal.js';
import { OriginalFootageError, originalReason, requireOriginalRight } from '../recordings/original-footage.js';
import { UnknownMasksError } from './errors.js';

/**
 * For each range whether the worker has to burn masks in. Masks are the way for everybody to get usable footage, so nobody gets the original who does not ask for it; footage of which
 * nobody can say what to cover is handed out as the original or not at all.
 * @throws OriginalFootageError, UnknownMasksError
 */
export function burntInMasks({ ranges, options }: Pick<CreateExport, 'ranges' | 'options'>, cameras: ReadonlyMap<CameraId, CameraEntity>, caller: Principal): boolean[] {
  if (options.original && !may(caller, 'recording.original')) throw new OriginalFootageError('originals were asked for');
  return ranges.map(({ cameraId, from }) => {
    const camera = cameras.get(cameraId) ?? null;
    if (options.original) return false;
    if (camera !== null && maskedAreas(camera).length > 0) return true;
    const why = originalReason(camera, Date.parse(from));
    if (why === null) return false;
    requireOriginalRight(camera, Date.parse(from), caller);
    throw new UnknownMasksError(why);
  });
}
