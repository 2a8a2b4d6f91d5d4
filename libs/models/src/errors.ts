import { ArgusError } from '@argus/kernel';

/** A model package is not what its manifest says. `context.at` is the file or the manifest field that is wrong. */
export class ModelPackageError extends ArgusError {
  readonly code = 'model.package-refused';

  constructor(path: string, at: string, expected: string, got: string, options?: { cause?: unknown }) {
    super(`model package ${path}: ${at}: expected ${expected}, got ${got}`, { path, at, expected, got }, options);
  }
}

/** The graph could not be opened as a session on this machine. */
export class ModelOpenError extends ArgusError {
  readonly code = 'model.open-failed';
}

/** One inference failed; the session may serve the next one. */
export class ModelRunError extends ArgusError {
  readonly code = 'model.run-failed';
}

/** The worker thread is gone; what was pending is rejected with this, and a new worker is needed. */
export class ModelWorkerGoneError extends ArgusError {
  readonly code = 'model.worker-gone';
}

/** The family's decoder got outputs of another shape than it reads. */
export class ModelOutputError extends ArgusError {
  readonly code = 'model.output-unexpected';
}
