import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { FootageDiskError, OPEN_SUFFIX, pathOf, writeFragmentHead, type FragmentDescription, type SegmentDescription, type SegmentHead } from '@argus/footage';
import { newId } from '@argus/kernel';
import type { PictureGroup } from './picture-group.js';
import { writeAll } from './write-all.js';

/** One segment that is being written. Each group of pictures is on its way to the disk with one call, as one fragment. */
export class SegmentFile {
  readonly #fragments: FragmentDescription[] = [];
  /** What is known to be whole: the head and the fragments. */
  #bytes = 0;
  #latestUs: number;
  #endUs: number;

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly id: string,
    private readonly startMs: number,
    /** Media time of the segment's start. */
    readonly baseUs: number,
    private readonly head: SegmentHead,
    private readonly connection: string,
  ) {
    this.#latestUs = baseUs;
    this.#endUs = baseUs;
  }

  /** Throws FootageDiskError. */
  static async create(folder: string, startMs: number, baseUs: number, head: SegmentHead, connection: string): Promise<SegmentFile> {
    const id = newId();
    const path = pathOf(folder, startMs, id);
    const handle = await open(path + OPEN_SUFFIX, 'wx', 0o600).catch((error: unknown) => Promise.reject(FootageDiskError.of(path + OPEN_SUFFIX, 'opened', error)));
    return new SegmentFile(handle, path, id, startMs, baseUs, head, connection);
  }

  /** Throws FootageDiskError; what was written before stays whole. */
  async append(group: PictureGroup, times: readonly number[]): Promise<void> {
    // Damaged times may go back a little; a file's fragments do not.
    const startUs = Math.max(this.#latestUs, times[0] as number);
    const fragment = writeFragmentHead(group, times, this.#fragments.length + 1, startUs - this.baseUs, group.soundFrom(this.baseUs));
    const first = this.#bytes === 0;
    const buffers = [fragment, ...group.parts()];
    await writeAll(this.handle, this.path + OPEN_SUFFIX, first ? [this.head.bytes, ...buffers] : buffers, this.#bytes);
    const offset = first ? this.head.bytes.length : this.#bytes;
    const bytes = fragment.length + group.bytes + group.soundBytes;
    const endUs = startUs - (times[0] as number) + (times.at(-1) as number);
    this.#fragments.push({ offset, bytes, startMs: (startUs - this.baseUs) / 1000, durationMs: (endUs - startUs) / 1000, packets: group.packets });
    this.#bytes = offset + bytes;
    this.#latestUs = startUs;
    this.#endUs = endUs;
  }

  /** Media time. */
  get endUs(): number {
    return this.#endUs;
  }

  /**
   * Gives the file its name; null: it held nothing and is gone. A half-written fragment is cut off, which a full disk allows.
   * Throws FootageDiskError: the file is left as after a crash.
   */
  async finish(): Promise<SegmentDescription | null> {
    const { path, head, startMs } = this;
    const openPath = path + OPEN_SUFFIX;
    try {
      await this.handle.truncate(this.#bytes).finally(() => this.handle.close());
      if (this.#fragments.length === 0) {
        await unlink(openPath);
        return null;
      }
      await rename(openPath, path);
    } catch (error) {
      throw FootageDiskError.of(openPath, 'closed', error);
    }
    const { codec, codecString, width, height, hasAudio } = head;
    const endMs = startMs + (this.#endUs - this.baseUs) / 1000;
    return { id: this.id, path, startMs, endMs, bytes: this.#bytes, headBytes: head.bytes.length, headId: head.id, codec, codecString, width, height, hasAudio, connection: this.connection, fragments: this.#fragments };
  }
}
