import type { NextFunction, Request, Response } from 'express';

/** blob: pictures and media of the live view, its decoder worker and WebAssembly; nothing from elsewhere, no inline script. */
const DASHBOARD_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('content-security-policy', DASHBOARD_POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  if (request.secure) response.setHeader('strict-transport-security', 'max-age=31536000');
  // Answers of the API hold what only this caller may see.
  if (request.path.startsWith('/api/') || request.path === '/metrics') response.setHeader('cache-control', 'no-store');
  next();
}
