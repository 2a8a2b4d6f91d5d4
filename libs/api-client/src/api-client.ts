import { api, type Api, type RouteSpec } from '@argus/contracts';
import { errorOf, parseJson, unexpectedAnswer, unreachable } from './api-error.js';

/** Structural stand-in for a zod schema: the client needs its two types and its parser, not the library. */
interface Schema<In = unknown, Out = unknown> {
  readonly _zod: { readonly input: In; readonly output: Out };
}
type InputOf<S> = S extends Schema<infer In, unknown> ? In : never;
type OutputOf<S> = S extends Schema<unknown, infer Out> ? Out : never;

export type RouteName = keyof Api;
/** A value in the query string; lists become repeated parameters, null and undefined are left out. */
export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

type ParamsPart<R> = R extends { params: infer P } ? { params: InputOf<P> } : { params?: undefined };
type QueryPart<R> = R extends { query: infer Q } ? { query?: { readonly [K in keyof InputOf<Q>]?: QueryValue } } : { query?: undefined };
type BodyPart<R> = R extends { body: infer B } ? { body: InputOf<B> } : { body?: undefined };

/** What a route wants: path parameters, query, body (before defaults are filled in), and a signal to give up. */
export type CallInput<N extends RouteName> = ParamsPart<Api[N]> & QueryPart<Api[N]> & BodyPart<Api[N]> & { signal?: AbortSignal };
/** What a route answers: the parsed body, a picture as Blob, text, or nothing. */
export type CallOutput<N extends RouteName> = Api[N] extends { response: infer R } ? (R extends 'binary' ? Blob : R extends 'text' ? string : OutputOf<R>) : undefined;

type CallArguments<N extends RouteName> = Api[N] extends { params: unknown } | { body: unknown } ? [input: CallInput<N>] : [input?: CallInput<N>];

export interface ApiClientOptions {
  /** Origin of the gateway, e.g. `http://127.0.0.1:7300`; empty in a browser: the page's own origin. */
  readonly baseUrl: string;
  /** API key; without it the browser's session cookie speaks. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

export interface ApiClient {
  /** Calls one route of the catalogue. Throws ApiError; an aborted signal throws as fetch does. */
  call<N extends RouteName>(name: N, ...input: CallArguments<N>): Promise<CallOutput<N>>;
  /** Address of a route, e.g. for an `<img>`. */
  url<N extends RouteName>(name: N, ...input: CallArguments<N>): string;
}

/** A client of the gateway's HTTP API, typed by the route catalogue of the contracts. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return {
    url: (name, ...[input]) => base + pathOf(api[name], input),
    async call<N extends RouteName>(name: N, ...[input]: CallArguments<N>): Promise<CallOutput<N>> {
      const spec: RouteSpec = api[name];
      const url = base + pathOf(spec, input);
      const response = await answer(send, url, requestOf(spec, input, options.token));
      if (!response.ok) throw await errorOf(response);
      return (await read(spec, response)) as CallOutput<N>;
    },
  };
}

const ACCEPTED = { binary: 'image/jpeg, application/problem+json', text: 'text/plain, application/problem+json', json: 'application/json' } as const;

interface LooseInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

function pathOf(spec: RouteSpec, input: LooseInput | undefined): string {
  const params = (input?.params ?? {}) as Record<string, string>;
  const path = spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries((input?.query ?? {}) as Record<string, QueryValue>)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

function requestOf(spec: RouteSpec, input: LooseInput | undefined, token: string | undefined): RequestInit {
  const headers: Record<string, string> = { accept: ACCEPTED[typeof spec.response === 'string' ? spec.response : 'json'] };
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (input?.body !== undefined) headers['content-type'] = 'application/json';
  return {
    method: spec.method,
    headers,
    credentials: 'same-origin',
    ...(input?.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input?.signal ? { signal: input.signal } : {}),
  };
}

async function answer(send: typeof fetch, url: string, request: RequestInit): Promise<Response> {
  try {
    return await send(url, request);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw unreachable(url, cause);
  }
}

async function read(spec: RouteSpec, response: Response): Promise<unknown> {
  if (spec.response === undefined) return undefined;
  if (spec.response === 'binary') return response.blob();
  if (spec.response === 'text') return response.text();
  const parsed = spec.response.safeParse(parseJson(await response.text()));
  if (!parsed.success) throw unexpectedAnswer(response.status, `the answer of ${spec.method} ${spec.path}`);
  return parsed.data;
}
