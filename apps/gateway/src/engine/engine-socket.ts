import { timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { messageOf, type Logger } from '@argus/kernel';
import { WebSocketServer, type WebSocket } from 'ws';

export interface EngineSocketOptions {
  /** At most about 100 bytes: the kernel's limit for a Unix socket's path. The supervisor chooses it. */
  readonly path: string;
  readonly token: string;
  readonly log: Logger;
  readonly onConnection: (socket: WebSocket) => void;
}

const LARGEST_MESSAGE = 32 * 1024 * 1024;

/** The door for the inference process: a WebSocket server on a Unix socket that only the owner may open (0600 in a 0700 folder) and only with the token. */
export class EngineSocket {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false });

  constructor(private readonly options: EngineSocketOptions) {
    this.#server = createServer((_request, response) => response.writeHead(426).end('expected a WebSocket'));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
    this.#server.on('error', (error) => options.log.error('the engine socket failed', { error: messageOf(error) }));
  }

  async listen(): Promise<void> {
    const { path } = this.options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { force: true });
    await new Promise<void>((ready, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(path, () => {
        this.#server.off('error', failed);
        ready();
      });
    });
    chmodSync(path, 0o600);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${this.options.token}`)) {
      this.options.log.warn('a connection to the engine socket came without the token');
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.options.onConnection(client));
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
