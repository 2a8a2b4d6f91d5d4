import type { CameraId, CameraRight, CameraScope, GroupRights, Permission, Role } from '@argus/contracts';
import { OutsideScopeError } from './errors.js';

/** For each right the cameras on which somebody has it; null: every camera. */
export type CameraAccess = Readonly<Record<CameraRight, CameraScope>>;

/** Who asks, and what they may. Made by the Authenticator for HTTP requests and WebSocket upgrades alike. */
export interface Principal {
  readonly kind: 'user' | 'api-key';
  /** User id, key id, or `cli`. */
  readonly id: string;
  readonly name: string;
  /** null for API keys. */
  readonly role: Role | null;
  readonly permissions: readonly Permission[];
  /** null: every camera. */
  readonly cameraScope: CameraScope;
  /** Limits by camera group; null: none. */
  readonly groupRights: GroupRights;
  /** What scope and groups leave, by the tags that cameras have now: `mayOn` asks it. */
  readonly access: CameraAccess;
  /** Set where a session cookie spoke. */
  readonly sessionId: string | null;
  readonly remoteAddress: string | null;
}

export const may = (principal: Principal, permission: Permission): boolean => principal.permissions.includes(permission);

export const sees = (principal: Pick<Principal, 'cameraScope'>, cameraId: CameraId): boolean => principal.cameraScope === null || principal.cameraScope.includes(cameraId);

/** Whether every camera of `inner` lies in `outer`. */
export const scopeWithin = (inner: CameraScope, outer: CameraScope): boolean => outer === null || (inner !== null && inner.every((id) => outer.includes(id)));

/** @throws OutsideScopeError when the principal sees only some cameras, and so may not change what concerns all. */
export function requireAllCameras(principal: Principal, what: string): void {
  if (principal.cameraScope !== null) throw new OutsideScopeError(what);
}
