import { maskedAreas, type CameraId, type CameraProbe, type ProbeResult } from '@argus/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { requireNoGroupLimits, requireOn } from '../auth/camera-access.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { EngineLink } from '../engine/engine-link.js';
import type { Settings } from '../settings.js';
import { SETTINGS } from '../tokens.js';
import { requireCameraUrl, restoreSecrets } from './camera-url.js';
import { CameraRepository } from './camera.repository.js';
import { CamerasService } from './cameras.service.js';
import { NoPictureError } from './errors.js';

const NEW_ADDRESS = 'the test of a new address';

/** Pictures that the engine takes on request. */
@Injectable()
export class CameraPictures {
  constructor(
    private readonly cameras: CamerasService,
    private readonly repository: CameraRepository,
    private readonly engine: EngineLink,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'fileRoots'>,
  ) {}

  /** A picture or the reason. With `cameraId`, `***` stands for what is stored, and the camera's masks are in the picture, whatever the address. Whoever has limits by group tests the addresses that are stored, no others. */
  async probe({ url, cameraId, stream }: CameraProbe, caller: Principal): Promise<ProbeResult> {
    if (cameraId === undefined) requireAllCameras(caller, NEW_ADDRESS);
    const camera = cameraId === undefined ? null : await this.cameras.require(cameraId, caller);
    const field = stream === 'main' ? 'url' : 'analysisUrl';
    if (camera) requireOn(caller, 'live', camera.id);
    if (url !== camera?.[field]) requireNoGroupLimits(caller, NEW_ADDRESS);
    if (url !== camera?.[field]) requireCameraUrl(url, this.settings.fileRoots);
    return this.engine.probe(camera ? this.repository.restore(url, camera, field, 'url') : restoreSecrets(url, []), camera ? maskedAreas(camera) : []);
  }

  /** Newest picture as JPEG. @throws CameraRightError, NoPictureError, EngineUnavailableError, EngineTimeoutError */
  async snapshot(id: CameraId, width: number, caller: Principal): Promise<Buffer> {
    await this.cameras.require(id, caller);
    requireOn(caller, 'live', id);
    const jpeg = await this.engine.snapshot(id, width);
    if (!jpeg) throw new NoPictureError();
    return jpeg;
  }
}
