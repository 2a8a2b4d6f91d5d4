import { ArgusError } from '@argus/kernel';

/** The same camera or model is being recorded already, or too many others are. */
export class ProfileBusyError extends ArgusError {
  readonly code = 'profile.busy';
  constructor(what: string) {
    super(`${what} already; try again when that is over, a minute at most`);
  }
}

/** The engine runs nothing that could be recorded. */
export class ProfileNothingRunsError extends ArgusError {
  readonly code = 'profile.nothing-runs';
  constructor(what: string) {
    super(`${what} does not run: a camera has to be enabled, and a model has to be used by one that is`);
  }
}
