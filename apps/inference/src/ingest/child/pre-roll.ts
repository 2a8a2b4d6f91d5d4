import type { MediaPacket } from '@argus/media';

/** Half a minute of a usual camera (4 Mb/s). */
const MOST_BYTES = 16 * 1024 * 1024;
/** A minute and more of pictures that weigh nothing. */
const MOST_PACKETS = 3000;

/**
 * The newest packets of one camera, from a key frame on: what is kept of the time before something happened. Holds references, no copies. Beyond its bounds
 * the oldest go, a whole group of pictures at a time.
 */
export class PreRoll {
  /** Each begins with a key frame; the last one is open. */
  readonly #groups: MediaPacket[][] = [];
  #bytes = 0;
  #packets = 0;

  get isEmpty(): boolean {
    return this.#packets === 0;
  }

  /** Takes a reference of its own; what comes before the first key frame is left. `keepUs`: so much media time is wanted before this packet. */
  add(packet: MediaPacket, keepUs: number): void {
    if (packet.key) this.#groups.push([]);
    const open = this.#groups.at(-1);
    if (open === undefined) return;
    open.push(packet.share());
    this.#bytes += packet.byteLength;
    this.#packets += 1;
    while (this.#isOld(packet.ptsUs - keepUs) || this.#bytes > MOST_BYTES || this.#packets > MOST_PACKETS) this.#dropOldest();
  }

  /** Gives all of it away, oldest first: whoever takes it frees it. */
  take(): MediaPacket[] {
    this.#bytes = this.#packets = 0;
    return this.#groups.splice(0).flat();
  }

  clear(): void {
    for (const packet of this.take()) packet.free();
  }

  /** Also without the oldest group there is enough. */
  #isOld(fromUs: number): boolean {
    const next = this.#groups[1]?.[0];
    return next !== undefined && next.ptsUs <= fromUs;
  }

  #dropOldest(): void {
    for (const packet of this.#groups.shift() ?? []) {
      this.#bytes -= packet.byteLength;
      this.#packets -= 1;
      packet.free();
    }
  }
}
