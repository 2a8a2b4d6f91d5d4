import type { EngineStatus } from '@argus/contracts';
import { sees, type Principal } from '../auth/principal.js';

/** Problems that name a camera are only for who sees it. */
export function engineFor(status: EngineStatus, principal: Pick<Principal, 'cameraScope'>): EngineStatus {
  return { ...status, problems: status.problems.filter(({ cameraId }) => cameraId === null || sees(principal, cameraId)) };
}
