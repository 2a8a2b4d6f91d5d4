import type { CameraId } from '@argus/contracts';
import { ArgusError, isoTime } from '@argus/kernel';

/** Where the nearest footage is: its end before, its start after; null where there is none. */
export interface NearestFootage {
  readonly before: Date | null;
  readonly after: Date | null;
}

export class NoFootageError extends ArgusError {
  readonly code = 'footage.none';
  constructor(cameraId: CameraId, fromMs: number, toMs: number, { before, after }: NearestFootage) {
    const nearest = [...(before ? [`the nearest before ends ${before.toISOString()}`] : []), ...(after ? [`the nearest after starts ${after.toISOString()}`] : [])];
    super(`there is no footage of this camera from ${isoTime(fromMs)} to ${isoTime(toMs)}; ${nearest.join(', ') || 'there is none at all'}`, { cameraId });
  }
}
