import type { Request, Response } from 'express';
import { ByteRangeError } from './errors.js';

/** Bytes of a body, both included. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * The bytes that a request wants of a body, and the headers that say so: browsers seek in films so, and broken downloads go on. Of several stretches
 * at once, of what is no range, and of another body than the one that was begun (`tag`), all is the right answer (RFC 9110). @throws ByteRangeError
 */
export function stretchOf(byteLength: number, tag: string | null, request: Request, response: Response): Stretch {
  response.setHeader('accept-ranges', 'bytes');
  if (tag !== null) response.setHeader('etag', tag);
  const condition = request.headers['if-range'];
  const stretches = condition === undefined || condition === tag ? request.range(byteLength) : undefined;
  if (stretches === -1) {
    response.setHeader('content-range', `bytes */${byteLength}`);
    throw new ByteRangeError(request.headers.range ?? '', byteLength);
  }
  if (!Array.isArray(stretches) || stretches.type !== 'bytes' || stretches.length !== 1) return { first: 0, last: byteLength - 1 };
  const { start, end } = stretches[0] as { start: number; end: number };
  response.status(206).setHeader('content-range', `bytes ${start}-${end}/${byteLength}`);
  return { first: start, last: end };
}
