import { ArgusError, messageOf } from '@argus/kernel';
import { ModelOpenError, ModelPackageError, ModelRunError } from '../errors.js';
import type { ErrorData } from './worker-messages.js';

export function toErrorData(error: unknown): ErrorData {
  const known = error instanceof ArgusError;
  return { name: known ? error.name : 'Error', message: messageOf(error), context: known ? error.context : {} };
}

/** The error as it was thrown in the worker; what is no error of ours becomes a ModelRunError. */
export function fromErrorData({ name, message, context }: ErrorData): ArgusError {
  if (name === 'ModelPackageError') {
    const { path, at, expected, got } = context;
    return new ModelPackageError(String(path), String(at), String(expected), String(got));
  }
  return name === 'ModelOpenError' ? new ModelOpenError(message, context) : new ModelRunError(message, context);
}
