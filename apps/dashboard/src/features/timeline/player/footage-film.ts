import { ApiError, errorOf, unreachable } from '@argus/api-client';
import { client } from '../../../app/client.js';
import { filmOfPlan, type Film } from './film-time.js';
import { FragmentReader, type FilmPiece } from './fragment-reader.js';

/** A range of footage on its way. */
export interface FootageFilm {
  readonly film: Film;
  /** With the codecs. */
  readonly contentType: string;
  /** Size or codec change there: what is behind it is another film. */
  readonly nextFromMs: number | null;
  pieces(): AsyncGenerator<FilmPiece>;
}

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();
/** A gateway without the route for plans is not asked again; then there is nothing to tell gaps by. */
let plansAnswered = true;

/** null: there is no footage in the range. @throws ApiError */
export async function openFilm(cameraId: string, fromMs: number, toMs: number, signal: AbortSignal): Promise<FootageFilm | null> {
  const input = { params: { id: cameraId }, query: { from: iso(fromMs), to: iso(toMs) } };
  const [response, plan] = await Promise.all([reach(fetch(client.url('getFootage', input), { signal, credentials: 'same-origin' }), signal), planOf(input, signal)]);
  if (!response.ok) {
    const error = await errorOf(response);
    if (error.code === 'footage.none') return null;
    throw error;
  }
  const { headers, body } = response;
  const startAt = plan?.startMs ?? Date.parse(headers.get('argus-start-at') ?? '');
  if (!body || Number.isNaN(startAt)) throw new ApiError({ type: 'about:blank', title: 'Unexpected answer', status: response.status, code: 'api.unexpected-answer', detail: 'expected footage with Argus-Start-At, got none' });
  const nextFrom = headers.get('argus-next-from');
  return { film: plan ?? { startMs: startAt, gaps: [] }, contentType: silentType(headers.get('content-type') ?? 'video/mp4'), nextFromMs: nextFrom ? Date.parse(nextFrom) : null, pieces: () => piecesOf(body, signal) };
}

/** Of the pictures alone. */
const silentType = (contentType: string): string => contentType.replace(/(codecs="[^",]*),[^"]*"/, '$1"');

async function planOf(input: Parameters<typeof client.url<'getFootagePlan'>>[1], signal: AbortSignal): Promise<Film | null> {
  if (!plansAnswered) return null;
  try {
    return filmOfPlan(await client.call('getFootagePlan', { ...input, signal }));
  } catch (error) {
    // The film itself says what is wrong with the range, and better; without a plan its headers are enough.
    if (error instanceof ApiError && isMissingRoute(error)) plansAnswered = false;
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** An older gateway, which does not know the route. */
export const isMissingRoute = (error: ApiError): boolean => error.status === 404 && (error.code === 'route.not-found' || error.code === 'api.unexpected-answer');

/** A connection that fails, or breaks off, is told as such. */
async function reach<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable(location.href, cause);
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<FilmPiece> {
  const reader = new FragmentReader();
  const stream = body.getReader();
  let done = false;
  try {
    while (!done) {
      const read = await reach(stream.read(), signal);
      done = read.done;
      if (read.value) yield* reader.push(read.value);
    }
  } finally {
    if (!done) stream.cancel().catch(() => undefined);
  }
}
