import { EngineToGateway, isOfMainStream, type CameraId, type CameraStream, type EngineConfig, type GatewayToEngine, type FrameTrace, type LiveMessage, type PointNormalized, type ProbeResult, type ProfileRequest } from '@argus/contracts';
import { messageOf, redactCredentials, type Logger } from '@argus/kernel';
import { Subject } from 'rxjs';
import type { WebSocket } from 'ws';
import { cameraIdOfBytes } from './camera-uuid.js';
import { EngineRequests } from './engine-requests.js';
import type { EngineState } from './engine-state.js';
import { EngineUnavailableError } from './errors.js';
import type { EventIntake } from './event-intake.js';

/** One of a camera's streams, as viewers see it. */
export interface LiveStream {
  readonly cameraId: CameraId;
  readonly stream: CameraStream;
}

/** What the link needs of its surroundings. */
export interface EngineLinkOptions {
  readonly state: EngineState;
  readonly intake: EventIntake;
  readonly onTraces?: (traces: readonly FrameTrace[]) => void;
  readonly log: Logger;
}

const PROBE_TIMEOUT_MS = 20_000;
const SNAPSHOT_TIMEOUT_MS = 5000;
/** To write down a recording, after its time. */
const PROFILE_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 5000;
const SILENT_MS = 15_000;
const CAMERA_ID_BYTES = 16;

type MessageOf<T extends EngineToGateway['type']> = Extract<EngineToGateway, { type: T }>;

/** The inference process as the gateway talks to it. There is one at a time; the newest connection wins. */
export class EngineLink {
  /** A packet in the wire format of the live view, without the camera id. */
  readonly packets = new Subject<LiveStream & { packet: Uint8Array }>();
  readonly liveMessages = new Subject<LiveStream & { message: LiveMessage }>();
  #socket: WebSocket | null = null;
  #config: EngineConfig | null = null;
  #watched: readonly LiveStream[] = [];
  readonly #requests = new EngineRequests();

  constructor(private readonly options: EngineLinkOptions) {}

  accept(socket: WebSocket): void {
    const previous = this.#socket;
    this.#socket = socket;
    if (previous) {
      this.#requests.failAll();
      previous.terminate();
    }
    this.options.intake.restart((entries) => socket.readyState === socket.OPEN && socket.send(JSON.stringify({ type: 'ack', entries } satisfies GatewayToEngine)));
    socket.on('message', (data: Buffer, isBinary) => {
      if (socket !== this.#socket) return;
      if (isBinary) this.#relay(data);
      else this.#read(data.toString('utf8'));
    });
    socket.on('error', (error) => this.options.log.warn('the link to inference failed', { error: messageOf(error) }));
    socket.on('close', () => this.#lost(socket));
    keepAlive(socket);
  }

  /** Sent at once and to every engine that connects later. */
  setConfig(config: EngineConfig): void {
    this.#config = config;
    this.#send({ type: 'config', config });
  }

  watch(streams: readonly LiveStream[]): void {
    this.#watched = streams;
    this.#sendWatched();
  }

  /** Opens a stream, takes one picture, covers `masks` in it. Throws EngineUnavailableError, EngineTimeoutError. */
  probe(url: string, masks: PointNormalized[][] = []): Promise<ProbeResult> {
    this.#requireSocket();
    return this.#requests.ask('connection test', PROBE_TIMEOUT_MS, (requestId) => this.#send({ type: 'probe', requestId, url, masks }));
  }

  /** Newest picture of a running camera as JPEG; null when it has none. Throws EngineUnavailableError, EngineTimeoutError. */
  async snapshot(cameraId: CameraId, maxWidth: number): Promise<Buffer | null> {
    this.#requireSocket();
    const jpegBase64 = await this.#requests.ask<string | null>('snapshot', SNAPSHOT_TIMEOUT_MS, (requestId) => this.#send({ type: 'snapshot', requestId, cameraId, maxWidth }));
    return jpegBase64 === null ? null : Buffer.from(jpegBase64, 'base64');
  }

  /** Records for some seconds; null when the engine has no such camera or model. Throws EngineUnavailableError, EngineTimeoutError. */
  profile({ subject, seconds }: ProfileRequest): Promise<string | null> {
    this.#requireSocket();
    return this.#requests.ask('recording', seconds * 1000 + PROFILE_TIMEOUT_MS, (requestId) => this.#send({ type: 'profile', requestId, subject, seconds }));
  }

  #requireSocket(): void {
    if (!this.#socket) throw new EngineUnavailableError();
  }

  #send(message: GatewayToEngine): void {
    if (this.#socket?.readyState === this.#socket?.OPEN) this.#socket?.send(JSON.stringify(message));
  }

  /** The camera's packets are the hot path: 16 bytes are read, the rest is passed on as it is. */
  #relay(data: Buffer): void {
    if (data.byteLength <= CAMERA_ID_BYTES) return;
    const packet = data.subarray(CAMERA_ID_BYTES);
    this.packets.next({ cameraId: cameraIdOfBytes(data), stream: isOfMainStream(packet) ? 'main' : 'analysis', packet });
  }

  #sendWatched(): void {
    const idsOf = (stream: CameraStream): CameraId[] => this.#watched.filter((one) => one.stream === stream).map(({ cameraId }) => cameraId);
    this.#send({ type: 'watch', cameraIds: idsOf('analysis'), main: idsOf('main') });
  }

  #read(text: string): void {
    let message: EngineToGateway;
    try {
      message = EngineToGateway.parse(JSON.parse(text));
    } catch (error) {
      this.options.log.error('a message of the inference process was refused', { error: redactCredentials(messageOf(error)).slice(0, 500) });
      return;
    }
    this.#handle(message);
  }

  #handle(message: EngineToGateway): void {
    const { intake, state } = this.options;
    switch (message.type) {
      case 'hello':
        return this.#greet(message);
      case 'event':
        return intake.add({ kind: 'event', entry: message.entry, revision: { event: message.event, bootId: message.bootId }, receivedMs: Date.now(), trace: message.trace });
      case 'tracks':
        return intake.add({ kind: 'tracks', entry: message.entry, tracks: message.tracks });
      case 'segment':
        return intake.add({ kind: 'segment', entry: message.entry, segment: message.segment });
      case 'replayed':
        return intake.add({ kind: 'end-orphans', bootId: message.bootId });
      case 'states':
        return state.setStates(message.states);
      case 'stats':
        return state.setStats(message.cameras, message.compute, message.models);
      case 'live':
        return this.liveMessages.next({ cameraId: message.cameraId, stream: message.stream, message: message.message });
      case 'applied':
        return state.applied(message.revision, message.problems);
      case 'probed':
        return this.#requests.answer(message.requestId, message.result);
      case 'snapshot':
        return this.#requests.answer(message.requestId, message.jpegBase64);
      case 'profiled':
        return this.#requests.answer(message.requestId, message.trace);
      case 'traces':
        return this.options.onTraces?.(message.traces);
    }
  }

  #greet(hello: MessageOf<'hello'>): void {
    this.options.log.info('inference connected', { pid: hello.pid, version: hello.version });
    this.options.state.connected(hello.version);
    if (this.#config) this.#send({ type: 'config', config: this.#config });
    this.#sendWatched();
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#requests.failAll();
    this.options.state.disconnected();
    this.options.log.warn('inference disconnected');
  }
}

/** A process that hangs without closing its socket is let go; a busy machine may keep one silent for seconds. */
function keepAlive(socket: WebSocket): void {
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heardAt > SILENT_MS) return socket.terminate();
    socket.ping();
  }, HEARTBEAT_MS);
  socket.on('pong', () => (heardAt = performance.now()));
  socket.on('message', () => (heardAt = performance.now()));
  socket.on('close', () => clearInterval(timer));
}
