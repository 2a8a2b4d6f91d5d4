import type { Sample } from '@argus/contracts';

/** A set that can be read from its beginning to its end, in the order of digests; any number of times. */
export interface SampleSource {
  readonly name: string;
  /** `after`: those up to this digest are not needed, and need not come. */
  samples(after?: string): AsyncIterable<Sample>;
  /** The encoded picture. Throws DatasetFileError where it is gone or is another one. */
  read(sha256: string): Promise<Uint8Array>;
}
