import type { Dataset } from '@argus/contracts';
import { useCamerasById } from '../../app/cameras.js';

/** In which zone days and hours of a set begin: that of its cameras; the browser's for pictures from elsewhere. */
export function useSiteZone({ cameraIds }: Pick<Dataset, 'cameraIds'>): string {
  const cameras = useCamerasById();
  const zones = (cameraIds ?? []).flatMap((id) => cameras.get(id)?.timeZone ?? []);
  return zones[0] ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
