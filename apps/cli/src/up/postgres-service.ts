import { join } from 'node:path';
import { startEmbeddedPostgres } from '@argus/embedded-postgres';
import { createLogger } from '@argus/kernel';
import type { Service } from './service.js';

/** The embedded server of this data directory. It outlives a killed supervisor on purpose; the next start takes it over. */
export function postgresService(dataFolder: string, output: (chunk: Buffer) => void): Service {
  const log = createLogger('postgres', { write: (line) => output(Buffer.from(line)) });
  let preferredPort: number | undefined;
  return {
    name: 'postgres',
    async launch(signal, onPid) {
      signal.throwIfAborted();
      const server = await startEmbeddedPostgres({ dataDir: join(dataFolder, 'postgres'), log, ...(preferredPort === undefined ? {} : { preferredPort }) });
      onPid(server.pid);
      preferredPort = Number(new URL(server.url).port);
      // The gateway's connections find the server at the same address when it had to be started again.
      const ended = new Promise<string>((resolve) => server.onExit(() => resolve('ended')));
      return { pid: server.pid, details: { url: server.url }, ended, stop: () => server.stop() };
    },
  };
}
