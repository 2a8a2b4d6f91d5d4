import { maskedAreas } from '@argus/contracts';
import type { CameraEntity } from '@argus/database';
import { ArgusError } from '@argus/kernel';
import { may, type Principal } from '../auth/principal.js';

type MaskedCamera = Pick<CameraEntity, 'name' | 'privacyMasks' | 'maskedUntil'>;

/** Recordings keep the original: masks are burnt in where pictures leave, and footage leaves as it was recorded. */
export class OriginalFootageError extends ArgusError {
  readonly code = 'footage.masked';
  constructor(why: string) {
    super(`${why}, and recordings keep the original, without masks: to see or export them takes the permission "recording.original", which an administrator can give`);
  }
}

/**
 * Whether somebody may have footage of a camera from `fromMs` on as it was recorded. `null`: the camera was removed, and with it what is known of its masks.
 * @throws OriginalFootageError
 */
export function requireOriginalRight(camera: MaskedCamera | null, fromMs: number, caller: Pick<Principal, 'permissions'>): void {
  if (may(caller as Principal, 'recording.original')) return;
  const why = originalReason(camera, fromMs);
  if (why !== null) throw new OriginalFootageError(why);
}

/**
 * Whether the camera's masks are burnt into what somebody is given of its footage from `fromMs` on; false: it is as it was recorded.
 * @throws OriginalFootageError where nobody can say any more what was masked
 */
export function needsMasks(camera: MaskedCamera | null, fromMs: number, caller: Pick<Principal, 'permissions'>): boolean {
  if (may(caller as Principal, 'recording.original')) return false;
  if (camera !== null && maskedAreas(camera).length > 0) return true;
  requireOriginalRight(camera, fromMs, caller);
  return false;
}

/** Why footage from `fromMs` on is for those who may see originals; null: it is for everybody. */
export function originalReason(camera: MaskedCamera | null, fromMs: number): string | null {
  if (camera === null) return 'this camera was removed, so that nobody can say any more whether it had privacy masks';
  if (maskedAreas(camera).length > 0) return `the camera "${camera.name}" has privacy masks`;
  return camera.maskedUntil !== null && fromMs < camera.maskedUntil.getTime() ? `the camera "${camera.name}" had privacy masks until ${camera.maskedUntil.toISOString()}` : null;
}
