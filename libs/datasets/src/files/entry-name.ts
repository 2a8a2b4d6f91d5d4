import { HostileArchiveError } from '../errors.js';

const MOST_BYTES = 1_000;
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The name of a file within a tree, as it is spelled, without a leading `./`. Throws HostileArchiveError with the name where it
 * could lead somewhere else on any system: `..`, absolute, a drive, backslashes, control characters.
 */
export function requireEntryName(name: string, container: string): string {
  const path = name.replace(/^(?:\.\/)+/, '');
  const fault = faultOf(path);
  if (fault) throw new HostileArchiveError(`${container}: the entry ${JSON.stringify(name)} ${fault}; expected a relative name with "/" that stays inside`, { container, entry: name });
  return path;
}

function faultOf(path: string): string | null {
  if (path === '') return 'has no name';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/')) return 'is an absolute path';
  if (/^[a-z]:/i.test(path)) return 'names a drive';
  if (CONTROL.test(path)) return 'has a control character';
  if (path.split('/').some((part) => part === '..' || part === '.' || part === '')) return 'has a part that is empty, "." or ".."';
  if (Buffer.byteLength(path) > MOST_BYTES) return `is longer than ${MOST_BYTES} bytes`;
  return null;
}

/** What two spellings of a name have in common: macOS writes é as two characters, others as one. */
export function nameKey(path: string): string {
  return path.normalize('NFC');
}
