import { LABELLING_CODES } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

const BUSY_SECONDS = 3;

/** Boxes cannot be followed, or pictures of footage not be put into a set. */
export class LabellingError extends ArgusError {
  readonly retryAfterSeconds: number | undefined;
  constructor(
    readonly code: (typeof LABELLING_CODES)[number] | 'labelling.away',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, {}, options);
    this.retryAfterSeconds = code === 'labelling.busy' ? BUSY_SECONDS : undefined;
  }

  /** As the worker told it. */
  static of({ code, message }: { readonly code: string; readonly message: string }): LabellingError {
    return new LabellingError(LABELLING_CODES.find((one) => one === code) ?? 'labelling.failed', message);
  }

  static away(cause: unknown): LabellingError {
    return new LabellingError('labelling.away', 'the worker, which follows boxes and takes pictures out of footage, does not answer; try again, or see whether it runs (System, or the log "worker")', { cause });
  }
}
