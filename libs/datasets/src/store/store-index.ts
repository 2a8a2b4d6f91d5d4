import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DigestTable } from './digest-table.js';
import { readShardIndex, type SampleLocation, type ShardEntry } from './shard-index.js';
import { SHARD_OWNER, shardFilesOf, shardNumbersOf } from './shard-writer.js';

interface KnownShard {
  readonly name: string;
  indexEnd: number;
  shardEnd: number;
}

/** Where every picture of a store lies: what the indexes of its shards say, whoever writes them. */
export class StoreIndex {
  #table = new DigestTable();
  #shards: KnownShard[] = [];
  #numbers = new Map<string, number>();

  constructor(private readonly root: string) {}

  get size(): number {
    return this.#table.size;
  }

  has(sha256: string): boolean {
    return this.#table.rowOf(sha256) >= 0;
  }

  find(sha256: string): SampleLocation | null {
    const place = this.#table.get(sha256);
    return place && { sha256, shard: (this.#shards[place.shard] as KnownShard).name, offset: place.offset, bytes: place.bytes };
  }

  add(locations: readonly SampleLocation[]): void {
    for (const location of locations) this.#put(this.#numberOf(location.shard), location);
  }

  /** Reads what was added to the indexes since the last time, and everything where one was cut. Not what was removed with its shard: see `reload`. */
  async refresh(): Promise<void> {
    for (const owner of await ownersOf(this.root)) {
      for (const number of await shardNumbersOf(join(this.root, owner))) {
        const { index } = shardFilesOf(join(this.root, owner), number);
        const row = this.#numberOf(shardNameOf(owner, number));
        const shard = this.#shards[row] as KnownShard;
        const part = await readShardIndex(index, shard).catch((error: NodeJS.ErrnoException) => {
          // Removed, or not made yet.
          if (error.code === 'ENOENT') return null;
          throw error;
        });
        if (!part) continue;
        // What is not on the disk any more must not be taken for known: it would not be written again.
        if (part.wasCut) return this.reload();
        for (const entry of part.entries) this.#put(row, entry);
        shard.indexEnd = part.indexEnd;
        shard.shardEnd = part.shardEnd;
      }
    }
  }

  /** From the beginning: shards were removed. */
  async reload(): Promise<void> {
    const fresh = new StoreIndex(this.root);
    await fresh.refresh();
    this.#table = fresh.#table;
    this.#shards = fresh.#shards;
    this.#numbers = fresh.#numbers;
  }

  /** Those of the wanted that are here. A table of its own: pictures may come while the wanted are being told. */
  async mark(wanted: AsyncIterable<string> | Iterable<string>): Promise<{ has(sha256: string): boolean }> {
    const marked = new DigestTable();
    for await (const sha256 of wanted) if (this.has(sha256)) marked.set(sha256, { shard: 0, offset: 0, bytes: 0 });
    return { has: (sha256) => marked.rowOf(sha256) >= 0 };
  }

  #put(shard: number, { sha256, offset, bytes }: ShardEntry): void {
    this.#table.set(sha256, { shard, offset, bytes });
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#shards.length);
    return this.#shards.push({ name, indexEnd: 0, shardEnd: 0 }) - 1;
  }
}

export const shardNameOf = (owner: string, number: number): string => `${owner}/${String(number).padStart(6, '0')}`;

/** Folders of writers, whoever they are. */
export async function ownersOf(root: string): Promise<string[]> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && SHARD_OWNER.test(entry.name)).map(({ name }) => name).sort();
}
