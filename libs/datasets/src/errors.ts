import { ArgusError } from '@argus/kernel';

/** A file of a set or of a foreign format that is not what it should be. The message names the file and the place in it. */
export class DatasetFileError extends ArgusError {
  readonly code = 'dataset.file';
}

/** An archive that is not opened: a name that leads out of it, a link, more than was allowed. The message names the entry. */
export class HostileArchiveError extends ArgusError {
  readonly code = 'dataset.archive';
}

/** Somebody else writes into this folder of shards. The message says which process. */
export class ShardLockedError extends ArgusError {
  readonly code = 'dataset.shard-locked';
}

/** The disk has less room left than is kept free; nothing was written. */
export class SampleDiskLowError extends ArgusError {
  readonly code = 'dataset.disk-low';
}

/** What lies there of an archive that was begun is not the beginning of what is to be written. */
export class ArchiveChangedError extends DatasetFileError {
  constructor(wanted: string, found: string) {
    super(`expected ${wanted} in the archive that was begun, found ${found}; it is begun anew`);
  }
}
