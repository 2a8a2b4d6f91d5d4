import { ArgusError } from '@argus/kernel';

/** The command line is not understood; exit status 2. */
export class UsageError extends ArgusError {
  readonly code = 'cli.usage';
}

/** Another `argus up` owns the data directory. */
export class AlreadyRunningError extends ArgusError {
  readonly code = 'cli.already-running';
}

/** No Argus runs on this data directory, or it does not answer. */
export class NotRunningError extends ArgusError {
  readonly code = 'cli.not-running';
}

/** The wanted port belongs to another program. */
export class PortTakenError extends ArgusError {
  readonly code = 'cli.port-taken';
}

/** The data directory cannot be used. */
export class DataFolderError extends ArgusError {
  readonly code = 'cli.data-folder';
}

/** A service ended or stayed silent before it was ready. */
export class ServiceFailedError extends ArgusError {
  readonly code = 'cli.service-failed';
}

/** What a command looks for does not exist. */
export class NotFoundError extends ArgusError {
  readonly code = 'cli.not-found';
}

/** What is to be measured would be disturbed. */
export class MachineBusyError extends ArgusError {
  readonly code = 'cli.machine-busy';
}

/** A file that a command was told to read is not there or not what it should be. */
export class BadFileError extends ArgusError {
  readonly code = 'cli.bad-file';
}

/** Boxes were followed a part of the way only. */
export class TrackingBrokeOffError extends ArgusError {
  readonly code = 'cli.tracking-broke-off';
}
