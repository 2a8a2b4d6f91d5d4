import type { FileHandle } from 'node:fs/promises';
import { FootageFileError } from './footage-file-error.js';
import { readHead, type FootageHead } from './footage-head.js';
import type { RecordingsFolder } from './recordings-folder.js';
import { RunningTime } from './running-time.js';

/** A file, and what of it is wanted. Places are bytes in the file. */
export interface FootagePart {
  readonly path: string;
  /** Bytes before the first fragment. */
  readonly headBytes: number;
  readonly fragments: readonly { readonly offset: number; readonly bytes: number }[];
}

/** Heads are some hundred bytes; more is a damaged row. */
const MOST_HEAD_BYTES = 1_000_000;
/** What is in memory of a range at once. The index of a fragment (16 bytes a picture) lies in the first such piece. */
const PIECE_BYTES = 512 * 1024;
/** Files looked at together before the first byte. */
const AT_ONCE = 16;

/** Files that were looked at and can be sent as one MP4. */
export class FootageRange {
  private constructor(
    private readonly folder: RecordingsFolder,
    private readonly head: FootageHead,
    private readonly parts: readonly FootagePart[],
  ) {}

  /**
   * Looks at each file's head and length, in order, and takes them up to the first whose decoder settings are others.
   * @throws FootageFileError when one is not what it should be
   */
  static async open(folder: RecordingsFolder, parts: readonly FootagePart[]): Promise<FootageRange> {
    const taken: FootagePart[] = [];
    let first: FootageHead | null = null;
    for (let at = 0; at < parts.length && taken.length === at; at += AT_ONCE) {
      const some = parts.slice(at, at + AT_ONCE);
      const heads = await Promise.all(some.map((part) => headOf(folder, part)));
      first ??= heads[0] ?? null;
      const other = heads.findIndex((head) => head.likeness !== first?.likeness);
      taken.push(...(other === -1 ? some : some.slice(0, other)));
    }
    if (!first) throw new RangeError('a range of footage wants one file at least');
    return new FootageRange(folder, first, taken);
  }

  /** How many of the files are in it. */
  get length(): number {
    return this.parts.length;
  }

  get byteLength(): number {
    return this.parts.reduce((sum, part) => sum + part.fragments.reduce((bytes, fragment) => bytes + fragment.bytes, 0), this.head.bytes.length);
  }

  /** Head of the first file, then each fragment with its time running on. Whoever stops reading closes the file. @throws FootageFileError */
  async *pieces(): AsyncGenerator<Buffer> {
    const time = new RunningTime();
    yield this.head.bytes;
    for (const part of this.parts) {
      const file = await this.folder.open(part.path);
      try {
        time.beginFile();
        for (const { offset, bytes } of part.fragments) {
          for (let at = 0; at < bytes; at += PIECE_BYTES) {
            const piece = await readAt(file, part.path, offset + at, Math.min(PIECE_BYTES, bytes - at));
            if (at === 0 && !time.rewrite(piece, this.head.tracks)) throw new FootageFileError(part.path, `a fragment at byte ${offset}`, 'something else');
            yield piece;
          }
        }
      } finally {
        await file.close();
      }
    }
  }
}

async function headOf(folder: RecordingsFolder, part: FootagePart): Promise<FootageHead> {
  const file = await folder.open(part.path);
  try {
    const [{ size }, end] = [await file.stat(), part.fragments.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), part.headBytes)];
    if (size < end) throw new FootageFileError(part.path, `${end} bytes`, `${size}`);
    if (part.headBytes > MOST_HEAD_BYTES) throw new FootageFileError(part.path, `a head of at most ${MOST_HEAD_BYTES} bytes`, `${part.headBytes}`);
    return readHead(part.path, await readAt(file, part.path, 0, part.headBytes));
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new FootageFileError(path, `${position + length} bytes`, `${position + filled}`);
    filled += bytesRead;
  }
  return bytes;
}
