import { SKIP_CAUSES, type SkipCause } from '@argus/contracts';

/** A decoder may hold this many packets back to put frames in order (H.264's and H.265's limit). */
const MAX_HELD = 16;

/**
 * Keeps received = decoded + sum(skipped) exact although decoders hold packets back and lose damaged ones without a word: a packet
 * counts as received when its fate is known. Nothing that was counted is taken back.
 */
export class PacketLedger {
  decoded = 0;
  readonly skipped: Record<SkipCause, number> = Object.fromEntries(SKIP_CAUSES.map((cause) => [cause, 0])) as Record<SkipCause, number>;
  #held = 0;
  /** Packets that counted as skipped and were decoded all the same: so many skipped ones are not counted, and the sums are right again. */
  #owed = 0;

  get received(): number {
    return this.decoded + Object.values(this.skipped).reduce((sum, count) => sum + count, 0);
  }

  /** One packet was given to the decoder: so many pictures came out of it, and so many packets were refused. */
  add(pictures: number, damaged: number, keyWait: number): void {
    this.decoded += pictures;
    this.skipped.damaged += damaged;
    this.skipped['key-wait'] += keyWait;
    this.#held = Math.max(0, this.#held + 1 - pictures - damaged - keyWait);
    if (this.#held <= MAX_HELD) return;
    this.skipped.damaged += this.#held - MAX_HELD;
    this.#held = MAX_HELD;
  }

  /** Pictures of packets that the decoder had held back. */
  addHeld(pictures: number): void {
    this.decoded += pictures;
    this.#held = Math.max(0, this.#held - pictures);
  }

  /** A packet was left out. */
  skip(cause: SkipCause): void {
    if (this.#owed > 0) this.#owed -= 1;
    else this.skipped[cause] += 1;
  }

  /** A picture of a packet that was left out before has been looked at after all. */
  madeUpFor(): void {
    this.decoded += 1;
    this.#owed += 1;
  }

  /** The decoder failed on a packet. */
  failed(): void {
    this.skipped.damaged += 1;
  }

  /** What the decoder still held will never come: the connection ended, or it was emptied. */
  dropHeld(): void {
    this.skipped.damaged += this.#held;
    this.#held = 0;
  }
}
