import { rename, truncate, unlink } from 'node:fs/promises';
import { badBox, Box, BOX_HEADER, readBoxHeader } from './box.js';
import { FootageDiskError } from './footage-disk-error.js';
import { FootageFileError } from './footage-file-error.js';
import { FootageFile } from './footage-file.js';
import type { ByteSource } from './footage-source.js';
import { readFragmentHead } from './fragment-head.js';
import { OPEN_SUFFIX, parseName, type FragmentDescription, type SegmentDescription } from './segment-description.js';
import { readHead, type SegmentHead } from './segment-head.js';

/** How far a file makes sense. */
export interface WalkedSegment {
  readonly head: SegmentHead | null;
  readonly fragments: readonly FragmentDescription[];
  /** Where the last whole fragment ends. */
  readonly bytes: number;
  /** Why it goes no further; null: it is whole. */
  readonly problem: FootageFileError | null;
}

/** Heads take some hundred bytes, a moof 16 for each picture: more is none of ours, and is not read into memory. */
const MOST_HEAD_BYTES = 64 * 1024;
const MOST_MOOF_BYTES = 128 * 1024;

/** Describes a closed segment by its boxes; of the pictures nothing is read. Throws FootageFileError that names the file, the byte and the box, or FootageDiskError. */
export async function readSegment(path: string): Promise<SegmentDescription> {
  const walked = await walkFile(path);
  if (walked.problem !== null) throw walked.problem;
  return describe(path, walked);
}

/**
 * Makes a segment of what a crash left of one: it is cut behind its last whole fragment and gets its name. null: it held none and
 * is gone. Not for a file that somebody writes. Throws FootageDiskError, and FootageFileError when the file has not the name of an open segment.
 */
export async function repairSegment(path: string): Promise<SegmentDescription | null> {
  if (!parseName(path).open) throw FootageFileError.of(path, `a segment that ends in ${OPEN_SUFFIX}`, 'another name');
  const walked = await walkFile(path);
  const closed = path.slice(0, -OPEN_SUFFIX.length);
  try {
    if (walked.fragments.length === 0) {
      await unlink(path);
      return null;
    }
    await truncate(path, walked.bytes);
    await rename(path, closed);
  } catch (error) {
    throw FootageDiskError.of(path, 'closed', error);
  }
  return describe(closed, walked);
}

/** Reads box after box, as far as they make sense. Throws only what `source.read` throws. */
export async function walkSegment(source: ByteSource): Promise<WalkedSegment> {
  const fragments: FragmentDescription[] = [];
  let head: SegmentHead | null = null;
  let bytes = 0;
  try {
    head = await readSegmentHead(source);
    bytes = head.bytes.length;
    while (bytes < source.size || fragments.length === 0) {
      const fragment = await readFragment(source, bytes, head);
      const before = fragments.at(-1);
      if (before !== undefined && fragment.startMs < before.startMs) throw badBox('tfdt', bytes, `expected a time of at least ${before.startMs} ms, got ${fragment.startMs}`);
      fragments.push(fragment);
      bytes += fragment.bytes;
    }
    return { head, fragments, bytes, problem: null };
  } catch (error) {
    if (!(error instanceof FootageFileError)) throw error;
    return { head, fragments, bytes, problem: error };
  }
}

async function walkFile(path: string): Promise<WalkedSegment> {
  const file = await FootageFile.open(path);
  try {
    const walked = await walkSegment(file);
    return { ...walked, problem: walked.problem?.in(path) ?? null };
  } finally {
    await file.close();
  }
}

/** The head of a segment. Throws FootageFileError, without the file's name, and what `source.read` throws. */
export async function readSegmentHead(source: ByteSource): Promise<SegmentHead> {
  const ftyp = await readBox(source, 0, 'ftyp', MOST_HEAD_BYTES);
  const moovAt = ftyp.length;
  const moov = await readBox(source, moovAt, 'moov', MOST_HEAD_BYTES);
  return readHead(Box.around(moov, moovAt).only('moov'), Buffer.concat([ftyp, moov]));
}

async function readFragment(source: ByteSource, offset: number, head: SegmentHead): Promise<FragmentDescription> {
  const moof = await readBox(source, offset, 'moof', MOST_MOOF_BYTES);
  const { startMs, durationMs, packets, dataBytes } = readFragmentHead(Box.around(moof, offset).only('moof'), head);
  const mdatAt = offset + moof.length;
  const mdatBytes = await sizeOf(source, mdatAt, 'mdat');
  if (mdatBytes !== dataBytes + BOX_HEADER) throw badBox('mdat', mdatAt, `expected the ${dataBytes} bytes that the moof tells of, got ${mdatBytes - BOX_HEADER}`);
  return { offset, bytes: moof.length + mdatBytes, startMs, durationMs, packets };
}

/** A whole box with its header. */
async function readBox(source: ByteSource, offset: number, type: string, most: number): Promise<Buffer> {
  const size = await sizeOf(source, offset, type);
  if (size > most) throw badBox(type, offset, `expected at most ${most} bytes, got ${size}`);
  return source.read(offset, size);
}

/** The size of the box at `offset`, which must be of this type and lie in the file. */
async function sizeOf(source: ByteSource, offset: number, type: string): Promise<number> {
  if (offset + BOX_HEADER > source.size) throw badBox(type, offset, `expected it here, the file ends at byte ${source.size}`);
  const found = readBoxHeader(await source.read(offset, BOX_HEADER), 0, offset);
  if (found.type !== type) throw badBox(found.type, offset, `expected ${type} here`);
  if (offset + found.size > source.size) throw badBox(type, offset, `expected ${found.size} bytes, the file ends after ${source.size - offset} of them`);
  return found.size;
}

function describe(path: string, { head, fragments, bytes }: WalkedSegment): SegmentDescription {
  if (head === null) throw FootageFileError.of(path, 'a head', 'none');
  const { startMs, id } = parseName(path);
  const last = fragments.at(-1);
  const { codec, codecString, width, height, hasAudio } = head;
  const endMs = startMs + (last === undefined ? 0 : last.startMs + last.durationMs);
  return { id, path, startMs, endMs, bytes, headBytes: head.bytes.length, headId: head.id, codec, codecString, width, height, hasAudio, connection: null, fragments };
}
