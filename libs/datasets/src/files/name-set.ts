import { hash } from 'node:crypto';

const WORDS = 4;

/** Names that were met, in flat memory: 16 bytes of their digests and half of the room free. A million names as texts took 100 MB and the collector of garbage through all of them. */
export class NameSet {
  #size = 0;
  #rows = 1024;
  #words = new Uint32Array(this.#rows * WORDS);

  /** false: it is there already. */
  add(name: string): boolean {
    if (this.#size * 2 >= this.#rows) this.#grow();
    const digest = hash('sha256', name, 'buffer');
    // All zeros is a free row.
    const isNew = this.#put([digest.readUInt32LE(0) || 1, digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]);
    if (isNew) this.#size += 1;
    return isNew;
  }

  #put([first, second, third, fourth]: readonly [number, number, number, number]): boolean {
    const words = this.#words;
    for (let row = second & (this.#rows - 1); ; row = (row + 1) & (this.#rows - 1)) {
      const at = row * WORDS;
      if (words[at] === 0) {
        words.set([first, second, third, fourth], at);
        return true;
      }
      if (words[at] === first && words[at + 1] === second && words[at + 2] === third && words[at + 3] === fourth) return false;
    }
  }

  #grow(): void {
    const known = this.#words;
    this.#rows *= 2;
    this.#words = new Uint32Array(this.#rows * WORDS);
    for (let at = 0; at < known.length; at += WORDS) if (known[at] !== 0) this.#put([known[at] as number, known[at + 1] as number, known[at + 2] as number, known[at + 3] as number]);
  }
}
