import { SEARCH_CODES } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

export class DatasetNameTakenError extends ArgusError {
  readonly code = 'dataset.name-taken';
  constructor(name: string) {
    super(`there is a sample set with the name "${name}" already; choose another name`, { name });
  }
}

/** It is worked on: something would be written into what is not there any more. */
export class DatasetInUseError extends ArgusError {
  readonly code = 'dataset.in-use';
  constructor(what: string) {
    super(`the sample set is in use: ${what}; stop that first`);
  }
}

/** Somebody said that it is to stay. */
export class VersionKeptError extends ArgusError {
  readonly code = 'dataset.version-kept';
  constructor(digest: string) {
    super(`version ${digest.slice(0, 12)} is to be kept; say first that it need not be`, { digest });
  }
}

export class NoLicenceError extends ArgusError {
  readonly code = 'dataset.no-licence';
  constructor(name: string) {
    super(`the sample set "${name}" has no licence, so nobody outside may have it; say under which licence it is given away (licence), or export it as private`, { name });
  }
}

export class OriginalSamplesError extends ArgusError {
  readonly code = 'dataset.originals';
  constructor(count: number) {
    super(`${count} of the pictures were taken of cameras with privacy masks, without them: to export them takes the permission "recording.original", which an administrator can give; or remove these samples, or redact the set`, { count });
  }
}

export class TooManyToSortError extends ArgusError {
  readonly code = 'dataset.too-many';
  constructor(count: number, most: number) {
    super(`sort: expected ${most} samples at most, got ${count}; filter them first (by group, label, time), or list them by place`, { count, most });
  }
}

/** A search found no way to an answer. */
export class SampleSearchError extends ArgusError {
  constructor(
    readonly code: (typeof SEARCH_CODES)[number] | 'search.away',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, {}, options);
  }

  /** As the worker told it. */
  static of({ code, message }: { readonly code: string; readonly message: string }): SampleSearchError {
    return new SampleSearchError(SEARCH_CODES.find((one) => one === code) ?? 'search.failed', message);
  }

  static away(cause: unknown): SampleSearchError {
    return new SampleSearchError('search.away', 'the worker, which compares pictures, does not answer; try again, or see whether it runs (System, or the log "worker")', { cause });
  }
}
