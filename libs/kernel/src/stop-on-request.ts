import { messageOf } from './errors.js';
import type { Logger } from './logger.js';

export interface StopOptions {
  readonly stop: () => Promise<void>;
  readonly log: Logger;
  /** Whatever hangs is left behind after so long. */
  readonly withinMs: number;
  /** Exit code where something could not be let go of. */
  readonly failed: number;
}

/** Ends this process on SIGTERM, Ctrl+C, or when its supervisor is gone: no orphan holds a port or a job. */
export function stopOnRequest({ stop, log, withinMs, failed }: StopOptions): void {
  let stopping = false;
  const begin = (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { reason });
    setTimeout(() => process.exit(failed), withinMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('not everything was let go of', { error: messageOf(error) });
        process.exit(failed);
      },
    );
  };
  process.once('SIGTERM', () => begin('SIGTERM'));
  process.once('SIGINT', () => begin('SIGINT'));
  process.once('disconnect', () => begin('the supervisor is gone'));
}
