import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { diskUseOf, type DiskUse } from '@argus/storage';
import { DatasetFileError, SampleDiskLowError } from '../errors.js';
import { collectShards, PACKED_OWNER, type Collected, type CollectOptions } from './collect-shards.js';
import type { SampleLocation } from './shard-index.js';
import { ShardReader } from './shard-reader.js';
import { ShardWriter, type ShardWriterOptions } from './shard-writer.js';
import { StoreIndex } from './store-index.js';

export interface SampleStoreOptions extends Pick<ShardWriterOptions, 'shardBytes' | 'flushBytes' | 'flushMs'> {
  /** So much of the disk stays free: the database and recordings may be on it. */
  readonly lowWaterBytes?: number;
  /** A picture that is put again is wanted again: its shard counts as new. Told the file system once in so long, which is much less than the grace of any collection. */
  readonly touchEveryMs?: number;
  readonly diskUse?: (folder: string) => Promise<DiskUse>;
}

export interface PutOptions {
  /** Without dot. */
  readonly extension: string;
  /** Whose shards it goes into; one process writes into one owner's. */
  readonly owner: string;
}

/** The disk is asked again after so many bytes: less than that can be written beyond the low water. */
const ASK_DISK_EVERY_BYTES = 64 * 2 ** 20;

/**
 * Pictures by their digests, each kept once, below one folder. Several processes may read and put at once, each into shards of its own;
 * what two put at the same moment may lie there twice until the next collection.
 */
export class SampleStore {
  readonly #index: StoreIndex;
  readonly #reader: ShardReader;
  readonly #writers = new Map<string, Promise<ShardWriter>>();
  readonly #touched = new Map<string, number>();
  #roomBytes = 0;

  private constructor(
    private readonly root: string,
    private readonly options: SampleStoreOptions,
  ) {
    this.#index = new StoreIndex(root);
    this.#reader = new ShardReader(root);
  }

  static async open(folder: string, options: SampleStoreOptions = {}): Promise<SampleStore> {
    const store = new SampleStore(join(folder, 'shards'), options);
    await store.#index.refresh();
    return store;
  }

  /** How many pictures there are, as far as this process knows. */
  get size(): number {
    return this.#index.size;
  }

  /** Durable after `commit`. Throws SampleDiskLowError before the disk is full, and ShardLockedError where another process has the owner. */
  async put(content: Uint8Array, { extension, owner }: PutOptions): Promise<{ sha256: string; isNew: boolean }> {
    if (content.byteLength === 0) throw new DatasetFileError('picture: expected bytes, got none');
    await this.#requireRoom(content.byteLength);
    const writer = await this.#writerOf(owner);
    const put = await writer.append(content, extension);
    if (put.isNew || (await this.#touch(put.sha256))) return put;
    // What was known of was collected.
    await this.#index.reload();
    return writer.append(content, extension);
  }

  /** Resolves when everything that was put by this process is on the disk. */
  async commit(): Promise<readonly SampleLocation[]> {
    return (await Promise.all([...this.#writers.values()].map(async (writer) => (await writer).commit()))).flat();
  }

  /** What is on its way is not there yet. */
  async has(sha256: string): Promise<boolean> {
    if (this.#index.has(sha256)) return true;
    await this.#index.refresh();
    return this.#index.has(sha256);
  }

  /** Where a picture lies, as far as this process has read of the folder; what others put meanwhile is found by `has` and `read`. */
  find(sha256: string): SampleLocation | null {
    return this.#index.find(sha256);
  }

  /** The picture, compared with its digest. Throws DatasetFileError where it is not there or damaged. */
  async read(sha256: string): Promise<Uint8Array> {
    const place = this.#index.find(sha256);
    if (place) {
      const found = await this.#reader.read(place).catch((error: unknown) => error as Error);
      if (found instanceof Uint8Array) return found;
    }
    // Somebody else may have put it, or moved it to another shard.
    await (place ? this.#index.reload() : this.#index.refresh());
    const again = this.#index.find(sha256);
    if (!again) throw new DatasetFileError(`expected the picture ${sha256} in the store, it is not there`, { sha256 });
    return this.#reader.read(again);
  }

  /**
   * Removes pictures that nothing refers to. `referenced`: every digest that anything refers to, asked once. Shards that were written to
   * or whose pictures were put again within the time of grace stay as they are, and so do those that a process is writing.
   */
  async collect(referenced: AsyncIterable<string> | Iterable<string>, options: CollectOptions = {}): Promise<Collected> {
    await this.commit();
    const mine = new Map<string, number>();
    for (const [owner, writer] of this.#writers) mine.set(owner, (await writer).number);
    const collected = await collectShards(this.root, referenced, { ...options, writtenHere: mine });
    if (collected.shards > 0) await this.#index.reload();
    return collected;
  }

  async close(): Promise<void> {
    const writers = [...this.#writers.values()];
    this.#writers.clear();
    const done = await Promise.allSettled(writers.map(async (writer) => (await writer).close()));
    await this.#reader.close();
    for (const result of done) if (result.status === 'rejected') throw result.reason;
  }

  async #writerOf(owner: string): Promise<ShardWriter> {
    const found = this.#writers.get(owner);
    if (found) return found;
    if (owner === PACKED_OWNER) throw new DatasetFileError(`owner of shards: "${PACKED_OWNER}" is taken by the collection of garbage; expected another name`);
    const opening = this.#open(owner);
    this.#writers.set(owner, opening);
    opening.catch(() => this.#writers.delete(owner));
    return opening;
  }

  /** Nobody writes before what is known is what the writer found on the disk. */
  async #open(owner: string): Promise<ShardWriter> {
    const { shardBytes, flushBytes, flushMs } = this.options;
    const writer = await ShardWriter.open({ root: this.root, owner, known: this.#index, onDurable: (locations) => this.#index.add(locations), shardBytes, flushBytes, flushMs });
    try {
      // A crash of before may have cut what this process had not read yet, or read too much of.
      await this.#index.refresh();
      return writer;
    } catch (error) {
      await writer.close().catch(() => undefined);
      throw error;
    }
  }

  async #requireRoom(bytes: number): Promise<void> {
    const { lowWaterBytes = 2 * 2 ** 30, diskUse = diskUseOf } = this.options;
    if (this.#roomBytes >= bytes) {
      this.#roomBytes -= bytes;
      return;
    }
    const use = await diskUse(this.root);
    const free = use.bytes - use.usedBytes;
    if (free - bytes < lowWaterBytes) {
      this.#roomBytes = 0;
      throw new SampleDiskLowError(`${this.root}: expected ${lowWaterBytes} bytes of the disk to stay free, ${free} are and ${bytes} more were to be written; remove sample sets or footage, or give it a larger disk`, { free, lowWaterBytes });
    }
    this.#roomBytes = Math.min(ASK_DISK_EVERY_BYTES, free - lowWaterBytes) - bytes;
  }

  /** false: its shard is gone. */
  async #touch(sha256: string): Promise<boolean> {
    const place = this.#index.find(sha256);
    const now = new Date();
    const { touchEveryMs = 60_000 } = this.options;
    if (!place || now.getTime() - (this.#touched.get(place.shard) ?? 0) < touchEveryMs) return true;
    try {
      await utimes(join(this.root, `${place.shard}.tar`), now, now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    this.#touched.set(place.shard, now.getTime());
    return true;
  }
}
