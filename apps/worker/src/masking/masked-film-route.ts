import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { CameraId } from '@argus/contracts';
import { isoTime } from '@argus/kernel';
import { z } from 'zod';
import type { DoorRoute } from '../door/worker-door.js';
import type { BegunFilm, MaskedFootage } from './masked-footage.js';
import type { Places } from './places.js';

const Query = z.object({ camera: CameraId, from: z.coerce.number(), to: z.coerce.number() });
/** Who takes nothing for so long keeps a place from others. */
const STALL_MS = 15_000;

/** Films with masks; nothing unmasked leaves here. */
export const maskedFilmRoute = (footage: MaskedFootage, places: Places): DoorRoute => async (_request, search, response, signal) => {
  const { camera, from, to } = Query.parse(Object.fromEntries(search));
  const leave = await places.enter(signal);
  try {
    await send(await footage.begin({ cameraId: camera, fromMs: from, toMs: to }, signal), response, signal);
  } finally {
    leave();
  }
};

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
