import { CAMERA_RIGHTS, type CameraId, type CameraRight, type CameraScope, type GroupRights } from '@argus/contracts';
import { NotFoundError } from '../http/errors.js';
import { CameraRightError, GroupLimitsError } from './errors.js';
import { sees, type CameraAccess, type Principal } from './principal.js';

/** What scope and limits by group leave. A camera that is gone has no tags, so limits leave nothing of its footage. */
export function resolveAccess(scope: CameraScope, rights: GroupRights, tagsById: ReadonlyMap<CameraId, readonly string[]>): CameraAccess {
  const inScope = scope && new Set(scope);
  const camerasWith = (right: CameraRight): CameraScope => {
    if (rights === null) return scope;
    // As groupsAllow, but every request of somebody with limits asks it of all cameras.
    const allowing = new Set(rights.filter((entry) => entry[right]).map(({ tag }) => tag));
    return [...tagsById].filter(([id, tags]) => (inScope === null || inScope.has(id)) && tags.some((tag) => allowing.has(tag))).map(([id]) => id);
  };
  return Object.fromEntries(CAMERA_RIGHTS.map((right) => [right, camerasWith(right)])) as Record<CameraRight, CameraScope>;
}

/**
 * Whether scope and groups allow it on this camera; to be asked wherever pictures or footage leave. The permission is the route's own:
 * an event's picture needs `event.read` and the right to recordings, for instance.
 */
export const mayOn = ({ access }: Pick<Principal, 'access'>, right: CameraRight, cameraId: CameraId): boolean => {
  const cameras = access[right];
  return cameras === null || cameras.includes(cameraId);
};

/** @throws NotFoundError outside of the scope, as if the camera were not there; CameraRightError where it may be seen, but not this way */
export function requireOn(principal: Pick<Principal, 'access' | 'cameraScope'>, right: CameraRight, cameraId: CameraId): void {
  if (!sees(principal, cameraId)) throw new NotFoundError('camera', cameraId);
  if (!mayOn(principal, right, cameraId)) throw new CameraRightError(right);
}

/** The check of every route that lets copies of footage out. @throws as requireOn */
export const requireMayExport = (principal: Pick<Principal, 'access' | 'cameraScope'>, cameraId: CameraId): void => requireOn(principal, 'exports', cameraId);

/** Tags and addresses decide what somebody may look at, so who has limits does not set them. @throws GroupLimitsError */
export function requireNoGroupLimits({ groupRights }: Pick<Principal, 'groupRights'>, what: string): void {
  if (groupRights !== null) throw new GroupLimitsError(what);
}
