import { createServer } from 'node:net';
import { PortTakenError } from '../errors.js';

const TRIES = 50;

/** True when nobody listens on the address. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(portError(host, port, error))));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The wanted port, or the next free one after it.
 * @throws PortTakenError when it is taken and was asked for by name, or when none is free
 */
export async function choosePort(host: string, wanted: number, isExplicit: boolean): Promise<number> {
  if (await isPortFree(host, wanted)) return wanted;
  if (isExplicit) throw new PortTakenError(`port ${wanted} on ${host} is taken by another program; stop that one, or choose another port with --port`, { host, port: wanted });
  for (let port = wanted + 1; port < wanted + TRIES && port <= 65_535; port += 1) {
    if (await isPortFree(host, port)) return port;
  }
  throw new PortTakenError(`no free port from ${wanted} to ${wanted + TRIES} on ${host}; choose one with --port`, { host, port: wanted });
}

function portError(host: string, port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EACCES') return new PortTakenError(`port ${port} needs more rights than this user has; choose one above 1023 with --port`, { host, port });
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new PortTakenError(`${host} is no address of this machine; choose one with --host, e.g. 127.0.0.1 or 0.0.0.0`, { host, port });
  return error;
}
