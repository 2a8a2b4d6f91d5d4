import type { CameraId } from '@argus/contracts';
import { ArgusError, isoTime } from '@argus/kernel';

/** Where the nearest footage is: its end before, its start after; null where there is none. */
export interface NearestFootage {
  readonly before: Date | null;
  readonly after: Date | null;
}

export class NoFootageError extends ArgusError {
  readonly code = 'footage.none';
  constructor(cameraId: CameraId, fromMs: number, toMs: number, { before, after }: NearestFootage) {
    const nearest = [...(before ? [`the nearest before ends ${before.toISOString()}`] : []), ...(after ? [`the nearest after starts ${after.toISOString()}`] : [])];
    super(`there is no footage of this camera from ${isoTime(fromMs)} to ${isoTime(toMs)}; ${nearest.join(', ') || 'there is none at all'}`, { cameraId });
  }
}

/** What the worker may say of footage with masks that it cannot give; its words are for people. */
const MASKING_CODES = ['footage.masking-busy', 'footage.masks-changed', 'footage.none', 'footage.damaged', 'footage.disk', 'remote.away', 'remote.refused', 'remote.damaged'] as const;
const BUSY_SECONDS = 3;

/** Masks could not be burnt into footage. */
export class MaskedFilmError extends ArgusError {
  readonly retryAfterSeconds: number | undefined;
  constructor(
    readonly code: (typeof MASKING_CODES)[number] | 'footage.masking-failed' | 'footage.masking-away',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, {}, options);
    this.retryAfterSeconds = code === 'footage.masking-busy' ? BUSY_SECONDS : undefined;
  }

  /** As the worker told it. */
  static of({ code, message }: { readonly code: string; readonly message: string }): MaskedFilmError {
    const known = MASKING_CODES.find((one) => one === code);
    return known === undefined ? new MaskedFilmError('footage.masking-failed', `privacy masks could not be burnt in: ${message}`) : new MaskedFilmError(known, message);
  }

  static away(cause: unknown): MaskedFilmError {
    return new MaskedFilmError('footage.masking-away', 'the worker, which burns privacy masks into footage, does not answer; try again, or see whether it runs (System, or the log "worker")', { cause });
  }
}
