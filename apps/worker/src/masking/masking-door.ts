import { once } from 'node:events';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { json } from 'node:stream/consumers';
import { CameraId } from '@argus/contracts';
import { ArgusError, isoTime, messageOf, type Logger } from '@argus/kernel';
import { z } from 'zod';
import { MaskingBusyError, MasksChangedError } from '../errors.js';
import type { BegunFilm, MaskedFootage } from './masked-footage.js';
import type { Places } from './places.js';

export interface MaskingDoorOptions {
  /** Of a Unix socket: at most about 100 bytes. */
  readonly path: string;
  readonly footage: MaskedFootage;
  readonly places: Places;
  /** Left out of what the gateway is told: where things lie on the server is nobody's business. */
  readonly recordingsDir: string;
  /** What else is asked for, by path: the body of the request and the answer are JSON. */
  readonly answers?: Readonly<Record<string, (wish: unknown) => Promise<unknown>>>;
  readonly log: Logger;
}

const Query = z.object({ camera: CameraId, from: z.coerce.number(), to: z.coerce.number() });
/** Who takes nothing for so long keeps a place from others. */
const STALL_MS = 15_000;

/** The gateway's way to films with masks, and to what only the worker can open: HTTP on a Unix socket that only the owner may open. Who may see what is decided there; nothing unmasked leaves here. */
export class MaskingDoor {
  readonly #stopping = new AbortController();
  readonly #server: Server;

  constructor(private readonly options: MaskingDoorOptions) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('error', (error) => options.log.error('the socket for masked footage failed', { error: messageOf(error) }));
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
    let leave = () => {};
    try {
      const { searchParams, pathname } = new URL(request.url ?? '/', 'http://worker');
      const answer = this.options.answers?.[pathname];
      if (answer) return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await answer(await json(request))));
      const { camera, from, to } = Query.parse(Object.fromEntries(searchParams));
      leave = await this.options.places.enter(signal);
      await send(await this.options.footage.begin({ cameraId: camera, fromMs: from, toMs: to }, signal), response, signal);
    } catch (error) {
      if (!signal.aborted) this.#refuse(error, response);
      // What is broken off must not look as if it were whole.
      if (!response.writableEnded) response.destroy();
    } finally {
      leave();
    }
  }

  #refuse(error: unknown, response: ServerResponse): void {
    const { log, recordingsDir } = this.options;
    if (!(error instanceof MasksChangedError || error instanceof MaskingBusyError)) log.warn('the gateway got no answer', { error: messageOf(error) });
    if (response.headersSent) return;
    const text = error instanceof ArgusError ? messageOf(error).replaceAll(`${recordingsDir}/`, '') : 'an unexpected failure; the log of the worker says more';
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ code: error instanceof ArgusError ? error.code : 'internal', message: text }));
  }
}

/** As fast as it is taken. */
async function send(film: BegunFilm, response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.writeHead(200, {
    'content-type': `video/mp4; codecs="${film.codecString}"`,
    'argus-start-at': isoTime(film.startMs),
    ...(film.nextMs === null ? {} : { 'argus-next-from': isoTime(film.nextMs) }),
  });
  for await (const bytes of film.bytes()) {
    signal.throwIfAborted();
    if (!response.write(bytes)) await drained(response, signal);
  }
  response.end();
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_MS);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, stall.signal]) });
  } catch (error) {
    throw stall.signal.aborted ? new Error(`nobody took anything of a film for ${STALL_MS / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
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
