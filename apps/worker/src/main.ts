import 'reflect-metadata';
import { createLogger, messageOf, redactCredentials } from '@argus/kernel';
import { SettingsError } from './errors.js';
import { readSettings } from './settings.js';
import { startWorker } from './start-worker.js';
import { VERSION } from './version.js';

/** As the gateway's: with wrong settings trying again does not help. */
const EXIT = { settings: 2, failed: 1 } as const;
const STOP_WITHIN_MS = 10_000;
const ALIVE_EVERY_MS = 10_000;

/** Background jobs; stops on SIGTERM or when its parent is gone. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLogger('worker', { level: settings.logLevel });
  process.on('unhandledRejection', (reason) => log.error('a promise was left alone when it failed', { error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) }));
  const worker = await startWorker(settings, log);
  let stopping = false;
  const stop = (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { reason });
    // Whatever hangs must not keep the process: the job's row has what matters.
    setTimeout(() => process.exit(EXIT.failed), STOP_WITHIN_MS).unref();
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('not everything was let go of', { error: messageOf(error) });
        process.exit(EXIT.failed);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => stop('the supervisor is gone'));
  log.info('ready', { version: VERSION });
  process.send?.({ type: 'ready', pid: process.pid });
  setInterval(() => process.connected && process.send?.({ type: 'alive' }), ALIVE_EVERY_MS).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`worker cannot start: ${redactCredentials(messageOf(error))}\n`);
  process.exit(error instanceof SettingsError ? EXIT.settings : EXIT.failed);
});
