import { HostileArchiveError } from '../errors.js';

/** How much an archive of somebody else may hold. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Of all entries, unpacked. */
  readonly bytes: number;
  /** Unpacked to packed, of one entry and of all. Counts from `ratioFrom` bytes: a small file of blanks is no bomb. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

/** Text of labels packs 5 to 40 times; deflate can do 1032 times, and only for a bomb. The index of a million entries takes about 250 MB. */
export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 1_000_000, bytes: 16 * 2 ** 40, ratio: 200, ratioFrom: 16 * 2 ** 20 };

/** Counts what an archive says or turns out to hold, and throws HostileArchiveError with the name of the entry that is too much. */
export class ArchiveTally {
  readonly #container: string;
  readonly #limits: ArchiveLimits;
  #entries = 0;
  #bytes = 0;
  #packed = 0;

  constructor(container: string, limits: Partial<ArchiveLimits> = {}) {
    this.#container = container;
    this.#limits = { ...ARCHIVE_LIMITS, ...limits };
  }

  add(entry: string, bytes: number, packed: number): void {
    this.#entries += 1;
    this.#bytes += bytes;
    this.#packed += packed;
    const { entries, bytes: most } = this.#limits;
    if (this.#entries > entries) this.#refuse(entry, `is number ${this.#entries}; at most ${entries} entries are read`);
    if (this.#bytes > most) this.#refuse(entry, `brings the archive to ${this.#bytes} bytes unpacked; at most ${most} are read`);
    this.#requireRatio(entry, 'is', bytes, packed);
    this.#requireRatio(entry, 'brings the archive to', this.#bytes, this.#packed);
  }

  #requireRatio(entry: string, verb: string, bytes: number, packed: number): void {
    const { ratio, ratioFrom } = this.#limits;
    if (bytes < ratioFrom || bytes <= packed * ratio) return;
    this.#refuse(entry, `${verb} ${bytes} bytes packed into ${packed}; more than ${ratio} to 1 is taken for a bomb`);
  }

  #refuse(entry: string, what: string): never {
    throw new HostileArchiveError(`${this.#container}: the entry ${JSON.stringify(entry)} ${what}`, { container: this.#container, entry });
  }
}
