import { Readable } from 'node:stream';
import { messageOf, type Logger } from '@argus/kernel';
import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ByteRangeError } from './errors.js';
import type { Film } from './film.js';
import { footageFileName } from './footage-file-name.js';

/** Bytes of a film, both included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * Answers with all of a film, or with the stretch of bytes that was asked for: browsers seek so. Whoever stops reading closes the file that is
 * open. @throws ByteRangeError, FootageFileError; both before the first byte
 */
export async function sendFilm(film: Film, cameraName: string, request: Request, response: Response, log: Logger): Promise<StreamableFile> {
  const { range } = film;
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', film.tag);
  const asked = stretchOf(film, request, response);
  const { first, last } = asked ?? { first: 0, last: range.byteLength - 1 };
  await range.check(first, last);
  if (asked) response.status(206).setHeader('content-range', `bytes ${first}-${last}/${range.byteLength}`);
  response.setHeader('content-type', film.contentType);
  response.setHeader('argus-start-at', new Date(film.startMs).toISOString());
  if (film.nextFrom !== null) response.setHeader('argus-next-from', film.nextFrom);
  const body = Readable.from(range.read(first, last), { objectMode: false });
  body.on('error', (error) => log.warn('footage could not be sent to its end', { camera: cameraName, error: messageOf(error) }));
  const { plain, encoded } = footageFileName(cameraName, film.startMs);
  return new StreamableFile(body, { type: film.contentType, length: last + 1 - first, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` });
}

/** null: all of it. Of several stretches at once, and of what is no range, all is the right answer, too (RFC 9110). */
function stretchOf({ range: { byteLength }, tag }: Film, request: Request, response: Response): Stretch | null {
  const condition = request.headers['if-range'];
  const stretches = condition === undefined || condition === tag ? request.range(byteLength) : undefined;
  if (stretches === -1) {
    response.setHeader('content-range', `bytes */${byteLength}`);
    throw new ByteRangeError(request.headers.range ?? '', byteLength);
  }
  if (!Array.isArray(stretches) || stretches.type !== 'bytes' || stretches.length !== 1) return null;
  const { start, end } = stretches[0] as { start: number; end: number };
  return { first: start, last: end };
}
