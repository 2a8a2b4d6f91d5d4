import { groupRightsWithin, type CameraScope, type GroupRights, type Permission } from '@argus/contracts';
import { BeyondOwnRightsError } from './errors.js';
import { may, scopeWithin, type Principal } from './principal.js';

export interface GivenRights {
  readonly permissions: readonly Permission[];
  readonly cameraScope: CameraScope;
  readonly groupRights: GroupRights;
}

/**
 * Whoever makes users or keys gives away at most what they have: else a narrow key with `user.write` were an admin in disguise.
 * Groups are compared by tag, not by the cameras that have it today: what is given away must not grow past the giver's when tags change.
 * @throws BeyondOwnRightsError
 */
export function requireWithinOwnRights(caller: Principal, { permissions, cameraScope, groupRights }: GivenRights): void {
  const isWithin = permissions.every((permission) => may(caller, permission)) && scopeWithin(cameraScope, caller.cameraScope) && groupRightsWithin(groupRights, caller.groupRights);
  if (!isWithin) throw new BeyondOwnRightsError();
}
