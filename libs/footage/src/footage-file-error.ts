import { ArgusError } from '@argus/kernel';

/** A file of footage that is not what it should be: gone, too short, damaged, or none of ours. The message names file, byte and box, as far as they are known. */
export class FootageFileError extends ArgusError {
  readonly code = 'footage.damaged';

  /** As seen by who wanted the file for something. */
  static of(path: string, expected: string, found: string, options?: { cause?: unknown }): FootageFileError {
    return new FootageFileError(`footage ${JSON.stringify(path.slice(0, 120))}: expected ${expected}, found ${found}`, { path }, options);
  }

  /** The same, with the file's name, for what was found in the bytes of a file. */
  in(path: string): FootageFileError {
    return this.context['path'] === undefined ? new FootageFileError(`footage ${JSON.stringify(path.slice(0, 300))}: ${this.message}`, { ...this.context, path }, { cause: this }) : this;
  }
}
