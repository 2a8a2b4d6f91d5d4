import { ArgusError } from '@argus/kernel';

/** A file of footage that is not what its row says: gone, too short, no MP4 of ours, or not below the recordings folder. */
export class FootageFileError extends ArgusError {
  readonly code = 'footage.damaged';
  constructor(path: string, expected: string, found: string, options?: { cause?: unknown }) {
    super(`footage ${JSON.stringify(path.slice(0, 120))}: expected ${expected}, found ${found}`, { path }, options);
  }
}
