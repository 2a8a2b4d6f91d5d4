import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { MediaError } from '../media-error.js';
import { Box, BOX_HEADER, readBoxHeader } from '../record/box.js';
import { diskError, readExactly, writeAll } from '../record/disk-file.js';
import { moveFragment, writeFragmentHead } from '../record/fragment-head.js';
import type { PictureGroup } from '../record/picture-group.js';
import type { FragmentDescription } from '../record/segment-description.js';

/** A fragmented MP4 that is written from its beginning to its end: groups of pictures from an encoder, and fragments as they are. */
export class FilmFile {
  /** Where the next fragment begins, in steps of the film's clock. */
  time = 0;
  bytes = 0;
  #sequence = 0;
  readonly #hash = createHash('sha256');

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Begins it anew, whatever was there. */
  static async create(path: string, head: Buffer): Promise<FilmFile> {
    const handle = await open(path, 'w', 0o600).catch((error: unknown) => Promise.reject(diskError(path, 'opened', error)));
    const film = new FilmFile(path, handle);
    await film.write([head]);
    return film;
  }

  /** Times of the group are steps of the film's clock. */
  async append(group: PictureGroup): Promise<void> {
    const times = group.decodeTimes();
    this.#sequence += 1;
    await this.write([writeFragmentHead(group, times, this.#sequence, this.time), ...group.parts()]);
    this.time += (times.at(-1) as number) - (times[0] as number);
  }

  /** A fragment of a segment, of which place and time alone change. `steps`: how long it is. */
  async copy(from: FileHandle, path: string, fragment: FragmentDescription, steps: number): Promise<void> {
    const bytes = await readExactly(from, path, fragment.offset, fragment.bytes);
    const { size, type } = bytes.length < BOX_HEADER ? { size: 0, type: '' } : readBoxHeader(bytes, 0, fragment.offset);
    if (type !== 'moof' || size > bytes.length) throw new MediaError(`${path}: expected a fragment at byte ${fragment.offset}, got something else`, { path, offset: fragment.offset });
    this.#sequence += 1;
    moveFragment(Box.around(bytes.subarray(0, size), fragment.offset).only('moof'), this.#sequence, this.time);
    await this.write([bytes]);
    this.time += steps;
  }

  async write(buffers: readonly Buffer[]): Promise<void> {
    await writeAll(this.handle, this.path, buffers, this.bytes);
    for (const buffer of buffers) {
      this.#hash.update(buffer);
      this.bytes += buffer.length;
    }
  }

  /** SHA-256 of all of it. */
  async close(): Promise<string> {
    await this.handle.close();
    return this.#hash.digest('hex');
  }

  /** After a failure; what is there stays. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
