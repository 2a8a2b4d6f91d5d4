import { ArgusError } from '@argus/kernel';

/** It is to be used before all of it is there. */
export class UploadIncompleteError extends ArgusError {
  readonly code = 'upload.incomplete';
  constructor(received: number, bytes: number) {
    super(`expected a whole file, got ${received} of ${bytes} bytes; go on with the upload first`, { received, bytes });
  }
}
