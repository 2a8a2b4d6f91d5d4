import { isAbsolute, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOURCE_SCHEMES } from '@argus/contracts';
import { CameraUrlError, PasswordNeededError, type UrlField } from './errors.js';

const HIDDEN = '***';
const SECRET_PARAMETERS = /([?&](?:password|passwd|pwd|pass|token|key|secret|auth|access_token)=)([^&#]*)/gi;

/**
 * Checks a source's URL as typed. Any host is allowed on purpose: cameras stand in the internal network and adding one is an
 * operator's right. Files only from the given folders; the engine checks again with links resolved.
 * @throws CameraUrlError
 */
export function requireCameraUrl(text: string, fileRoots: readonly string[], field: UrlField = 'url'): URL {
  if (!URL.canParse(text)) throw new CameraUrlError(field, 'expected a URL such as rtsp://user:password@192.168.1.20/stream; write special characters of a password as %XX');
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (!SOURCE_SCHEMES.some((known) => known === scheme)) throw new CameraUrlError(field, `expected one of ${SOURCE_SCHEMES.join(', ')}, got ${scheme}`);
  if (scheme === 'file') requireUnderRoots(url, fileRoots, field);
  else if (url.hostname === '') throw new CameraUrlError(field, 'expected a host name or address after ://');
  return url;
}

function requireUnderRoots(url: URL, roots: readonly string[], field: UrlField): void {
  let path: string;
  try {
    path = normalize(fileURLToPath(url));
  } catch {
    throw new CameraUrlError(field, 'expected file:///absolute/path without a host');
  }
  const inside = roots.some((root) => {
    const way = relative(root, path);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
  if (!inside) throw new CameraUrlError(field, 'this file is outside of the folders that cameras may play from; name them in ARGUS_FILE_ROOTS');
}

/** The URL fit to be shown: password and secret parameters are `***`, the user name stays. */
export function hideSecrets(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = HIDDEN;
  url.search = url.search.replace(SECRET_PARAMETERS, `$1${HIDDEN}`);
  return url.href;
}

export const hasHiddenParts = (text: string): boolean => {
  const url = new URL(text);
  return url.password === HIDDEN || [...url.search.matchAll(SECRET_PARAMETERS)].some((match) => match[2] === HIDDEN);
};

/**
 * Puts stored secrets back where `***` was sent, from the first of `stored` that fits. Only for the same scheme, host, port and user:
 * else whoever may edit cameras could have a stored password sent to a machine of their own.
 * @throws PasswordNeededError
 */
export function restoreSecrets(sent: string, stored: Iterable<string>, field: UrlField = 'url'): string {
  if (!hasHiddenParts(sent)) return new URL(sent).href;
  for (const known of stored) {
    const restored = restoreFrom(new URL(sent), new URL(known));
    if (restored !== null) return restored;
  }
  throw new PasswordNeededError(field);
}

function restoreFrom(url: URL, stored: URL): string | null {
  if (stored.protocol !== url.protocol || stored.host !== url.host || stored.username !== url.username) return null;
  if (url.password === HIDDEN) {
    // Else an address without a password would be saved where somebody meant a stored one.
    if (stored.password === '') return null;
    url.password = stored.password;
  }
  const known = new Map([...stored.search.matchAll(SECRET_PARAMETERS)].map((match) => [match[1]?.slice(1), match[2]]));
  const wanted = [...url.search.matchAll(SECRET_PARAMETERS)].filter((match) => match[2] === HIDDEN);
  if (wanted.some((match) => !known.has(match[1]?.slice(1)))) return null;
  url.search = url.search.replace(SECRET_PARAMETERS, (whole, start: string, value: string) => (value === HIDDEN ? start + known.get(start.slice(1)) : whole));
  return url.href;
}
