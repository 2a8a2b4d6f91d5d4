import type { CameraScope, Permission } from '@argus/contracts';
import { BeyondOwnRightsError } from './errors.js';
import { may, scopeWithin, type Principal } from './principal.js';

/**
 * Whoever makes users or keys gives away at most what they have: else a narrow key with `user.write` were an admin in disguise.
 * @throws BeyondOwnRightsError
 */
export function requireWithinOwnRights(caller: Principal, permissions: readonly Permission[], scope: CameraScope): void {
  if (!permissions.every((permission) => may(caller, permission)) || !scopeWithin(scope, caller.cameraScope)) throw new BeyondOwnRightsError();
}
