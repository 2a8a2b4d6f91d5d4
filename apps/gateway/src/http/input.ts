import type { Api, RouteSpec } from '@argus/contracts';
import type { Request } from 'express';
import type { z } from 'zod';
import { InvalidRequestError, MediaTypeError } from './errors.js';

type Part<R, K extends string> = R extends { readonly [key in K]: infer S extends z.ZodType } ? z.output<S> : undefined;

/** What a handler of a route gets: everything checked and with defaults filled in. */
export interface RouteInput<N extends keyof Api> {
  readonly params: Part<Api[N], 'params'>;
  readonly query: Part<Api[N], 'query'>;
  readonly body: Part<Api[N], 'body'>;
}

/** @throws InvalidRequestError, MediaTypeError */
export function readInput(spec: RouteSpec, request: Pick<Request, 'params' | 'query' | 'body' | 'headers' | 'is'>): RouteInput<keyof Api> {
  if (spec.body && !request.is('json')) throw new MediaTypeError(request.headers['content-type']);
  const params = parse(spec.params, request.params);
  const query = parse(spec.query, request.query);
  const body = parse(spec.body, request.body ?? {});
  return { params, query, body } as RouteInput<keyof Api>;
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  requireShallow(value);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw InvalidRequestError.ofIssues(parsed.error.issues);
  requireStorableText(parsed.data, []);
  return parsed.data;
}

/** No body of ours is half as deep; what goes through a deeper one runs out of stack. */
const DEEPEST = 64;

function requireShallow(value: unknown): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw InvalidRequestError.ofField('', `expected at most ${DEEPEST} levels of objects and lists within each other`);
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
}

/** Postgres stores neither U+0000 nor half a surrogate pair; without this a hostile name would be a fault of ours. */
const HALF_PAIR = /\p{Surrogate}/u;

function requireStorableText(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string' && (value.includes('\u0000') || HALF_PAIR.test(value))) throw InvalidRequestError.ofField(path.join('.'), 'expected text without U+0000 and without half surrogate pairs');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    requireStorableText(key, path);
    requireStorableText(inner, [...path, key]);
  }
}
