import type { IncomingHttpHeaders } from 'node:http';

export const isSafeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * Whether a browser's request comes from a page of ours; needed where a cookie speaks (changes, WebSocket upgrades), beside
 * SameSite. What sends neither header is no browser and cannot be tricked into sending a cookie.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && headers.origin === undefined);
  if (headers.origin === undefined) return true;
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}
