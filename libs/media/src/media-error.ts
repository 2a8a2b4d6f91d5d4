import { ArgusError } from '@argus/kernel';

/** The native library refused an operation on valid input: decoder not there, scaler not built, encoder out of memory. */
export class MediaError extends ArgusError {
  readonly code = 'media.native';
}
