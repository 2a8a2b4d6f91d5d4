import { Frame, Packet } from 'node-av/lib';

interface NativeObject {
  alloc(): void;
  unref(): void;
  free(): void;
}

/**
 * Empty native objects for the next reads and pictures. One each would otherwise be made, registered for clean-up and collected: measured on
 * packets, a tenth of what reading costs.
 */
class NativePool<T extends NativeObject> {
  readonly #spare: T[] = [];

  /** @param mostSpare beyond so many they are given back to the system. */
  constructor(
    private readonly make: () => T,
    private readonly mostSpare: number,
  ) {}

  take(): T {
    const kept = this.#spare.pop();
    if (kept !== undefined) return kept;
    const made = this.make();
    made.alloc();
    return made;
  }

  /** Its data is let go; whoever gives it back must not look at it again. */
  giveBack(object: T): void {
    if (this.#spare.length >= this.mostSpare) return object.free();
    object.unref();
    this.#spare.push(object);
  }
}

/** More than the packets in hand between two collections of a busy child. */
export const packetPool = new NativePool(() => new Packet(), 256);
/** More than the pictures in hand at once in a busy child. */
export const framePool = new NativePool(() => new Frame(), 64);
