import { ArgusError } from '@argus/kernel';

/** A key that is no safe relative path. Keys are made by Argus; a bad one is a bug or an attack, never user input to repair. */
export class BlobKeyError extends ArgusError {
  readonly code = 'blob.key-invalid';
}

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const LONGEST = 512;

/** `events/2026/11/24/0192….jpg`: slash-separated segments of letters, digits, `.`, `_`, `-`; never `..`, never absolute. */
export function requireBlobKey(key: string): string {
  const safe = key.length <= LONGEST && key.split('/').every((segment) => SEGMENT.test(segment) && !segment.includes('..'));
  if (!safe) throw new BlobKeyError(`blob key: expected segments of letters, digits, ".", "_" and "-" joined by "/", got ${JSON.stringify(key.slice(0, 80))}`);
  return key;
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  json: 'application/json',
  mp4: 'video/mp4',
};

/** Content type by the key's extension; anything unknown is offered as plain bytes and never as something a browser runs. */
export function contentTypeOf(key: string): string {
  return TYPES[key.slice(key.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
