import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits with a prefix that tells people and scanners what it is. */
export const newSecretToken = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/** What is stored of a token: sha256, hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
