import { open, type FileHandle } from 'node:fs/promises';
import { localHeaderOf, type ZipEntry } from './zip-format.js';

/** An entry of an archive under way, as its journal has it. */
export interface PartEntry extends ZipEntry {
  /** Its header leaves room for any length. */
  readonly isStream: boolean;
  /** Of the bytes that lie in the archive. */
  readonly heldCrc32: number;
  /** Only its beginning is in the archive. */
  readonly isOpen: boolean;
  /** Of the content, where it is known. */
  readonly sha256: string | null;
}

export const heldBytesOf = ({ bytes, packedBytes }: PartEntry): number => packedBytes ?? bytes;
export const contentStartOf = (entry: PartEntry): number => entry.offset + localHeaderOf(entry, entry.isStream).byteLength;
export const partEntryEnd = (entry: PartEntry): number => contentStartOf(entry) + heldBytesOf(entry);

type Line = readonly [path: string, offset: number, bytes: number, packedBytes: number | null, crc32: number, isStream: 0 | 1, heldCrc32: number, isOpen: 0 | 1, sha256: string | null];

export function partLineOf({ path, offset, bytes, packedBytes, crc32, isStream, heldCrc32, isOpen, sha256 }: PartEntry): string {
  return `${JSON.stringify([path, offset, bytes, packedBytes ?? null, crc32, isStream ? 1 : 0, heldCrc32, isOpen ? 1 : 0, sha256] satisfies Line)}\n`;
}

function entryOf(text: string): PartEntry | null {
  try {
    const [path, offset, bytes, packedBytes, crc32, isStream, heldCrc32, isOpen, sha256] = JSON.parse(text) as Line;
    if (typeof path !== 'string' || ![offset, bytes, crc32, heldCrc32].every(Number.isSafeInteger)) return null;
    return { path, offset, bytes, ...(packedBytes === null ? {} : { packedBytes }), crc32, isStream: isStream === 1, heldCrc32, isOpen: isOpen === 1, sha256 };
  } catch {
    return null;
  }
}

/** The line before all entries: what the archive is made of. */
export const aboutLineOf = (about: string): string => `${JSON.stringify({ about })}\n`;

export interface JournalLine {
  readonly entry: PartEntry;
  /** Of the line, in the journal. */
  readonly end: number;
}

const PIECE_BYTES = 2 ** 20;

/** Lines of a file up to a place, without what is behind the last whole one. */
async function* linesOf(file: FileHandle, to: number): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  let rest = Buffer.alloc(0);
  let restAt = 0;
  for (let at = 0; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let begin = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, begin)) {
      yield { text: rest.toString('utf8', begin, end), end: restAt + end + 1 };
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    restAt += begin;
  }
}

/** What a journal says the archive is made of; null: nothing that can be read. */
export async function aboutOf(file: FileHandle): Promise<string | null> {
  for await (const { text } of linesOf(file, (await file.stat()).size)) {
    try {
      const { about } = JSON.parse(text) as { about?: unknown };
      return typeof about === 'string' ? about : null;
    } catch {
      return null;
    }
  }
  return null;
}

/** Entries that follow each other without a gap, an open one only as the last; up to the first line that is none of them. */
export async function* journalled(file: FileHandle, to: number): AsyncGenerator<JournalLine> {
  let isFirst = true;
  let held: JournalLine | null = null;
  let next = 0;
  for await (const { text, end } of linesOf(file, to)) {
    if (isFirst) {
      isFirst = false;
      continue;
    }
    const entry = entryOf(text);
    if (entry === null || entry.offset !== next) break;
    // Of one that grew over several flushes the last line counts.
    if (held && !held.entry.isOpen) yield held;
    held = { entry, end };
    if (!entry.isOpen) next = partEntryEnd(entry);
  }
  if (held) yield held;
}

/** Opens one that may not be there. */
export async function openToGoOn(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return open(path, 'w+', 0o600);
    throw error;
  });
}
