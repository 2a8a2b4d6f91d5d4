/** Where a picture lies, in numbers. */
export interface Place {
  /** Number that the caller gave a shard, from 0. */
  readonly shard: number;
  readonly offset: number;
  readonly bytes: number;
}

const KEY_BYTES = 32;

/**
 * Digest to place, in flat memory: 48 bytes a row and a third of the rows free, so ten million pictures take 0.7 GB and nothing for the
 * collector of garbage to walk through. Open addressing; a digest's own bytes are as good as any hash of it.
 */
export class DigestTable {
  #size = 0;
  #rows: number;
  #keys: Buffer;
  /** Shard + 1; 0: free. */
  #shards: Uint32Array;
  #offsets: Float64Array;
  #bytes: Uint32Array;

  constructor(rows = 1024) {
    this.#rows = 2 ** Math.ceil(Math.log2(Math.max(16, rows)));
    this.#keys = Buffer.alloc(this.#rows * KEY_BYTES);
    this.#shards = new Uint32Array(this.#rows);
    this.#offsets = new Float64Array(this.#rows);
    this.#bytes = new Uint32Array(this.#rows);
  }

  get size(): number {
    return this.#size;
  }

  /** Rows there are, free ones too: what `rowOf` stays below. */
  get rows(): number {
    return this.#rows;
  }

  /** Row of a digest, or -1. Good until the next `set`. */
  rowOf(sha256: string): number {
    const row = this.#seek(Buffer.from(sha256, 'hex'));
    return this.#shards[row] === 0 ? -1 : row;
  }

  get(sha256: string): Place | null {
    const row = this.rowOf(sha256);
    return row < 0 ? null : { shard: (this.#shards[row] as number) - 1, offset: this.#offsets[row] as number, bytes: this.#bytes[row] as number };
  }

  set(sha256: string, place: Place): void {
    if (this.#size * 3 >= this.#rows * 2) this.#grow();
    this.#put(Buffer.from(sha256, 'hex'), place.shard + 1, place.offset, place.bytes);
  }

  #put(key: Buffer, shard: number, offset: number, bytes: number): void {
    const row = this.#seek(key);
    if (this.#shards[row] === 0) this.#size += 1;
    key.copy(this.#keys, row * KEY_BYTES);
    this.#shards[row] = shard;
    this.#offsets[row] = offset;
    this.#bytes[row] = bytes;
  }

  #seek(key: Buffer): number {
    let row = key.readUInt32LE(0) & (this.#rows - 1);
    // Four other bytes of it first: they tell nearly all apart, and a comparison of all is ten times as dear.
    const word = key.readUInt32LE(4);
    while (this.#shards[row] !== 0) {
      const at = row * KEY_BYTES;
      if (this.#keys.readUInt32LE(at + 4) === word && this.#keys.compare(key, 0, KEY_BYTES, at, at + KEY_BYTES) === 0) break;
      row = (row + 1) & (this.#rows - 1);
    }
    return row;
  }

  #grow(): void {
    const larger = new DigestTable(this.#rows * 2);
    for (let row = 0; row < this.#rows; row += 1) {
      if (this.#shards[row] === 0) continue;
      larger.#put(this.#keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), this.#shards[row] as number, this.#offsets[row] as number, this.#bytes[row] as number);
    }
    this.#rows = larger.#rows;
    this.#keys = larger.#keys;
    this.#shards = larger.#shards;
    this.#offsets = larger.#offsets;
    this.#bytes = larger.#bytes;
  }
}
