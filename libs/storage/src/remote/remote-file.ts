import type { FootageSource } from '@argus/footage';

/** Heads and tables are read in small pieces, one behind the other: one request fetches as much at least. */
const READ_AHEAD = 256 * 1024;

/** A file in the second tier, read by ranges. */
export class RemoteFile implements FootageSource {
  #held: { readonly at: number; readonly bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };

  constructor(
    readonly size: number,
    private readonly fetchRange: (offset: number, length: number) => Promise<Buffer>,
  ) {}

  async read(offset: number, length: number): Promise<Buffer> {
    const { at, bytes } = this.#held;
    if (offset >= at && offset + length <= at + bytes.length) return Buffer.from(bytes.subarray(offset - at, offset - at + length));
    const wanted = Math.min(Math.max(length, READ_AHEAD), this.size - offset);
    const fetched = await this.fetchRange(offset, Math.max(wanted, length));
    this.#held = { at: offset, bytes: fetched };
    // Copies: whoever gets them writes times into them.
    return Buffer.from(fetched.subarray(0, length));
  }

  async close(): Promise<void> {
    this.#held = { at: 0, bytes: Buffer.alloc(0) };
  }
}
