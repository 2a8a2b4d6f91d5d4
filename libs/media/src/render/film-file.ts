import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { FootageDiskError, moveFragment, muteFragment, readMoof, writeFragmentHead, type FootageSource, type FragmentDescription, type SegmentHead } from '@argus/footage';
import type { PictureGroup } from '../record/picture-group.js';
import { writeAll } from '../record/write-all.js';

/** A fragmented MP4 that is written from its beginning to its end: groups of pictures from an encoder, and fragments as they are. */
export class FilmFile {
  /** Where the next fragment begins, microseconds. */
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
    const handle = await open(path, 'w', 0o600).catch((error: unknown) => Promise.reject(FootageDiskError.of(path, 'opened', error)));
    const film = new FilmFile(path, handle);
    await film.write([head]);
    return film;
  }

  /** The group's sound tells its times as those of the film. */
  async append(group: PictureGroup): Promise<void> {
    const times = group.decodeTimes();
    this.#sequence += 1;
    await this.write([writeFragmentHead(group, times, this.#sequence, this.time, group.soundFrom(0)), ...group.parts()]);
    this.time += (times.at(-1) as number) - (times[0] as number);
  }

  /** A fragment of a segment behind such a head, of which place and time alone change. `sound` false: what is heard is left out. */
  async copy(from: FootageSource, head: SegmentHead, fragment: FragmentDescription, sound = true): Promise<void> {
    const read = await from.read(fragment.offset, fragment.bytes);
    const bytes = sound ? read : muteFragment(read, head);
    this.#sequence += 1;
    moveFragment(readMoof(bytes, fragment.offset), head, this.#sequence, this.time);
    await this.write([bytes]);
    this.time += Math.round(fragment.durationMs * 1000);
  }

  async write(buffers: readonly Buffer[]): Promise<void> {
    const writing = writeAll(this.handle, this.path, buffers, this.bytes);
    // While the disk is at it: a digest takes as long as the copy.
    for (const buffer of buffers) {
      this.#hash.update(buffer);
      this.bytes += buffer.length;
    }
    await writing;
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
