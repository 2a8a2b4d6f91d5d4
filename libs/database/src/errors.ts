import { ArgusError, messageOf, redactCredentials } from '@argus/kernel';

export class DatabaseUnreachableError extends ArgusError {
  readonly code = 'database.unreachable';
  constructor(url: string, cause: unknown) {
    super(`no connection to ${redactCredentials(url)}: ${redactCredentials(messageOf(cause))}`, {}, { cause });
  }
}

export class SealedTextError extends ArgusError {
  readonly code = 'database.sealed-text';
}

export class KeyFileError extends ArgusError {
  readonly code = 'database.key-file';
}
