import { connect } from 'node:net';
import { GatewayToEngine, type EngineToGateway } from '@argus/contracts';
import { Backoff, messageOf, type Logger } from '@argus/kernel';
import { WebSocket } from 'ws';

export interface EngineLinkOptions {
  readonly socketPath: string;
  readonly token: string;
  readonly log: Logger;
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
  readonly onMessage: (message: GatewayToEngine) => void;
}

/** A gateway that has not answered for so long is gone; shorter, and a crowded machine would break good links. */
const HEARTBEAT_MS = 15_000;
/** Bytes waiting in the socket above which video packets are dropped: about two seconds of four full-HD cameras. */
const CONGESTED_BYTES = 4 * 1024 * 1024;

/**
 * The WebSocket to the gateway over its Unix socket. Opens it again for ever with jittered backoff; what is sent while it is
 * down is dropped (the journal and the state table send themselves again on `onConnected`).
 */
export class EngineLink {
  #socket: WebSocket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #alive = true;
  #closed = false;
  #failures = 0;
  readonly #backoff = new Backoff({ firstMs: 100, maxMs: 3000 });

  constructor(private readonly options: EngineLinkOptions) {}

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** True while the gateway does not keep up; packets are then not worth sending. */
  get congested(): boolean {
    return !this.connected || (this.#socket?.bufferedAmount ?? 0) > CONGESTED_BYTES;
  }

  open(): void {
    // `createConnection` takes the path as it is; a `ws+unix:` URL would percent-encode spaces and Chinese letters.
    const socket = new WebSocket('ws://engine/', {
      headers: { authorization: `Bearer ${this.options.token}` },
      createConnection: () => connect({ path: this.options.socketPath }),
      handshakeTimeout: 5000,
      maxPayload: 64 * 1024 * 1024,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => this.#opened(socket));
    socket.on('message', (data: Buffer, isBinary) => this.#received(data, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => this.#lost(socket));
  }

  send(message: EngineToGateway): void {
    if (this.connected) this.#socket?.send(JSON.stringify(message));
  }

  /** One live packet, already framed as engine-link.ts says. */
  sendBinary(frame: Uint8Array): void {
    if (this.connected) this.#socket?.send(frame);
  }

  close(): void {
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#socket?.close();
    this.#socket?.terminate();
  }

  #opened(socket: WebSocket): void {
    this.#backoff.reset();
    this.#failures = 0;
    this.#alive = true;
    this.#heartbeat = setInterval(() => this.#beat(socket), HEARTBEAT_MS);
    this.options.log.info('linked to the gateway');
    this.options.onConnected();
  }

  #beat(socket: WebSocket): void {
    if (!this.#alive) {
      this.options.log.warn('the gateway does not answer on the link, opening it again');
      socket.terminate();
      return;
    }
    this.#alive = false;
    socket.ping();
  }

  #received(data: Buffer, isBinary: boolean): void {
    const parsed = isBinary ? null : GatewayToEngine.safeParse(parseJson(data.toString('utf8')));
    if (parsed?.success) this.options.onMessage(parsed.data);
    else {
      const problem = parsed ? parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') : 'expected text, got binary';
      this.options.log.error('a message of the gateway was refused', { problem });
    }
  }

  #failed(error: Error): void {
    this.#failures += 1;
    // The gateway starts later than the engine: the first failures are the normal case.
    if (this.#failures % 20 === 10) this.options.log.warn('the gateway cannot be reached, trying on', { error: messageOf(error), attempts: this.#failures });
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (this.#heartbeat) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = null;
      this.options.onDisconnected();
    }
    if (!this.#closed) this.#retry = setTimeout(() => this.open(), this.#backoff.nextMs());
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The schema then refuses it and the log names it.
    return { malformed: messageOf(error) };
  }
}
