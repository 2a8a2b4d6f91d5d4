import type { PickedFile } from './picked-files.js';

const BLOCK = 512;
const MOST_NAME = 100;
const bytesOf = new TextEncoder();

/** One tar of all files: the browser reads each as it is sent, so that memory does not grow with them. */
export function packTar(files: readonly PickedFile[]): Blob {
  const parts: BlobPart[] = [];
  for (const { path, file } of files) {
    const name = bytesOf.encode(path);
    // Names that old programs do not bear stand in a record before.
    if (name.length > MOST_NAME || name.length !== path.length) {
      const record = paxRecord('path', path);
      parts.push(header('pax', record.length, 'x'), record, padding(record.length));
    }
    parts.push(header(path, file.size, '0'), file, padding(file.size));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts, { type: 'application/x-tar' });
}

/** ustar. */
function header(path: string, size: number, type: '0' | 'x'): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number, most: number): void => block.set(bytesOf.encode(text).subarray(0, most), at);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  put(path, 0, MOST_NAME);
  put(octal(0o644, 8), 100, 8);
  put(octal(0, 8), 108, 8);
  put(octal(0, 8), 116, 8);
  put(octal(size, 12), 124, 12);
  put(octal(0, 12), 136, 12);
  put('        ', 148, 8);
  put(type, 156, 1);
  put('ustar\x0000', 257, 8);
  put(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 8);
  return block;
}

const padding = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** `<length> key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = bytesOf.encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) length += 1;
  return bytesOf.encode(`${length} ${key}=${value}\n`);
}
