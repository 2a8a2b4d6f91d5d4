import { ArgusError } from '@argus/kernel';

/** A file that no pictures can be taken from: it is not there, may not be read, or is no video. The message names it. */
export class VideoFileError extends ArgusError {
  readonly code = 'media.video-file';
}
