import { open, type FileHandle } from 'node:fs/promises';
import { MediaError } from '../media-error.js';
import { Box, BOX_HEADER, readBoxHeader } from './box.js';
import { diskError, readExactly } from './disk-file.js';
import { moveFragment } from './fragment-head.js';
import type { FootagePiece, FootagePlan } from './plan-footage.js';
import { readHeadBytes } from './read-segment.js';
import type { FragmentDescription } from './segment-description.js';

/** Large fragments come in parts: a moof always fits into the first. */
const READ_BYTES = 256 * 1024;

/**
 * The bytes of one fragmented MP4 for a plan, read as they are asked for. Throws MediaError when a file is gone or is not what the
 * plan says. May be iterated more than once; each reads anew.
 */
export class FootageRange implements AsyncIterable<Buffer> {
  constructor(readonly plan: FootagePlan) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    let film: Film | null = null;
    for (const piece of this.plan.pieces) {
      const { path, headId } = piece.segment;
      const handle = await open(path).catch((error: unknown) => Promise.reject(diskError(path, 'opened', error)));
      try {
        if (film === null) {
          const head = await readHeadBytes(handle, path);
          if (head.id !== headId) throw new MediaError(`${path}: expected the head ${headId}, got ${head.id}`, { path });
          film = new Film(head.timescale);
          yield head.bytes;
        }
        yield* film.add(handle, piece);
      } finally {
        await handle.close();
      }
    }
  }
}

/** Fragments in a row: time and numbers run on from one to the next. */
class Film {
  #sequence = 0;
  /** Where the next piece begins. */
  #time = 0;

  constructor(private readonly timescale: number) {}

  async *add(handle: FileHandle, { segment, first, last }: FootagePiece): AsyncGenerator<Buffer, void, undefined> {
    const fragments = segment.fragments.slice(first, last + 1);
    const startMs = fragments[0]?.startMs ?? 0;
    let time = this.#time;
    for (const fragment of fragments) {
      time = this.#time + this.#steps(fragment.startMs - startMs);
      this.#sequence += 1;
      yield* readMoved(handle, segment.path, fragment, this.#sequence, time);
      time += this.#steps(fragment.durationMs);
    }
    this.#time = time;
  }

  #steps(ms: number): number {
    return Math.round((ms * this.timescale) / 1000);
  }
}

async function* readMoved(handle: FileHandle, path: string, fragment: FragmentDescription, sequence: number, time: number): AsyncGenerator<Buffer, void, undefined> {
  for (let read = 0; read < fragment.bytes; ) {
    const part = await readExactly(handle, path, fragment.offset + read, Math.min(READ_BYTES, fragment.bytes - read));
    if (read === 0) moveFragment(moofIn(part, path, fragment.offset), sequence, time);
    read += part.length;
    yield part;
  }
}

function moofIn(part: Buffer, path: string, offset: number): Box {
  const { size, type } = part.length < BOX_HEADER ? { size: 0, type: '' } : readBoxHeader(part, 0, offset);
  if (type !== 'moof' || size > part.length) throw new MediaError(`${path}: expected a fragment at byte ${offset}, got something else`, { path, offset });
  return Box.around(part.subarray(0, size), offset).only('moof');
}
