import { availableParallelism } from 'node:os';
import { createLogger, newId, systemClock } from '@argus/kernel';
import { FileBlobStore } from '@argus/storage';
import { Engine } from './engine.js';
import { Journal } from './journal/journal.js';
import { JournalSender } from './journal/journal-sender.js';
import { EngineLink } from './link/engine-link.js';
import { readSettings } from './settings.js';
import { VERSION } from './version.js';

/** The live plane. Settings, journal, link, engine, in this order; stops on SIGTERM or when its parent is gone. */
async function main(): Promise<void> {
  const settings = readSettings(process.env, availableParallelism());
  const log = createLogger('inference', { level: settings.logLevel });
  const bootId = newId();

  const journal = await Journal.open({ directory: settings.journalDir, bootId, log });
  const sender = new JournalSender({ journal, log, send: (message) => link.send(message), onReplayed: () => link.send({ type: 'replayed', bootId }) });

  const link: EngineLink = new EngineLink({
    socketPath: settings.engineSocket,
    token: settings.engineToken,
    log,
    onConnected: () => {
      link.send({ type: 'hello', bootId, version: VERSION, pid: process.pid });
      sender.connected();
      engine.linked();
    },
    onDisconnected: () => {
      sender.disconnected();
      engine.unlinked();
    },
    onMessage: (message) => (message.type === 'ack' ? sender.acknowledged(message.entries) : engine.handle(message)),
  });

  const engine = new Engine({ settings, bootId, journal, link, blobs: new FileBlobStore(settings.blobsDir), clock: systemClock, log });
  await engine.start();
  link.open();
  process.send?.({ type: 'ready', pid: process.pid });
  // A process whose event loop no longer turns is up but not alive: the supervisor replaces it when these stop.
  setInterval(() => process.connected && process.send?.({ type: 'alive' }), 10_000).unref();
  log.info('inference is up', { bootId, unsent: journal.count, ingestChildren: settings.ingestChildren, modelWorkers: settings.modelWorkers });

  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('inference stops', { why });
    // Whatever hangs must not keep the process: the journal has what matters.
    setTimeout(() => process.exit(0), 5000).unref();
    await engine.stop();
    await journal.close();
    link.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('disconnect', () => void stop('its supervisor is gone'));
}

main().catch((error: unknown) => {
  createLogger('inference').error('inference could not start', { error });
  process.exitCode = 1;
});
