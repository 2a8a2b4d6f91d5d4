import { PRIORITIES, type CameraId, type Priority } from '@argus/contracts';

export interface Demand {
  readonly cameraId: CameraId;
  readonly priority: Priority;
  readonly weight: number;
  /** Units of capacity that one picture takes. */
  readonly cost: number;
  /** Pictures per second. */
  readonly demand: number;
}

/**
 * Pictures per second for each: nobody more than the demand, nobody less than `lowest` (or the demand), then class by class from the most
 * critical, and within a class in proportion to the weight, what one does not need going to the others.
 */
export function shareOut(demands: readonly Demand[], capacity: number, lowest: number): Map<CameraId, number> {
  const shares = new Map(demands.map(({ cameraId, demand }) => [cameraId, Math.min(lowest, demand)]));
  let left = Math.max(0, capacity - demands.reduce((sum, { cameraId, cost }) => sum + (shares.get(cameraId) ?? 0) * cost, 0));
  for (const priority of PRIORITIES) left = pour(demands.filter((demand) => demand.priority === priority), shares, left);
  return shares;
}

/** Raises a water level until the capacity is used; gives what nobody needed. */
function pour(group: readonly Demand[], shares: Map<CameraId, number>, capacity: number): number {
  const missing = ({ cameraId, demand }: Demand): number => demand - (shares.get(cameraId) ?? 0);
  let left = capacity;
  let thirsty = group.filter((demand) => missing(demand) > 1e-9);
  while (thirsty.length > 0 && left > 1e-9) {
    // The first to be satisfied sets the step: until then all rise alike.
    const enough = left / thirsty.reduce((sum, { weight, cost }) => sum + weight * cost, 0);
    const step = Math.min(enough, ...thirsty.map((demand) => missing(demand) / demand.weight));
    for (const { cameraId, weight, cost } of thirsty) {
      shares.set(cameraId, (shares.get(cameraId) ?? 0) + step * weight);
      left -= step * weight * cost;
    }
    thirsty = thirsty.filter((demand) => missing(demand) > 1e-9);
  }
  return Math.max(0, left);
}
