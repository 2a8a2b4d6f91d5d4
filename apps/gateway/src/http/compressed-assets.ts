import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** What compresses well; the pattern leaves no way out of the folder. */
const ASSET = /^\/assets\/[\w-][\w.-]*\.(js|css|svg)$/;
const YEAR = 'public, max-age=31536000, immutable';

/** Scripts and styles as gzip, packed once: their names hold a hash of what is in them, so the packed copy stays true. */
export function compressedAssets(folder: string): RequestHandler {
  const packed = new Map<string, Promise<Buffer>>();
  const pack = async (path: string) => promisify(gzip)(await readFile(join(folder, path)), { level: 9 });
  return (request: Request, response: Response, next: NextFunction) => {
    const { path } = request;
    if (request.method !== 'GET' || !ASSET.test(path) || request.acceptsEncodings('gzip') !== 'gzip') return next();
    const body = packed.get(path) ?? pack(path);
    packed.set(path, body);
    body.then(
      (bytes) => response.set({ 'content-encoding': 'gzip', vary: 'accept-encoding', 'cache-control': YEAR }).type(extname(path)).send(bytes),
      // Not there, or not readable: the plain file server has the answer.
      () => {
        packed.delete(path);
        next();
      },
    );
  };
}
