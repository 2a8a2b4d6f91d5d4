import { phashOf } from '@argus/database';
import { SAME_BITS } from '@argus/datasets';
import { hashDistance } from '@argus/media';

/** A camera that is moved back and forth comes by what it showed a while ago. */
const REMEMBERED = 64;

/** The newest pictures of one camera that were taken, by their hashes: what is nearly one of them is left out. */
export class NearDuplicates {
  readonly #hashes: string[] = [];

  constructor(known: readonly string[] = []) {
    for (const hash of known) this.#remember(hash);
  }

  /** Of rows that a set has, the newest first. */
  static of(rows: readonly { readonly phash: string }[]): NearDuplicates {
    return new NearDuplicates(rows.map(({ phash }) => phashOf(phash)).reverse());
  }

  /** Whether it is nearly one that was taken; if not, it is remembered as taken. */
  isNear(phash: string): boolean {
    if (this.#hashes.some((known) => hashDistance(known, phash) <= SAME_BITS)) return true;
    this.#remember(phash);
    return false;
  }

  #remember(phash: string): void {
    this.#hashes.push(phash);
    if (this.#hashes.length > REMEMBERED) this.#hashes.shift();
  }
}
