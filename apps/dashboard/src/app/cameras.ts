import type { Camera, SystemStatus } from '@argus/contracts';
import { useMemo } from 'react';
import { useCan } from './account.js';
import { useAll, useCall } from './calls.js';

/** What the engine says of a camera, and what can be expected of it; stats are null until it has run. */
export type CameraPulse = SystemStatus['cameras'][number];

/** State and counters by camera, kept current by the socket; empty for accounts that may not see them. */
export function useCameraPulses(): ReadonlyMap<string, CameraPulse> {
  const can = useCan();
  const system = useCall('getSystem', {}, { enabled: can('system.read'), refetchInterval: 20_000 });
  const cameras = system.data?.cameras;
  return useMemo(() => new Map((cameras ?? []).map((camera) => [camera.state.cameraId as string, camera])), [cameras]);
}

/** Cameras by id, for names and time zones beside events. */
export function useCamerasById(): ReadonlyMap<string, Camera> {
  const cameras = useAll('listCameras').data;
  return useMemo(() => new Map((cameras ?? []).map((camera) => [camera.id as string, camera])), [cameras]);
}
