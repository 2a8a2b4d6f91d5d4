import type { IncomingHttpHeaders } from 'node:http';
import type { CookieOptions, Request, Response } from 'express';

export const SESSION_COOKIE = 'argus_session';

/** The session's token out of the cookie header; null when there is none. */
export function readSessionCookie(headers: IncomingHttpHeaders): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === SESSION_COOKIE) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** Strict: pages load without the cookie and their own calls carry it, so even a link from elsewhere works and no form does. */
const optionsFor = (request: Request): CookieOptions => ({ httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/' });

export function setSessionCookie(request: Request, token: string, maxAgeMs: number): void {
  responseOf(request).cookie(SESSION_COOKIE, token, { ...optionsFor(request), maxAge: maxAgeMs });
}

export function clearSessionCookie(request: Request): void {
  responseOf(request).clearCookie(SESSION_COOKIE, optionsFor(request));
}

function responseOf(request: Request): Response {
  if (!request.res) throw new Error('the request has no response to set a cookie on');
  return request.res;
}
