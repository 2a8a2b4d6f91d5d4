import type { OfflineReason } from '@argus/contracts';
import { ArgusError, redactCredentials } from '@argus/kernel';

/**
 * A camera source could not be opened or broke. `reason` is what an operator's text is chosen by; `message` is a whole
 * sentence for people. Credentials are removed from it whatever the caller passes in.
 */
export class SourceError extends ArgusError {
  readonly code = 'media.source';

  constructor(
    readonly reason: OfflineReason,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(redactCredentials(message), { reason }, options);
  }
}
