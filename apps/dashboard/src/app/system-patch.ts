import type { CameraState, CameraStats, ComputeStats, EngineStatus, SystemStatus } from '@argus/contracts';

/** Until the full answer that is asked for after every change of cameras. */
const JUST_ADDED = { stats: null, inferenceWithinMs: 15_000, detectorProblem: null } as const;

/** Puts news from the socket into the last full answer, so that one cache entry is the truth for wall, list and system page. */
export function withCameraState(status: SystemStatus, state: CameraState): SystemStatus {
  const known = status.cameras.some((camera) => camera.state.cameraId === state.cameraId);
  const cameras = known
    ? status.cameras.map((camera) => (camera.state.cameraId === state.cameraId ? { ...camera, state } : camera))
    : [...status.cameras, { ...JUST_ADDED, state }];
  return { ...status, cameras };
}

/** Only cameras that are already known; counters never make a camera appear. */
export function withCameraStats(status: SystemStatus, stats: readonly CameraStats[]): SystemStatus {
  const byId = new Map(stats.map((one) => [one.cameraId, one]));
  return { ...status, cameras: status.cameras.map((camera) => ({ ...camera, stats: byId.get(camera.state.cameraId) ?? camera.stats })) };
}

export const withEngine = (status: SystemStatus, engine: EngineStatus, compute: ComputeStats): SystemStatus => ({ ...status, engine, compute });
