import { groupsAllow, type Camera, type CameraRight } from '@argus/contracts';
import { useAccount } from './account.js';

/** Whether the groups of a camera let the account do this; the gateway decides, this only explains what it would refuse. A camera that is unknown or gone has no groups. */
export function useMayOn(): (right: CameraRight, camera: Pick<Camera, 'tags'> | undefined) => boolean {
  const { groupRights } = useAccount();
  return (right, camera) => groupsAllow(groupRights, right, camera?.tags ?? []);
}
