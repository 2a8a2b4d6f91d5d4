import { FootageFileError } from './footage-file-error.js';
import { FootageFile } from './footage-file.js';
import type { FootageSource, OpenFootage } from './footage-source.js';
import { moveFragment, readMoof, stretchFragment } from './fragment-head.js';
import type { FootagePiece, FootagePlan, PlannableSegment } from './plan-footage.js';
import { readSegmentHead } from './read-segment.js';
import type { FragmentDescription, SegmentDescription } from './segment-description.js';
import type { SegmentHead } from './segment-head.js';

/** Large fragments come in parts: a moof always fits into the first. */
const READ_BYTES = 256 * 1024;
/** Files looked at together. */
const AT_ONCE = 16;

/**
 * The bytes of one fragmented MP4 for a plan, read as they are asked for: all, or a stretch of them. They are the same each time, so a
 * reader may come back for more. May be read more than once at a time.
 */
export class FootageRange<S extends PlannableSegment = SegmentDescription> implements AsyncIterable<Buffer> {
  /**
   * @param open what a segment's `path` means; left out: a file on the disk.
   * @param reuse so many pieces stay as they are while others are read; 0: all of them. New memory for each costs as much as the reading: it is cleaned up after.
   */
  constructor(
    readonly plan: FootagePlan<S>,
    private readonly open: OpenFootage = (path) => FootageFile.open(path),
    private readonly reuse = 0,
  ) {}

  get byteLength(): number {
    return this.plan.bytes;
  }

  /**
   * Looks at the head and length of every file that bytes `first` to `last` are in, so that nothing needs to be broken off later.
   * @throws FootageFileError when one is gone or is not what the plan says, and what `open` throws
   */
  async check(first = 0, last = this.byteLength - 1): Promise<void> {
    const pieces = this.#places(first, last).map(({ piece }) => piece);
    for (let at = 0; at < pieces.length; at += AT_ONCE) {
      const looks = await Promise.allSettled(pieces.slice(at, at + AT_ONCE).map((piece) => this.#inFile(piece, (file) => checkPiece(piece, file))));
      const bad = looks.find((look) => look.status === 'rejected');
      if (bad) throw bad.reason;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    return this.read();
  }

  /** Bytes `first` to `last`, both included. Whoever stops reading closes the file. Throws as `check` does. */
  async *read(first = 0, last = this.byteLength - 1): AsyncGenerator<Buffer, void, undefined> {
    let head: SegmentHead | null = null;
    const room = roomFor(this.reuse);
    for (const place of this.#places(first, last)) {
      const { path } = place.piece.segment;
      const file = await this.open(path);
      try {
        if (head === null) {
          head = await readRightHead(place.piece.segment, file);
          if (first < head.bytes.length) yield head.bytes.subarray(first, last + 1);
        }
        yield* readPiece(place, head, file, first, last, room);
      } catch (error) {
        throw error instanceof FootageFileError ? error.in(path) : error;
      } finally {
        await file.close();
      }
    }
  }

  /** Where in the film the pieces are that hold these bytes. The first file's head belongs to the first. */
  #places(first: number, last: number): PiecePlace<S>[] {
    const places: PiecePlace<S>[] = [];
    let [at, sequence] = [this.plan.pieces[0]?.segment.headBytes ?? 0, 1];
    for (const [index, piece] of this.plan.pieces.entries()) {
      const next = this.plan.pieces[index + 1];
      const fragments = piece.segment.fragments.slice(piece.first, piece.last + 1);
      const bytes = fragments.reduce((sum, fragment) => sum + fragment.bytes, 0);
      const startsAt = sequence === 1 ? 0 : at;
      if (startsAt <= last && at + bytes > first) places.push({ piece, fragments, at, timeUs: Math.round(piece.atMs * 1000), nextUs: next === undefined ? null : Math.round(next.atMs * 1000), sequence });
      at += bytes;
      sequence += fragments.length;
    }
    return places;
  }

  async #inFile(piece: FootagePiece<S>, work: (file: FootageSource) => Promise<void>): Promise<void> {
    const { path } = piece.segment;
    const file = await this.open(path);
    try {
      await work(file);
    } catch (error) {
      throw error instanceof FootageFileError ? error.in(path) : error;
    } finally {
      await file.close();
    }
  }
}

/** Memory for the next piece, in turn; undefined: new memory each time. */
function roomFor(pieces: number): () => Buffer | undefined {
  const rooms = Array.from({ length: pieces }, () => Buffer.allocUnsafeSlow(READ_BYTES));
  let turn = 0;
  return () => rooms[turn++ % pieces];
}

/** A piece in the film: time and numbers run on from one to the next. */
interface PiecePlace<S extends PlannableSegment> {
  readonly piece: FootagePiece<S>;
  readonly fragments: readonly FragmentDescription[];
  /** Of its first fragment, bytes. */
  readonly at: number;
  readonly timeUs: number;
  /** Where the next one begins; null: it is the last. */
  readonly nextUs: number | null;
  readonly sequence: number;
}

async function checkPiece({ segment, last }: FootagePiece<PlannableSegment>, file: FootageSource): Promise<void> {
  const { offset, bytes } = segment.fragments[last] ?? { offset: segment.headBytes, bytes: 0 };
  if (file.size < offset + bytes) throw FootageFileError.of(segment.path, `${offset + bytes} bytes`, `${file.size}`);
  await readRightHead(segment, file);
}

async function readRightHead({ path, headId, headBytes }: PlannableSegment, file: FootageSource): Promise<SegmentHead> {
  const head = await readSegmentHead(file);
  if (head.id !== headId || head.bytes.length !== headBytes) throw FootageFileError.of(path, `the head ${headId} of ${headBytes} bytes`, `${head.id} of ${head.bytes.length}`);
  return head;
}

async function* readPiece<S extends PlannableSegment>({ fragments, at, timeUs, nextUs, sequence }: PiecePlace<S>, head: SegmentHead, file: FootageSource, first: number, last: number, room: () => Buffer | undefined): AsyncGenerator<Buffer, void, undefined> {
  const startMs = fragments[0]?.startMs ?? 0;
  let filmAt = at;
  for (const [index, fragment] of fragments.entries()) {
    for (let read = 0; read < fragment.bytes && filmAt <= last; ) {
      const length = Math.min(READ_BYTES, fragment.bytes - read);
      if (filmAt + length > first) {
        const part = await file.read(fragment.offset + read, length, room());
        if (read === 0) {
          const moof = readMoof(part, fragment.offset);
          moveFragment(moof, head, sequence + index, timeUs + Math.round((fragment.startMs - startMs) * 1000));
          if (nextUs !== null && index === fragments.length - 1) stretchFragment(moof, head, nextUs);
        }
        yield part.subarray(Math.max(0, first - filmAt), Math.min(length, last + 1 - filmAt));
      }
      read += length;
      filmAt += length;
    }
  }
}
