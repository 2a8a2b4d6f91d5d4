import { ArgusError } from '@argus/kernel';

/** The environment or the command line does not say what is needed. */
export class SettingsError extends ArgusError {
  readonly code = 'engine.settings';
}

/** The journal can take no more: the disk is full or the bound is reached. */
export class JournalFullError extends ArgusError {
  readonly code = 'engine.journal-full';
}

/** A model that a pipeline names is not there, was refused, or its worker died during a run. */
export class ModelUnavailableError extends ArgusError {
  readonly code = 'engine.model-unavailable';
}

/** A part of a picture that is being analysed cannot be had any more. */
export class PictureGoneError extends ArgusError {
  readonly code = 'engine.picture-gone';
}
