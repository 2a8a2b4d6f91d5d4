import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresStartError } from './errors.js';

/**
 * Below the range from which systems take the ports of outgoing connections: there, a client that tries again and again while the
 * server is away can take the server's port for itself, and even be connected to itself.
 */
const FIRST = 20_000;
const LAST = 32_000;
const PATIENCE_MS = 10_000;

/**
 * The preferred port, waited for up to 10 s while the last children of a killed server hold it; without one, or after that, any free.
 * Throws PostgresStartError when there is none.
 */
export async function choosePort(preferred: number | null, random: () => number = Math.random): Promise<number> {
  if (preferred !== null) {
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(100)) if (await isFree(preferred)) return preferred;
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = FIRST + Math.floor(random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new PostgresStartError(`no free port on 127.0.0.1 between ${FIRST} and ${LAST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}
