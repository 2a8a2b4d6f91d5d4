import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CameraId } from '@argus/contracts';
import { z } from 'zod';
import { MaskedFilmError } from './errors.js';

/** Footage with masks in it, on its way from the worker. */
export interface MaskedFilm {
  /** With the codecs. */
  readonly contentType: string;
  readonly startAt: string;
  /** Where the rest of the range begins; null: all is here. */
  readonly nextFrom: string | null;
  readonly body: IncomingMessage;
}

export interface MaskedRange {
  readonly cameraId: CameraId;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A film waits ten seconds for a place, then for its first picture. */
const ANSWER_MS = 30_000;
const Head = z.object({ 'content-type': z.string(), 'argus-start-at': z.iso.datetime(), 'argus-next-from': z.iso.datetime().optional() });
const Refusal = z.object({ code: z.string(), message: z.string() });

/** Asks the worker for footage with masks: this process decodes nothing. */
export class MaskedFilms {
  constructor(private readonly socketPath: string) {}

  /** Who does not want it any more aborts, or destroys the body: then the worker stops. @throws MaskedFilmError */
  async open({ cameraId, fromMs, toMs }: MaskedRange, signal: AbortSignal): Promise<MaskedFilm> {
    const query = new URLSearchParams({ camera: cameraId, from: String(fromMs), to: String(toMs) });
    const body = await this.#get(`/masked-film?${query}`, signal);
    if (body.statusCode !== 200) throw MaskedFilmError.of(await refusalOf(body));
    const head = Head.safeParse(body.headers);
    if (head.success) return { body, contentType: head.data['content-type'], startAt: head.data['argus-start-at'], nextFrom: head.data['argus-next-from'] ?? null };
    body.destroy();
    throw MaskedFilmError.away(head.error);
  }

  #get(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.socketPath, path, agent: false, signal });
      const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
      asked.once('close', () => clearTimeout(timer));
      asked.once('response', (response) => (clearTimeout(timer), resolve(response)));
      asked.once('error', (error) => reject(signal.aborted ? error : MaskedFilmError.away(error)));
      asked.end();
    });
  }
}

/** @throws MaskedFilmError for what is no refusal of ours */
async function refusalOf(body: IncomingMessage): Promise<z.infer<typeof Refusal>> {
  try {
    return Refusal.parse(JSON.parse(await text(body)));
  } catch (error) {
    throw MaskedFilmError.away(error);
  }
}
