import type { NextFunction, Request, Response } from 'express';
import type { Measurements } from './measurements.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures every request to the end of its answer. What no route of the catalogue takes (files, wrong addresses) is one series. */
export const measureRequests = (measurements: Measurements) => (request: Request, response: Response, next: NextFunction): void => {
  const startedMs = performance.now();
  response.once('close', () => {
    const route = (request.route as { path?: unknown } | undefined)?.path;
    const method = METHODS.has(request.method) ? request.method : 'other';
    measurements.request(method, typeof route === 'string' ? route : 'other', response.statusCode, performance.now() - startedMs);
  });
  next();
};
