/** Media time everywhere in this library. */
export const MICROSECONDS = { num: 1, den: 1_000_000 } as const;

/** A step further than this, either way, is a jump: a new clip, a camera that set its clock, a counter that wrapped. */
export const JUMP_US = 10_000_000;
/** Streams with B-frames send pictures out of order by a few frames; that is no jump. */
export const REORDER_US = 2_000_000;
/** Without B-frames only a trembling clock goes back. A clock that is set back by more would stand still here until it has caught up. */
const TREMBLE_US = 200_000;

/**
 * Turns a stream's own timestamps into media time that starts at 0 and goes on over loops and jumps. A jump continues one
 * picture's duration after the latest time so far.
 */
export class Timeline {
  /** How often it went on although the stream's own time did not. */
  jumps = 0;
  #offsetUs: number | null = null;
  #latestUs = -1;
  readonly #reorders: boolean;
  /** The last distance between two pictures, at first the nominal one. */
  #stepUs: number;

  /** `reorders`: the stream has B-frames, so times go back a little; otherwise they are made to rise. */
  constructor(options: { readonly fps: number | null; readonly reorders: boolean }) {
    this.#reorders = options.reorders;
    this.#stepUs = Math.round(1_000_000 / (options.fps ?? 25));
  }

  /** The furthest so far; -1: nothing came. */
  get latestUs(): number {
    return this.#latestUs;
  }

  /** The last distance between two pictures. */
  get stepUs(): number {
    return this.#stepUs;
  }

  /** What was added to the stream's own time last; null: nothing came since the stream began. */
  get offsetUs(): number | null {
    return this.#offsetUs;
  }

  /** `rawUs` null: the stream gave none. */
  next(rawUs: number | null): number {
    const time = this.#place(rawUs);
    const rising = this.#reorders ? time : Math.max(time, this.#latestUs + 1);
    if (this.#latestUs >= 0 && rising > this.#latestUs && rising - this.#latestUs < REORDER_US) this.#stepUs = rising - this.#latestUs;
    this.#latestUs = Math.max(this.#latestUs, rising);
    return rising;
  }

  /** The stream begins anew: whatever comes next follows what was. */
  restart(): void {
    this.#offsetUs = null;
  }

  #place(rawUs: number | null): number {
    const following = this.#latestUs < 0 ? 0 : this.#latestUs + this.#stepUs;
    if (rawUs === null) return following;
    if (this.#offsetUs === null) this.#offsetUs = following - rawUs;
    const time = rawUs + this.#offsetUs;
    const back = this.#latestUs - time;
    if (back > (this.#reorders ? REORDER_US : TREMBLE_US) || back < -JUMP_US) {
      this.#offsetUs = following - rawUs;
      this.jumps += 1;
      return following;
    }
    return Math.max(0, time);
  }
}
