import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { CameraId, ComputeStats, EngineStatus, EventView, Permission, ServerToClientMessages } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { asyncScheduler, groupBy, mergeMap, throttleTime } from 'rxjs';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import { may, sees, type Principal } from '../auth/principal.js';
import type { EngineState } from '../engine/engine-state.js';
import { isSameOrigin } from '../http/same-origin.js';
import { computeFor } from '../system/compute-for.js';
import { engineFor } from '../system/engine-for.js';
import { RIGHTS_NOUNS, type ChangeBus, type ChangedNoun } from './change-bus.js';

export interface RealtimeFeedOptions {
  readonly authenticate: (headers: IncomingMessage['headers'], remoteAddress: string | null) => Promise<Principal | null>;
  readonly engine: EngineState;
  readonly changes: ChangeBus;
  readonly log: Logger;
  readonly checkEveryMs?: number;
}

interface SocketData {
  principal: Principal;
}
type Viewer = Socket<DefaultEventsMap, ServerToClientMessages, DefaultEventsMap, SocketData>;

const CHECK_EVERY_MS = 10_000;
/** A hundred deliveries a second are one hint to ask for the list again. */
const CHANGED_EVERY_MS = 500;
const READ: Readonly<Record<ChangedNoun, Permission>> = {
  camera: 'camera.read',
  pipeline: 'pipeline.read',
  rule: 'rule.read',
  webhook: 'webhook.read',
  delivery: 'webhook.read',
  user: 'user.read',
  'api-key': 'api-key.read',
  model: 'model.read',
  tuning: 'system.read',
  export: 'recording.export',
  harvest: 'harvest.read',
  dataset: 'dataset.read',
};

/** What happens, told to signed-in browsers as it happens; each hears only of what it may read and of cameras in its scope. */
export class RealtimeFeed {
  readonly #server: Server<DefaultEventsMap, ServerToClientMessages, DefaultEventsMap, SocketData>;
  readonly #subscriptions: { unsubscribe(): void }[];
  readonly #check: NodeJS.Timeout;

  constructor(private readonly options: RealtimeFeedOptions) {
    const { engine, changes } = options;
    this.#server = new Server({ serveClient: false, destroyUpgrade: false, maxHttpBufferSize: 4096 });
    this.#server.use((socket, next) => void this.#admit(socket, next));
    this.#server.on('connection', (socket) => this.#greet(socket));
    this.#subscriptions = [
      engine.stateChanges.subscribe((state) => this.#tell('camera.read', state.cameraId, (viewer) => viewer.emit('camera-state', state))),
      engine.statsChanges.subscribe(({ cameras, compute }) => {
        this.#tell('camera.read', null, (viewer) => viewer.emit('camera-stats', cameras.filter((stats) => sees(viewer.data.principal, stats.cameraId))));
        this.#tell('system.read', null, (viewer) => viewer.emit('engine', ...engineNews(engine.status, compute, viewer.data.principal)));
      }),
      engine.statusChanges.subscribe((status) => this.#tell('system.read', null, (viewer) => viewer.emit('engine', ...engineNews(status, engine.compute, viewer.data.principal)))),
      changes.changes
        .pipe(
          groupBy((noun) => noun),
          mergeMap((ofNoun) => ofNoun.pipe(throttleTime(CHANGED_EVERY_MS, asyncScheduler, { leading: true, trailing: true }))),
        )
        .subscribe((noun) => {
          this.#tell(READ[noun], null, (viewer) => viewer.emit('changed', noun));
          if (RIGHTS_NOUNS.includes(noun)) void this.#checkAll();
        }),
    ];
    this.#check = setInterval(() => void this.#checkAll(), options.checkEveryMs ?? CHECK_EVERY_MS).unref();
  }

  attach(server: HttpServer): void {
    this.#server.attach(server);
  }

  /** Committed events. */
  events(changed: readonly EventView[]): void {
    for (const event of changed) this.#tell('event.read', event.cameraId, (viewer) => viewer.emit('event', event));
  }

  close(): void {
    clearInterval(this.#check);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#server.disconnectSockets(true);
  }

  #tell(permission: Permission, cameraId: CameraId | null, send: (viewer: Viewer) => void): void {
    for (const viewer of this.#server.of('/').sockets.values()) {
      const { principal } = viewer.data;
      if (may(principal, permission) && (cameraId === null || sees(principal, cameraId))) send(viewer);
    }
  }

  async #admit(socket: Viewer, next: (error?: Error) => void): Promise<void> {
    try {
      const principal = await this.#authenticate(socket);
      if (!principal) return next(new Error('auth.required'));
      socket.data.principal = principal;
      next();
    } catch (error) {
      this.options.log.error('a socket could not be opened', { error: messageOf(error) });
      next(new Error('internal'));
    }
  }

  /** Socket.IO's own `auth.token` is taken like a bearer, for clients that cannot set headers. */
  async #authenticate(socket: Viewer): Promise<Principal | null> {
    const token: unknown = socket.handshake.auth['token'];
    const headers = typeof token === 'string' ? { ...socket.request.headers, authorization: `Bearer ${token}` } : socket.request.headers;
    if (headers.authorization === undefined && !isSameOrigin(headers)) return null;
    return this.options.authenticate(headers, socket.request.socket.remoteAddress ?? null);
  }

  #greet(viewer: Viewer): void {
    const { engine } = this.options;
    if (may(viewer.data.principal, 'system.read')) viewer.emit('engine', ...engineNews(engine.status, engine.compute, viewer.data.principal));
  }

  /** Who signed out or was disabled is cut off; changed rights and scopes take effect. */
  async #checkAll(): Promise<void> {
    for (const viewer of this.#server.of('/').sockets.values()) {
      try {
        const principal = await this.#authenticate(viewer);
        if (principal) viewer.data.principal = principal;
        else viewer.disconnect(true);
      } catch (error) {
        this.options.log.warn('a socket could not be checked', { error: messageOf(error) });
      }
    }
  }
}

const engineNews = (status: EngineStatus, compute: ComputeStats, principal: Principal): [EngineStatus, ComputeStats] => [engineFor(status, principal), computeFor(compute, principal)];
