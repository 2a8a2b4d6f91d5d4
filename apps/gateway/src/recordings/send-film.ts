import { Readable } from 'node:stream';
import { messageOf, type Logger } from '@argus/kernel';
import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { stretchOf } from '../http/stretch-of.js';
import type { Film } from './film.js';
import type { MaskedFilm } from './masked-films.js';
import { footageFileName } from './footage-file-name.js';

/**
 * Answers with all of a film, or with the stretch of bytes that was asked for: browsers seek so. Whoever stops reading closes the file that is
 * open. @throws ByteRangeError, FootageFileError; both before the first byte
 */
export async function sendFilm(film: Film, cameraName: string, request: Request, response: Response, log: Logger): Promise<StreamableFile> {
  const { range } = film;
  const { first, last } = stretchOf(range.byteLength, film.tag, request, response);
  await range.check(first, last);
  response.setHeader('content-type', film.contentType);
  response.setHeader('argus-start-at', new Date(film.startMs).toISOString());
  if (film.nextFrom !== null) response.setHeader('argus-next-from', film.nextFrom);
  const body = Readable.from(range.read(first, last), { objectMode: false });
  body.on('error', (error) => log.warn('footage could not be sent to its end', { camera: cameraName, error: messageOf(error) }));
  const { plain, encoded } = footageFileName(cameraName, film.startMs);
  return new StreamableFile(body, { type: film.contentType, length: last + 1 - first, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` });
}

/** Answers with a film that is made while it is sent: its length is not known, and there are no stretches of it. What breaks off is broken off for the reader, too. */
export function sendMaskedFilm({ contentType, startAt, nextFrom, body }: MaskedFilm, cameraName: string, response: Response, log: Logger): StreamableFile {
  response.setHeader('accept-ranges', 'none');
  // It shows the masks of now.
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', contentType);
  response.setHeader('argus-start-at', startAt);
  response.setHeader('argus-masked', 'true');
  if (nextFrom !== null) response.setHeader('argus-next-from', nextFrom);
  body.on('error', (error) => {
    log.warn('footage with masks could not be sent to its end', { camera: cameraName, error: messageOf(error) });
    response.destroy();
  });
  response.once('close', () => body.destroy());
  const { plain, encoded } = footageFileName(cameraName, Date.parse(startAt));
  return new StreamableFile(body, { type: contentType, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` });
}
