import { ArgusError } from '@argus/kernel';

/** The inference process is not connected, so nothing that needs it can be answered. */
export class EngineUnavailableError extends ArgusError {
  readonly code = 'engine.unavailable';
  constructor() {
    super('the inference process is not connected; it is restarted by itself, try again in a few seconds');
  }
}

/** The inference process is connected but did not answer in time. */
export class EngineTimeoutError extends ArgusError {
  readonly code = 'engine.timeout';
  constructor(what: string, afterMs: number) {
    super(`${what}: expected an answer of the inference process within ${afterMs / 1000} s, none came`, { afterMs });
  }
}
