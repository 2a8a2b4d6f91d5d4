import { ArgusError } from '@argus/kernel';

/** Bytes that are no picture, or a damaged one. */
export class StillError extends ArgusError {
  readonly code = 'media.still';
}
