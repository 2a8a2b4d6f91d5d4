import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { compressedAssets } from './compressed-assets.js';

const YEAR = 'public, max-age=31536000, immutable';

/** Serves the built dashboard. Paths of its pages (no dot in the last part) answer its index; missing files answer 404. */
export function serveDashboard(app: NestExpressApplication, folder: string): void {
  app.use(compressedAssets(folder));
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    // vite puts a content hash into every name under assets/.
    setHeaders: (response: Response, path: string) => response.setHeader('cache-control', path.startsWith(join(folder, 'assets')) ? YEAR : 'no-cache'),
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !/^\/(api|assets|socket\.io|metrics)(\/|$)/.test(request.path) && !/\.[^/]*$/.test(request.path);
    if (!isPage || !existsSync(join(folder, 'index.html'))) return next();
    response.setHeader('cache-control', 'no-cache');
    response.sendFile('index.html', { root: folder, dotfiles: 'allow' }, (error) => error && !response.headersSent && next(error));
  });
}
