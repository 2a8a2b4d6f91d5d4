import { DatasetFileError } from '../errors.js';

export const TAR_BLOCK = 512;
/** Two empty blocks: the end of an archive. */
export const TAR_END_BYTES = 2 * TAR_BLOCK;
/** Eleven octal digits: the most that the plain format can say. */
const LARGEST = 8 ** 11 - 1;

/** How many zeros follow a content, up to the next block. */
export const tarPaddingOf = (bytes: number): number => (TAR_BLOCK - (bytes % TAR_BLOCK)) % TAR_BLOCK;

/** Header of a plain file (POSIX ustar). It says nothing of time, person or machine: the same content makes the same archive. */
export function tarHeaderOf(name: string, bytes: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new DatasetFileError(`tar: expected a name of 100 bytes at most, got ${JSON.stringify(name)}`);
  if (bytes > LARGEST) throw new DatasetFileError(`tar: expected ${LARGEST} bytes at most in ${name}, got ${bytes}`);
  const header = Buffer.alloc(TAR_BLOCK);
  header.write(name, 0);
  header.write('0000644\0' + '0000000\0' + '0000000\0', 100);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
