import { ArgusError } from '@argus/kernel';

/** The environment does not fit; the process ends with it. */
export class SettingsError extends ArgusError {
  readonly code = 'settings.invalid';
}

/** A job cannot be done, and trying again at once would not help. */
export class ExportFailedError extends ArgusError {
  readonly code = 'export.failed';
}

/** The job's row is somebody else's, or gone, or cancelled. */
export class ClaimLostError extends ArgusError {
  readonly code = 'export.claim-lost';
  constructor(id: string) {
    super(`export ${id} is not this worker's any more`, { id });
  }
}
