import type { ComputeStats } from '@argus/contracts';
import { sees, type Principal } from '../auth/principal.js';

/** Figures of the machine are for everybody who may see the system; ids of cameras only for who sees those. */
export function computeFor(compute: ComputeStats, principal: Pick<Principal, 'cameraScope'>): ComputeStats {
  if (principal.cameraScope === null || compute.rollouts.length === 0) return compute;
  return { ...compute, rollouts: compute.rollouts.map((rollout) => ({ ...rollout, canaryCameraIds: rollout.canaryCameraIds.filter((id) => sees(principal, id)) })) };
}
