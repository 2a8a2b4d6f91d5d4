import 'reflect-metadata';
import { createLogger, messageOf, redactCredentials, stopOnRequest } from '@argus/kernel';
import { PortTakenError, SettingsError } from './http/errors.js';
import { readSettings } from './settings.js';
import { startGateway } from './start-gateway.js';
import { VERSION } from './version.js';

/** Exit codes that a supervisor can tell apart: trying again helps with neither of the first two. */
const EXIT = { settings: 2, portTaken: 3, failed: 1 } as const;
const STOP_WITHIN_MS = 15_000;
const ALIVE_EVERY_MS = 10_000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLogger('gateway', { level: settings.logLevel });
  process.on('unhandledRejection', (reason) => log.error('a promise was left alone when it failed', { error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) }));
  const gateway = await startGateway(settings, { log });
  stopOnRequest({ stop: () => gateway.stop(), log, withinMs: STOP_WITHIN_MS, failed: EXIT.failed });
  log.info('ready', { url: gateway.url, version: VERSION });
  process.send?.({ type: 'ready', url: gateway.url });
  // A process whose event loop no longer turns is up but not alive: the supervisor replaces it when these stop.
  setInterval(() => process.connected && process.send?.({ type: 'alive' }), ALIVE_EVERY_MS).unref();
}

main().catch((error: unknown) => {
  const code = error instanceof SettingsError ? EXIT.settings : error instanceof PortTakenError ? EXIT.portTaken : EXIT.failed;
  process.stderr.write(`gateway cannot start: ${redactCredentials(messageOf(error))}\n`);
  process.exit(code);
});
