import { once } from 'node:events';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { ArgusError, messageOf, type Logger } from '@argus/kernel';

/** What is asked of a worker. `signal`: nobody waits any more, or the worker stops. */
export type DoorRoute = (request: IncomingMessage, search: URLSearchParams, response: ServerResponse, signal: AbortSignal) => Promise<void>;

export interface WorkerDoorOptions {
  /** Of a Unix socket: at most about 100 bytes. */
  readonly path: string;
  /** By their path. */
  readonly routes: Readonly<Record<string, DoorRoute>>;
  /** Nothing is wrong here when it is thrown. */
  readonly isExpected: (error: unknown) => boolean;
  /** Takes out of a text where things lie on the server: that is nobody's business. */
  readonly hide: (text: string) => string;
  readonly log: Logger;
}

/** The gateway's way to what takes native code: HTTP on a Unix socket that only the owner may open. Who may see what is decided there. */
export class WorkerDoor {
  readonly #stopping = new AbortController();
  readonly #server: Server;

  constructor(private readonly options: WorkerDoorOptions) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('error', (error) => options.log.error('the socket for the gateway failed', { error: messageOf(error) }));
  }

  /** False: another worker of this machine has it, and does this for both. */
  async open(): Promise<boolean> {
    const { path } = this.options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (await isAnswered(path)) return false;
    await rm(path, { force: true });
    this.#server.listen(path);
    await once(this.#server, 'listening');
    await chmod(path, 0o600);
    return true;
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('the worker stops'));
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('nobody reads on')));
    response.on('error', () => undefined);
    const signal = AbortSignal.any([gone.signal, this.#stopping.signal]);
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://worker');
      const route = this.options.routes[pathname];
      if (!route) throw new Error(`nothing is known of ${pathname}`);
      await route(request, searchParams, response, signal);
    } catch (error) {
      if (!signal.aborted) this.#refuse(error, response);
      // What is broken off must not look as if it were whole.
      if (!response.writableEnded) response.destroy();
    }
  }

  #refuse(error: unknown, response: ServerResponse): void {
    const { log, isExpected, hide } = this.options;
    if (!isExpected(error)) log.warn('what the gateway asked for could not be given', { error: messageOf(error) });
    if (response.headersSent) return;
    const text = error instanceof ArgusError ? hide(messageOf(error)) : 'an unexpected failure; the log of the worker says more';
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ code: error instanceof ArgusError ? error.code : 'internal', message: text }));
  }
}

/** A socket's file outlives whoever made it: only an answer says that somebody is behind it. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
