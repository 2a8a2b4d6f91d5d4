import { groupsAllow, type Camera, type CameraRight } from '@argus/contracts';
import { useAccount } from './account.js';
import { useAll } from './calls.js';

/** Whether the groups of a camera let the account do this; the gateway decides, this only explains what it would refuse. A camera that is unknown or gone has no groups. */
export function useMayOn(): (right: CameraRight, camera: Pick<Camera, 'tags'> | undefined) => boolean {
  const { groupRights } = useAccount();
  return (right, camera) => groupsAllow(groupRights, right, camera?.tags ?? []);
}

/** As `useMayOn` for one camera of which only the id is at hand; cheap for accounts without limits, for lists of many pictures. */
export function useMayOnId(right: CameraRight, cameraId: string): boolean {
  const { groupRights } = useAccount();
  const cameras = useAll('listCameras', { enabled: groupRights !== null }).data;
  return groupsAllow(groupRights, right, cameras?.find(({ id }) => id === cameraId)?.tags ?? []);
}
