/** A decoder may hold this many packets back to put frames in order (H.264's and H.265's limit). */
const MAX_HELD = 16;

/**
 * Keeps received = decoded + skipped exact although decoders hold packets back and lose damaged ones without a word: a packet
 * counts as received when its fate is known.
 */
export class PacketLedger {
  decoded = 0;
  skipped = 0;
  #held = 0;
  #refused = 0;

  get received(): number {
    return this.decoded + this.skipped;
  }

  /**
   * One packet was given to the decoder: so many frames came out of it, and so many packets of this connection were refused so
   * far (skipped on purpose or damaged).
   */
  add(frames: number, refusedSoFar: number): void {
    const refused = refusedSoFar - this.#refused;
    this.#refused = refusedSoFar;
    this.decoded += frames;
    this.skipped += refused;
    this.#held = Math.max(0, this.#held + 1 - frames - refused);
    if (this.#held <= MAX_HELD) return;
    this.skipped += this.#held - MAX_HELD;
    this.#held = MAX_HELD;
  }

  /** The decoder failed on a packet. */
  failed(): void {
    this.skipped += 1;
  }

  /** The connection ended: what the decoder still held will never come. */
  endOfConnection(): void {
    this.skipped += this.#held;
    this.#held = 0;
    this.#refused = 0;
  }
}
