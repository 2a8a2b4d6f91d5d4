import { createHash, timingSafeEqual } from 'node:crypto';

export interface RtspUser {
  readonly scheme: 'basic' | 'digest';
  readonly user: string;
  readonly password: string;
}

export const REALM = 'argus-test-camera';

/** The challenge of a 401. */
export function challenge(user: RtspUser, nonce: string): string {
  return user.scheme === 'basic' ? `Basic realm="${REALM}"` : `Digest realm="${REALM}", nonce="${nonce}"`;
}

/** Whether an Authorization header proves the user's password (RFC 2617, digest without qop as cameras do it). */
export function isAuthorized(user: RtspUser, nonce: string, method: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  if (user.scheme === 'basic') return same(header, `Basic ${Buffer.from(`${user.user}:${user.password}`).toString('base64')}`);
  const fields = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const secret = md5(`${user.user}:${REALM}:${user.password}`);
  const request = md5(`${method}:${fields.get('uri') ?? ''}`);
  return header.startsWith('Digest ') && fields.get('nonce') === nonce && same(fields.get('response') ?? '', md5(`${secret}:${nonce}:${request}`));
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function same(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
