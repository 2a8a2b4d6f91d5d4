/** 64-bit perceptual hashes as a column: two words a row, the upper one first. */
export type HashColumn = Uint32Array;

/** From the 16 hexadecimal digits of `SampleQuality.phash`. Throws RangeError naming the row that is not one. */
export function readHashes(texts: readonly string[]): HashColumn {
  const column = new Uint32Array(texts.length * 2);
  for (const [row, text] of texts.entries()) {
    if (!/^[0-9a-f]{16}$/i.test(text)) throw new RangeError(`expected a perceptual hash of 16 hexadecimal digits in row ${row}, got '${text.slice(0, 40)}'`);
    column[row * 2] = Number.parseInt(text.slice(0, 8), 16);
    column[row * 2 + 1] = Number.parseInt(text.slice(8), 16);
  }
  return column;
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** In how many of 64 bits two rows differ. */
export function hammingDistance(column: HashColumn, a: number, b: number): number {
  return bitsOf(((column[a * 2] as number) ^ (column[b * 2] as number)) >>> 0) + bitsOf(((column[a * 2 + 1] as number) ^ (column[b * 2 + 1] as number)) >>> 0);
}

/** From here on a band has so few bits that an index saves nothing. */
const LARGEST_RADIUS = 15;

/**
 * Rows by bands of their hash. Two hashes that differ in at most `radius` bits are the same in at least one of radius + 1 bands, so every near one is found
 * (Norouzi's multi-index hashing). At radius 4 a million different pictures share a band with about six hundred.
 */
export class HammingIndex {
  readonly #bands: readonly { readonly from: number; readonly bits: number }[];
  readonly #rows: readonly Map<number, number[]>[];

  constructor(
    private readonly column: HashColumn,
    private readonly radius: number,
  ) {
    if (!Number.isInteger(radius) || radius < 0 || radius > LARGEST_RADIUS) throw new RangeError(`expected a radius of 0 to ${LARGEST_RADIUS} bits, got ${radius}`);
    const count = Math.max(2, radius + 1);
    this.#bands = Array.from({ length: count }, (_, band) => ({ from: Math.floor((band * 64) / count), bits: Math.floor(((band + 1) * 64) / count) - Math.floor((band * 64) / count) }));
    this.#rows = this.#bands.map(() => new Map());
  }

  add(row: number): void {
    for (const [band, rows] of this.#rows.entries()) {
      const key = this.#keyOf(row, band);
      const list = rows.get(key);
      if (list) list.push(row);
      else rows.set(key, [row]);
    }
  }

  /** The first row found within the radius of this one; -1: none. */
  findNear(row: number): number {
    for (const [band, rows] of this.#rows.entries()) for (const other of rows.get(this.#keyOf(row, band)) ?? []) if (hammingDistance(this.column, row, other) <= this.radius) return other;
    return -1;
  }

  /** All rows within the radius, each once. */
  allNear(row: number): Set<number> {
    const found = new Set<number>();
    for (const [band, rows] of this.#rows.entries()) for (const other of rows.get(this.#keyOf(row, band)) ?? []) if (!found.has(other) && hammingDistance(this.column, row, other) <= this.radius) found.add(other);
    return found;
  }

  /** A band has 32 bits at most. */
  #keyOf(row: number, band: number): number {
    const { from, bits } = this.#bands[band] as { from: number; bits: number };
    const [high, low] = [this.column[row * 2] as number, this.column[row * 2 + 1] as number];
    const shifted = from >= 32 ? high >>> (from - 32) : from === 0 ? low : (low >>> from) | (high << (32 - from));
    return bits === 32 ? shifted >>> 0 : shifted & ((1 << bits) - 1);
  }
}
