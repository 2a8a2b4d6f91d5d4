import 'reflect-metadata';
import { createLogger, messageOf, redactCredentials, stopOnRequest } from '@argus/kernel';
import { SettingsError } from './errors.js';
import { readSettings } from './settings.js';
import { startRemoteWorker } from './start-remote-worker.js';
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
  const worker = settings.place === 'remote' && settings.secondTier ? await startRemoteWorker(settings, settings.secondTier, log) : await startWorker(settings, log);
  // What a hanging job leaves behind does not matter: its row has what does.
  stopOnRequest({ stop: () => worker.stop(), log, withinMs: STOP_WITHIN_MS, failed: EXIT.failed });
  log.info('ready', { version: VERSION });
  process.send?.({ type: 'ready', pid: process.pid });
  setInterval(() => process.connected && process.send?.({ type: 'alive' }), ALIVE_EVERY_MS).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`worker cannot start: ${redactCredentials(messageOf(error))}\n`);
  process.exit(error instanceof SettingsError ? EXIT.settings : EXIT.failed);
});
