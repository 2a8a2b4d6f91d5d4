import { ArgusError, messageOf } from '@argus/kernel';

/** The disk refused something. `context.reason` is its own short name: ENOSPC, EROFS, EIO, … */
export class FootageDiskError extends ArgusError {
  readonly code = 'footage.disk';

  /** What was thrown on purpose stays as it is. */
  static of(path: string, what: 'opened' | 'written' | 'read' | 'closed' | 'deleted', cause: unknown): ArgusError {
    if (cause instanceof ArgusError) return cause;
    const reason = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown';
    return new FootageDiskError(`${path} could not be ${what}: ${messageOf(cause)}`, { path, reason }, { cause });
  }
}
