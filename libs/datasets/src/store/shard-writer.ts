import { createHash } from 'node:crypto';
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessLock } from '@argus/kernel';
import { DatasetFileError } from '../errors.js';
import { recoverShard } from './recover-shard.js';
import { shardLineOf, type SampleLocation, type ShardEntry } from './shard-index.js';
import { lockShards } from './shard-lock.js';
import { TAR_BLOCK, TAR_END_BYTES, tarHeaderOf, tarPaddingOf } from './tar.js';

export interface ShardWriterOptions {
  /** The folder `shards`; this writer's are in `<root>/<owner>`. */
  readonly root: string;
  readonly owner: string;
  /** What is kept already is not written again. Asked with the digest in hexadecimal. */
  readonly known?: { has(sha256: string): boolean };
  /** A shard that has so many bytes is closed. */
  readonly shardBytes?: number;
  /** After so many bytes or milliseconds, whichever is first, what was appended is made durable: what a crash can take. */
  readonly flushBytes?: number;
  readonly flushMs?: number;
  /** Told of everything that has become durable, in order. */
  readonly onDurable?: (locations: readonly SampleLocation[]) => void;
}

export const SHARD_OWNER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const shardFilesOf = (folder: string, number: number): { readonly shard: string; readonly index: string } => ({
  shard: join(folder, `${nameOf(number)}.tar`),
  index: join(folder, `${nameOf(number)}.idx.jsonl`),
});
const nameOf = (number: number): string => String(number).padStart(6, '0');

/** Numbers that files of a folder have, rising. */
export async function shardNumbersOf(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return [...new Set(names.flatMap((name) => (/^\d{6,12}\.(tar|idx\.jsonl)$/.test(name) ? [Number.parseInt(name, 10)] : [])))].sort((a, b) => a - b);
}

interface OpenShard {
  readonly number: number;
  readonly shard: FileHandle;
  readonly index: FileHandle;
  shardEnd: number;
  indexEnd: number;
}

/**
 * Appends pictures to tar archives, named by their digests. The index of an archive is written after the archive is on the disk,
 * so it never names what is not there; what a crash left behind it is cut off when the folder is opened again.
 * Calls may overlap; they are done one after the other. After an error of the disk the writer is of no use any more: open another.
 */
export class ShardWriter {
  #current: OpenShard;
  #queue: Promise<unknown> = Promise.resolve();
  #pending: SampleLocation[] = [];
  #pendingBytes = 0;
  readonly #pendingDigests = new Set<string>();
  #uncollected: SampleLocation[] = [];
  #timer: NodeJS.Timeout | null = null;
  #failure: unknown = null;

  private constructor(
    private readonly folder: string,
    private readonly options: ShardWriterOptions,
    private readonly lock: ProcessLock,
    current: OpenShard,
    /** What the newest shard held when it was opened. */
    readonly recovered: readonly ShardEntry[],
    readonly droppedBytes: number,
  ) {
    this.#current = current;
  }

  /** Throws ShardLockedError while another process writes into this folder. */
  static async open(options: ShardWriterOptions): Promise<ShardWriter> {
    if (!SHARD_OWNER.test(options.owner)) throw new DatasetFileError(`owner of shards: expected letters, digits, ".", "_" and "-", got ${JSON.stringify(options.owner.slice(0, 80))}`);
    const folder = join(options.root, options.owner);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = lockShards(folder);
    try {
      const number = (await shardNumbersOf(folder)).at(-1) ?? 1;
      const { entries, shardEnd, indexEnd, droppedBytes } = await recoverShard(...pathsOf(folder, number));
      return new ShardWriter(folder, options, lock, await openShard(folder, number, shardEnd, indexEnd), entries, droppedBytes);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Number of the shard that is being written; those below are closed. */
  get number(): number {
    return this.#current.number;
  }

  /** Resolves when it was handed to the system; durable after `commit`, or after `flushMs`. `isNew`: it was not known. */
  append(content: Uint8Array, extension: string): Promise<{ sha256: string; isNew: boolean }> {
    return this.#inTurn(async () => {
      const sha256 = createHash('sha256').update(content).digest('hex');
      if (this.#pendingDigests.has(sha256) || this.options.known?.has(sha256)) return { sha256, isNew: false };
      const { shardBytes = 1e9, flushBytes = 64 * 2 ** 20, flushMs = 2000 } = this.options;
      if (this.#current.shardEnd >= shardBytes) await this.#roll();
      const open = this.#current;
      const parts = [tarHeaderOf(`${sha256}.${extension}`, content.byteLength), content, Buffer.alloc(tarPaddingOf(content.byteLength))];
      await writeAll(open.shard, parts, open.shardEnd);
      this.#pending.push({ sha256, shard: `${this.options.owner}/${nameOf(open.number)}`, offset: open.shardEnd + TAR_BLOCK, bytes: content.byteLength });
      this.#pendingDigests.add(sha256);
      const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
      open.shardEnd += bytes;
      this.#pendingBytes += bytes;
      if (this.#pendingBytes >= flushBytes) await this.#flush();
      else this.#timer ??= setTimeout(() => void this.#inTurn(() => this.#flush()).catch(() => undefined), flushMs).unref();
      return { sha256, isNew: true };
    });
  }

  /** Resolves when everything that was appended is on the disk and will be found again. Gives what became so since the last call. */
  commit(): Promise<readonly SampleLocation[]> {
    return this.#inTurn(async () => {
      await this.#flush();
      const collected = this.#uncollected;
      this.#uncollected = [];
      return collected;
    });
  }

  /** Makes all durable, ends the archive as `tar` wants it, and lets others write here. */
  async close(): Promise<void> {
    try {
      await this.#inTurn(async () => {
        await this.#flush();
        await endShard(this.#current);
      });
    } finally {
      if (this.#timer) clearTimeout(this.#timer);
      await this.#current.shard.close().catch(() => undefined);
      await this.#current.index.close().catch(() => undefined);
      this.lock.release();
    }
  }

  async #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    const done = this.#pending;
    await this.#current.shard.datasync();
    const lines = Buffer.from(done.map(shardLineOf).join(''), 'latin1');
    await writeAll(this.#current.index, [lines], this.#current.indexEnd);
    await this.#current.index.datasync();
    this.#current.indexEnd += lines.byteLength;
    this.#pending = [];
    this.#pendingBytes = 0;
    // Told first: in between a picture would be neither pending nor known.
    this.options.onDurable?.(done);
    this.#pendingDigests.clear();
    for (const location of done) this.#uncollected.push(location);
  }

  async #roll(): Promise<void> {
    await this.#flush();
    const full = this.#current;
    await endShard(full);
    this.#current = await openShard(this.folder, full.number + 1, 0, 0);
    await full.shard.close();
    await full.index.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (this.#failure) throw this.#failure;
      try {
        return await work();
      } catch (error) {
        // What is in the file behind the last entry is not known any more.
        if (!(error instanceof DatasetFileError)) this.#failure = error;
        throw error;
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

const pathsOf = (folder: string, number: number): [string, string] => {
  const { shard, index } = shardFilesOf(folder, number);
  return [shard, index];
};

async function openShard(folder: string, number: number, shardEnd: number, indexEnd: number): Promise<OpenShard> {
  const { shard, index } = shardFilesOf(folder, number);
  // Made by now, or new: `a` would not let us say where.
  const flags = shardEnd === 0 ? 'w' : 'r+';
  const open_ = { number, shard: await open(shard, flags, 0o600), index: await open(index, flags, 0o600), shardEnd, indexEnd };
  await syncFolder(folder);
  return open_;
}

/** Names are durable when their folder is. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function endShard({ shard, shardEnd }: OpenShard): Promise<void> {
  await writeAll(shard, [Buffer.alloc(TAR_END_BYTES)], shardEnd);
  await shard.datasync();
}

/** A write may take less than it was given (a signal, a nearly full disk). */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  const wanted = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const { bytesWritten } = await file.writev(parts as Uint8Array[], position);
  if (bytesWritten === wanted) return;
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  for (let done = 0; done < rest.byteLength; ) done += (await file.write(rest, done, rest.byteLength - done, position + bytesWritten + done)).bytesWritten;
}
