import { createHash } from 'node:crypto';

/** Names of 255 bytes are the most that file systems take; something may be put behind. */
const MOST_BYTES = 160;
/** Not allowed in names somewhere, or not to be seen. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu;

/** One name of a file or folder that is safe on every file system and leads nowhere else; letters of all scripts stay. A name that was too long keeps its beginning, and a digest tells it from others. */
export function safeName(name: string): string {
  const clean = name.normalize('NFC').replace(UNSAFE, '_').replace(/^[.\s]+/u, '_').replace(/[.\s]+$/u, '_');
  const free = RESERVED.test(clean) ? `_${clean}` : clean;
  if (free === '') return '_';
  return Buffer.byteLength(free) <= MOST_BYTES ? free : `${cut(free, MOST_BYTES - 9)}~${digestOf(name)}`;
}

/** Tells two things of one name from each other. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

function cut(text: string, bytes: number): string {
  let kept = '';
  let size = 0;
  for (const sign of text) {
    size += Buffer.byteLength(sign);
    if (size > bytes) break;
    kept += sign;
  }
  return kept;
}
