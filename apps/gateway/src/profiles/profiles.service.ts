import type { ProfileRequest, ProfileSubject } from '@argus/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { CamerasService } from '../cameras/cameras.service.js';
import { EngineLink } from '../engine/engine-link.js';
import { EngineState } from '../engine/engine-state.js';
import { NotFoundError } from '../http/errors.js';
import { ProfileBusyError, ProfileNothingRunsError } from './errors.js';

/** Each may hold some ten megabytes of the engine. */
const MOST_AT_ONCE = 4;

/** Recordings of what becomes of each picture; the engine makes them. */
@Injectable()
export class ProfilesService {
  readonly #running = new Set<string>();

  constructor(
    private readonly cameras: CamerasService,
    @Inject(EngineLink) private readonly engine: EngineLink,
    @Inject(EngineState) private readonly state: EngineState,
  ) {}

  /** The trace as JSON text. @throws ProfileBusyError, ProfileNothingRunsError, NotFoundError, EngineUnavailableError, EngineTimeoutError */
  async record(request: ProfileRequest, caller: Principal): Promise<string> {
    const what = await this.#nameOf(request.subject, caller);
    const key = JSON.stringify(request.subject);
    if (this.#running.has(key)) throw new ProfileBusyError(`${what} is being recorded`);
    if (this.#running.size >= MOST_AT_ONCE) throw new ProfileBusyError(`${MOST_AT_ONCE} recordings are being made`);
    this.#running.add(key);
    try {
      const trace = await this.engine.profile(request);
      if (trace === null) throw new ProfileNothingRunsError(what);
      return trace;
    } finally {
      this.#running.delete(key);
    }
  }

  /** A model's runs are of all cameras, so who sees only some may not record it. */
  async #nameOf(subject: ProfileSubject, caller: Principal): Promise<string> {
    if (subject.kind === 'camera') return `camera "${(await this.cameras.get(subject.cameraId, caller)).name}"`;
    requireAllCameras(caller, 'the recording of a model');
    if (this.state.status.connected && !this.state.models.some(({ id }) => id === subject.model)) throw new NotFoundError('model', subject.model);
    return `model "${subject.model}"`;
  }
}
