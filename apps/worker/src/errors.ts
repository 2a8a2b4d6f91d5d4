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

/** Another run writes into the folder. */
export class OutputTakenError extends ArgusError {
  readonly code = 'extract.output-taken';
}

/** The folder for pictures cannot be used: it holds pictures of another recipe, what is in it is not what was written, or the disk refuses. */
export class OutputError extends ArgusError {
  readonly code = 'extract.output';
}

/** The process that worked on a video ended before it. */
export class ExtractProcessError extends ArgusError {
  readonly code = 'extract.process';
}
