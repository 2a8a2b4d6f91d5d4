import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { readShardIndex, shardEndOf, type ShardEntry } from './shard-index.js';

export interface RecoveredShard {
  readonly entries: readonly ShardEntry[];
  /** Where the next entry begins. */
  readonly shardEnd: number;
  readonly indexEnd: number;
  /** What was written and not told: it is written again by whoever had not been told that it is durable. */
  readonly droppedBytes: number;
}

/**
 * Makes a shard and its index agree after a crash: the index up to its last whole line whose entry is in the shard, the shard up to the
 * end of that entry. Only the holder of the folder's lock may call it. Needs nothing to be there but the names.
 */
export async function recoverShard(shardPath: string, indexPath: string): Promise<RecoveredShard> {
  await using shard = await openToCut(shardPath);
  await using index = await openToCut(indexPath);
  const { size } = await shard.stat();
  const read = await readShardIndex(indexPath);
  const entries = [...read.entries];
  let { indexEnd } = read;
  const drop = (entry: ShardEntry) => {
    entries.pop();
    indexEnd -= lineBytesOf(entry);
  };
  for (let last = entries.at(-1); last && shardEndOf(last) > size; last = entries.at(-1)) drop(last);
  // The order of writing promises it; a disk that lies about flushing does not. The newest is what it would have lost.
  for (let last = entries.at(-1); last && !(await isWhole(shard, last)); last = entries.at(-1)) drop(last);
  const last = entries.at(-1);
  const shardEnd = last ? shardEndOf(last) : 0;
  await cut(shard, shardEnd);
  await cut(index, indexEnd);
  return { entries, shardEnd, indexEnd, droppedBytes: size - shardEnd };
}

const lineBytesOf = ({ offset, bytes }: ShardEntry): number => 64 + '{"sha256":"","offset":,"bytes":}\n'.length + String(offset).length + String(bytes).length;

async function openToCut(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return open(path, 'w+', 0o600);
    throw error;
  });
}

async function isWhole(shard: FileHandle, { sha256, offset, bytes }: ShardEntry): Promise<boolean> {
  const content = Buffer.alloc(bytes);
  const { bytesRead } = await shard.read(content, 0, bytes, offset);
  return bytesRead === bytes && createHash('sha256').update(content).digest('hex') === sha256;
}

async function cut(file: FileHandle, end: number): Promise<void> {
  if ((await file.stat()).size === end) return;
  await file.truncate(end);
  await file.datasync();
}
