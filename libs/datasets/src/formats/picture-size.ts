import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { streamOf } from '../files/read-whole.js';
import type { PictureSize } from './cvat-shape.js';

/** A header that takes more than this is none. */
const MOST = 8 * 2 ** 20;

/** Width and height of a picture as it is encoded, from its first bytes. A turn that EXIF asks for is not made. Throws DatasetFileError. */
export async function pictureSize(tree: FileTree, path: string): Promise<PictureSize> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of streamOf(tree, path)) {
    head = head.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([head, chunk]);
    const size = sizeIn(head);
    if (size) return size;
    if (head.length > MOST) break;
  }
  throw new DatasetFileError(`${path}: expected a JPEG, PNG, WebP or BMP picture, found ${head.length === 0 ? 'an empty file' : 'something else, or a broken one'}`, { file: path });
}

function sizeIn(head: Buffer): PictureSize | null {
  if (head.length < 30) return null;
  if (head.readUInt32BE(0) === 0x89504e47) return sane(head.readUInt32BE(16), head.readUInt32BE(20));
  if (head.toString('latin1', 0, 2) === 'BM') return sane(head.readInt32LE(18), Math.abs(head.readInt32LE(22)));
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return webpSize(head);
  return head[0] === 0xff && head[1] === 0xd8 ? jpegSize(head) : null;
}

function webpSize(head: Buffer): PictureSize | null {
  const kind = head.toString('latin1', 12, 16);
  if (kind === 'VP8 ') return sane(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff);
  if (kind === 'VP8X') return sane(head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1);
  if (kind !== 'VP8L') return null;
  const bits = head.readUInt32LE(21);
  return sane((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function jpegSize(head: Buffer): PictureSize | null {
  for (let at = 2; at + 9 < head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1]!;
    // Filling, and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += marker === 0xff ? 1 : 2;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return sane(head.readUInt16BE(at + 7), head.readUInt16BE(at + 5));
    else at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}

const sane = (width: number, height: number) => (width > 0 && height > 0 ? { width, height } : null);
