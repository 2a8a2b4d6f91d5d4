import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessLock } from '@argus/kernel';
import { ShardLockedError } from '../errors.js';
import { readShardIndex, type ShardEntry } from './shard-index.js';
import { lockPathOf, lockShards } from './shard-lock.js';
import { ShardReader } from './shard-reader.js';
import { shardFilesOf, shardNumbersOf, ShardWriter, syncFolder } from './shard-writer.js';
import { ownersOf, shardNameOf, StoreIndex } from './store-index.js';
import { TAR_BLOCK, TAR_END_BYTES, tarPaddingOf } from './tar.js';

export interface CollectOptions {
  /** Shards that were touched within this time stay: what was put and is not referred to yet. */
  readonly graceMs?: number;
  /** A shard of whose bytes more than this share is dead is written anew with the rest. */
  readonly repackAbove?: number;
  readonly nowMs?: number;
}

interface CollectHere extends CollectOptions {
  /** Owners that this process writes for, with the number of the open shard. */
  readonly writtenHere: ReadonlyMap<string, number>;
}

export interface Collected {
  /** Shards that were removed. */
  readonly shards: number;
  /** Pictures and bytes that are gone; those that only moved are not counted. */
  readonly pictures: number;
  readonly bytes: number;
  /** Folders that another process was writing to. */
  readonly busy: readonly string[];
}

/** Where the living of mostly dead shards go. */
export const PACKED_OWNER = 'packed';
const DAY_MS = 86_400_000;

/**
 * Mark and sweep over all shards below a folder. It may be killed at any time: the next one goes on. One at a time
 * (ShardLockedError).
 */
export async function collectShards(root: string, referenced: AsyncIterable<string> | Iterable<string>, options: CollectHere): Promise<Collected> {
  for (const owner of await ownersOf(root)) await putBack(join(root, owner));
  const packed = await ShardWriter.open({ root, owner: PACKED_OWNER });
  const reader = new ShardReader(root, 4);
  const sum = { shards: 0, pictures: 0, bytes: 0, busy: [] as string[] };
  try {
    const index = new StoreIndex(root);
    await index.refresh();
    const wanted = await index.mark(referenced);
    const openNumbers = new Map([...options.writtenHere, [PACKED_OWNER, packed.number]]);
    const isLive = (sha256: string, shard: string) => wanted.has(sha256) && index.find(sha256)?.shard === shard;
    for (const owner of await ownersOf(root)) {
      const folder = join(root, owner);
      const lock = openNumbers.has(owner) ? null : await lockOrNull(folder, options);
      if (!lock && !openNumbers.has(owner)) {
        sum.busy.push(owner);
        continue;
      }
      try {
        const numbers = await shardNumbersOf(folder);
        const closed = numbers.filter((number) => number < (openNumbers.get(owner) ?? Infinity));
        for (const number of closed) {
          const swept = await sweepShard({ root, owner, number, isNewest: number === numbers.at(-1), options, isLive, packed, reader });
          if (!swept) continue;
          sum.shards += 1;
          sum.pictures += swept.pictures;
          sum.bytes += swept.bytes;
        }
      } finally {
        lock?.release();
      }
    }
    return sum;
  } finally {
    await reader.close();
    await packed.close();
  }
}

/** null: it is written to. A lock whose holder shows itself counts as held, even where this machine does not know the process: it may be one of another machine or container. */
async function lockOrNull(folder: string, options: CollectOptions): Promise<ProcessLock | null> {
  if (await isYoung(lockPathOf(folder), options)) return null;
  try {
    return lockShards(folder);
  } catch (error) {
    if (error instanceof ShardLockedError) return null;
    throw error;
  }
}

interface Sweep {
  readonly root: string;
  readonly owner: string;
  readonly number: number;
  /** Of its folder: the number is not to be used again, because others remember what was in it. */
  readonly isNewest: boolean;
  readonly options: CollectOptions;
  /** Somebody refers to it, and this is the shard it is read from (it may lie in another one too). */
  readonly isLive: (sha256: string, shard: string) => boolean;
  readonly packed: ShardWriter;
  readonly reader: ShardReader;
}

/** What was freed; null: the shard stays. */
async function sweepShard({ root, owner, number, isNewest, options, isLive, packed, reader }: Sweep): Promise<{ pictures: number; bytes: number } | null> {
  const { repackAbove = 0.5 } = options;
  const folder = join(root, owner);
  const files = shardFilesOf(folder, number);
  const name = shardNameOf(owner, number);
  // Asked after the marks were set: whoever put a picture again in the meantime has touched its shard.
  if (await isYoung(files.shard, options)) return null;
  const found = await stat(files.shard).catch(orNull);
  const entries = (await readShardIndex(files.index).catch(orNull))?.entries ?? [];
  // It keeps the number of what was removed.
  if (!found && isNewest) return null;
  const size = found?.size ?? 0;
  const kept = entries.filter(({ sha256 }) => isLive(sha256, name));
  const keptBytes = kept.reduce((sum, entry) => sum + spaceOf(entry), 0);
  if (kept.length > 0 && size - TAR_END_BYTES - keptBytes <= repackAbove * size) return null;
  for (const entry of kept) await packed.append(await reader.read({ ...entry, shard: name }), await extensionOf(files.shard, entry));
  await packed.commit();
  if (isNewest) await writeFile(shardFilesOf(folder, number + 1).index, '', { flag: 'a', mode: 0o600 });
  // Out of reach, and asked a last time: who would touch it from here on sees that it is gone, and puts the picture anew.
  await rename(files.index, gone(files.index)).catch(orNull);
  await rename(files.shard, gone(files.shard)).catch(orNull);
  if (await isYoung(gone(files.shard), options)) {
    await putBack(folder);
    return null;
  }
  // The index first: an archive without one is nothing, an index without its archive would be a promise.
  await rm(gone(files.index), { force: true });
  await syncFolder(folder);
  await rm(gone(files.shard), { force: true });
  return { pictures: entries.length - kept.length, bytes: size - keptBytes };
}

const GONE = '.gone';
const gone = (path: string): string => `${path}${GONE}`;

async function isYoung(path: string, { graceMs = DAY_MS, nowMs = Date.now() }: CollectOptions): Promise<boolean> {
  return nowMs - ((await stat(path).catch(orNull))?.mtimeMs ?? 0) < graceMs;
}

/** What a collection was about to remove when it was killed, or when somebody wanted it again. The archive first: an index promises it. */
async function putBack(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(GONE)).sort((a, b) => Number(b.includes('.tar')) - Number(a.includes('.tar')));
  for (const name of names) await rename(join(folder, name), join(folder, name.slice(0, -GONE.length))).catch(orNull);
}

const spaceOf = ({ bytes }: ShardEntry): number => TAR_BLOCK + bytes + tarPaddingOf(bytes);

/** As the archive calls it. */
async function extensionOf(shard: string, { offset }: ShardEntry): Promise<string> {
  await using file = await open(shard, 'r');
  const name = Buffer.alloc(100);
  await file.read(name, 0, 100, offset - TAR_BLOCK);
  return /\.([A-Za-z0-9]{1,16})\0/.exec(name.toString('latin1'))?.[1] ?? 'bin';
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
