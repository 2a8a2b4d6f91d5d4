import { isAbsolute, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOURCE_SCHEMES } from '@argus/contracts';
import { CameraUrlError, PasswordNeededError } from './errors.js';

const HIDDEN = '***';
const SECRET_PARAMETERS = /([?&](?:password|passwd|pwd|pass|token|key|secret|auth|access_token)=)([^&#]*)/gi;

/**
 * Checks a source's URL as typed. Any host is allowed on purpose: cameras stand in the internal network and adding one is an
 * operator's right. Files only from the given folders; the engine checks again with links resolved.
 * @throws CameraUrlError
 */
export function requireCameraUrl(text: string, fileRoots: readonly string[]): URL {
  if (!URL.canParse(text)) throw new CameraUrlError('expected a URL such as rtsp://user:password@192.168.1.20/stream; write special characters of a password as %XX');
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (!SOURCE_SCHEMES.some((known) => known === scheme)) throw new CameraUrlError(`expected one of ${SOURCE_SCHEMES.join(', ')}, got ${scheme}`);
  if (scheme === 'file') requireUnderRoots(url, fileRoots);
  else if (url.hostname === '') throw new CameraUrlError('expected a host name or address after ://');
  return url;
}

function requireUnderRoots(url: URL, roots: readonly string[]): void {
  let path: string;
  try {
    path = normalize(fileURLToPath(url));
  } catch {
    throw new CameraUrlError('expected file:///absolute/path without a host');
  }
  const inside = roots.some((root) => {
    const way = relative(root, path);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
  if (!inside) throw new CameraUrlError('this file is outside of the folders that cameras may play from; name them in ARGUS_FILE_ROOTS');
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
 * Puts stored secrets back where `***` was sent. Only for the same scheme, host, port and user: else whoever may edit cameras could
 * have a stored password sent to a machine of their own.
 * @throws PasswordNeededError
 */
export function restoreSecrets(sent: string, stored: string | null): string {
  const url = new URL(sent);
  if (!hasHiddenParts(sent)) return url.href;
  const old = stored === null ? null : new URL(stored);
  if (!old || old.protocol !== url.protocol || old.host !== url.host || old.username !== url.username) throw new PasswordNeededError();
  if (url.password === HIDDEN) url.password = old.password;
  const known = new Map([...old.search.matchAll(SECRET_PARAMETERS)].map((match) => [match[1]?.slice(1), match[2]]));
  url.search = url.search.replace(SECRET_PARAMETERS, (whole, start: string, value: string) => {
    if (value !== HIDDEN) return whole;
    const secret = known.get(start.slice(1));
    if (secret === undefined) throw new PasswordNeededError();
    return start + secret;
  });
  return url.href;
}
