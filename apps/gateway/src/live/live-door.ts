import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CameraId, CameraStream, type CameraState } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { asyncScheduler, throttleTime, type Observable } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';
import { mayOn } from '../auth/camera-access.js';
import { may, sees, type Principal } from '../auth/principal.js';
import { isSameOrigin } from '../http/same-origin.js';
import type { LiveStream } from '../engine/engine-link.js';
import type { LiveHub } from './live-hub.js';

export interface LiveCamera {
  readonly state: CameraState;
  /** It has a main stream beside the analysed one. */
  readonly hasMain: boolean;
}

/** Who was let in, and to what. */
interface Admission extends LiveStream {
  readonly state: CameraState;
}

export interface LiveDoorOptions {
  readonly hub: LiveHub;
  readonly authenticate: (headers: IncomingMessage['headers'], remoteAddress: string | null) => Promise<Principal | null>;
  /** null: there is no such camera. */
  readonly find: (cameraId: CameraId) => Promise<LiveCamera | null>;
  /** Who may see what has changed: open views are asked at once whether they still may. */
  readonly rightsChanges: Observable<unknown>;
  readonly log: Logger;
  /** How often an open view is asked again whether it still may; tests shorten it. */
  readonly checkEveryMs?: number;
}

/** What the address asks for. */
interface Wanted {
  readonly id: string;
  readonly query: string;
}

type Refusal = 400 | 401 | 403 | 404;
const REASONS: Readonly<Record<Refusal | 500, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 500: 'Internal Server Error' };
const PATH = /^\/api\/v1\/cameras\/([^/?]+)\/live(?:\?(.*))?$/;
/** Somebody who signs out or whose key runs out stops seeing it within this time; changed rights are seen to at once. */
const CHECK_EVERY_MS = 5000;
/** Many cameras that change together are one reason to look. */
const CHANGES_EVERY_MS = 500;
/** A browser that vanished without a word is forgotten after this time. */
const SILENT_MS = 25_000;
const GOING_AWAY = 1001;
/** A viewer that does not take leave within this time is cut off. */
const POLITE_MS = 500;
const NO_LONGER_ALLOWED = 4403;
/** The camera got, or lost, its stream for analysis: the viewer comes back and is given the right one. */
const ANOTHER_STREAM = 4000;

/** The live view's WebSocket on the public server: the same sign-in and camera scope as everything else, then packets. */
export class LiveDoor {
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 });

  /** One check for each open view. */
  readonly #checks = new Set<() => void>();
  readonly #subscription: { unsubscribe(): void };

  constructor(private readonly options: LiveDoorOptions) {
    const changes = options.rightsChanges.pipe(throttleTime(CHANGES_EVERY_MS, asyncScheduler, { leading: true, trailing: true }));
    this.#subscription = changes.subscribe(() => this.#checks.forEach((check) => check()));
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const match = PATH.exec(request.url ?? '');
      if (match) void this.#upgrade(request, socket, head, { id: match[1] as string, query: match[2] ?? '' });
    });
  }

  close(): void {
    this.#subscription.unsubscribe();
    for (const socket of this.#sockets.clients) {
      socket.close(GOING_AWAY);
      setTimeout(() => socket.terminate(), POLITE_MS).unref();
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, wanted: Wanted): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const answer = await this.#admit(request, wanted);
      if (typeof answer === 'number') return refuse(socket, answer);
      this.#sockets.handleUpgrade(request, socket, head, (viewer) => this.#serve(viewer, request, wanted, answer));
    } catch (error) {
      this.options.log.error('a live view could not be opened', { error: messageOf(error) });
      refuse(socket, 500);
    }
  }

  /** What is shown, or why not. A camera outside the scope is as if it were not there. */
  async #admit(request: IncomingMessage, { id, query }: Wanted): Promise<Admission | Refusal> {
    const { headers } = request;
    if (headers.authorization === undefined && !isSameOrigin(headers)) return 403;
    const principal = await this.options.authenticate(headers, request.socket.remoteAddress ?? null);
    if (!principal) return 401;
    if (!may(principal, 'live.view')) return 403;
    const cameraId = CameraId.safeParse(id);
    if (!cameraId.success || !sees(principal, cameraId.data)) return 404;
    const stream = CameraStream.safeParse(new URLSearchParams(query).get('stream') ?? 'analysis');
    if (!stream.success) return 400;
    const camera = await this.options.find(cameraId.data);
    if (!camera) return 404;
    if (!mayOn(principal, 'live', cameraId.data)) return 403;
    return { cameraId: cameraId.data, stream: camera.hasMain ? stream.data : 'analysis', state: camera.state };
  }

  #serve(viewer: WebSocket, request: IncomingMessage, wanted: Wanted, { cameraId, stream, state }: Admission): void {
    const leave = this.options.hub.join({ cameraId, stream }, viewer, state);
    const check = () => void this.#check(viewer, request, wanted, stream);
    this.#checks.add(check);
    let answeredAt = performance.now();
    const timer = setInterval(() => {
      if (performance.now() - answeredAt > SILENT_MS) return viewer.terminate();
      viewer.ping();
      check();
    }, this.options.checkEveryMs ?? CHECK_EVERY_MS);
    viewer.on('pong', () => (answeredAt = performance.now()));
    viewer.on('error', () => viewer.terminate());
    viewer.on('close', () => {
      clearInterval(timer);
      this.#checks.delete(check);
      leave();
    });
  }

  async #check(viewer: WebSocket, request: IncomingMessage, wanted: Wanted, shown: CameraStream): Promise<void> {
    try {
      const answer = await this.#admit(request, wanted);
      if (typeof answer === 'number') viewer.close(NO_LONGER_ALLOWED, 'no longer allowed');
      else if (answer.stream !== shown) viewer.close(ANOTHER_STREAM, 'the streams of this camera have changed');
    } catch (error) {
      // The database is away: who was admitted stays, the next check decides.
      this.options.log.warn('a live view could not be checked', { error: messageOf(error) });
    }
  }
}

function refuse(socket: Duplex, status: Refusal | 500): void {
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
