import type { CameraState, CameraStats } from '../live/camera.js';
import type { EventView } from '../live/event.js';
import type { EngineStatus } from './engine-link.js';
import type { ComputeStats } from './engine-stats.js';

/** Socket.IO messages from the gateway to a signed-in browser; each only for cameras that the account may see. */
export interface ServerToClientMessages {
  /** An event was made or changed; replace by id where the revision is higher. */
  event: (event: EventView) => void;
  'camera-state': (state: CameraState) => void;
  /** Once a second. */
  'camera-stats': (stats: CameraStats[]) => void;
  engine: (status: EngineStatus, compute: ComputeStats) => void;
  /** Configuration of this kind changed: lists should be asked for again. */
  changed: (noun: 'camera' | 'pipeline' | 'rule' | 'webhook' | 'delivery' | 'user' | 'api-key' | 'model' | 'tuning' | 'export' | 'harvest' | 'dataset') => void;
}
