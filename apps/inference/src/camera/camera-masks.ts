import { maskedAreas, type Camera, type CameraId } from '@argus/contracts';
import type { MaskOrder } from '../ingest/messages.js';

const NONE: MaskOrder = { version: 0, areas: [] };

/**
 * The masks that are to be in every picture that leaves, by camera. Each change is a version: what was made under another one is thrown away, so
 * that it does not matter how far a picture had come when the masks changed.
 */
export class CameraMasks {
  readonly #orders = new Map<CameraId, MaskOrder>();
  #versions = 0;

  of(cameraId: CameraId): MaskOrder {
    return this.#orders.get(cameraId) ?? NONE;
  }

  isMasked(cameraId: CameraId): boolean {
    return this.of(cameraId).areas.length > 0;
  }

  /** Gives the cameras whose masks are others now. */
  update(cameras: readonly Pick<Camera, 'id' | 'privacyMasks'>[]): CameraId[] {
    return cameras.flatMap((camera) => {
      const areas = maskedAreas(camera);
      if (JSON.stringify(areas) === JSON.stringify(this.of(camera.id).areas)) return [];
      this.#versions += 1;
      this.#orders.set(camera.id, { version: this.#versions, areas });
      return [camera.id];
    });
  }
}
