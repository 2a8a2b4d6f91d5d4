import { open } from 'node:fs/promises';
import { TAR_BLOCK, tarPaddingOf } from './tar.js';

/** Where a picture's bytes lie: in which shard (`owner/number`), from which byte on, how many. */
export interface SampleLocation {
  readonly sha256: string;
  readonly shard: string;
  readonly offset: number;
  readonly bytes: number;
}

/** What a line of `<n>.idx.jsonl` says. */
export type ShardEntry = Omit<SampleLocation, 'shard'>;

export const shardLineOf = ({ sha256, offset, bytes }: ShardEntry): string => `{"sha256":"${sha256}","offset":${offset},"bytes":${bytes}}\n`;

const LINE = /^\{"sha256":"([0-9a-f]{64})","offset":(\d{1,15}),"bytes":(\d{1,15})\}$/;

/** First byte behind an entry and its padding. */
export const shardEndOf = ({ offset, bytes }: ShardEntry): number => offset + bytes + tarPaddingOf(bytes);

export interface ShardIndexPart {
  readonly entries: readonly ShardEntry[];
  /** End of the last whole line that was read: where to go on. */
  readonly indexEnd: number;
  /** End of the last entry in the shard. */
  readonly shardEnd: number;
  /** It ends before the place where reading was to go on: a crash of its writer took some of what was read before. */
  readonly wasCut: boolean;
}

/**
 * Reads an index from a place on, up to the last line that is whole and follows the one before it without a gap.
 * What comes behind (a torn line, one of another shard) is not read: it is as if it had not been written.
 */
export async function readShardIndex(path: string, from: Pick<ShardIndexPart, 'indexEnd' | 'shardEnd'> = { indexEnd: 0, shardEnd: 0 }): Promise<ShardIndexPart> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const text = Buffer.alloc(Math.max(0, size - from.indexEnd));
    const { bytesRead } = await file.read(text, 0, text.length, from.indexEnd);
    const entries: ShardEntry[] = [];
    let { indexEnd, shardEnd } = from;
    for (const line of text.toString('latin1', 0, bytesRead).split('\n').slice(0, -1)) {
      const [, sha256, offset, bytes] = LINE.exec(line) ?? [];
      if (sha256 === undefined || Number(offset) !== shardEnd + TAR_BLOCK) break;
      const entry = { sha256, offset: Number(offset), bytes: Number(bytes) };
      entries.push(entry);
      indexEnd += line.length + 1;
      shardEnd = shardEndOf(entry);
    }
    return { entries, indexEnd, shardEnd, wasCut: size < from.indexEnd };
  } finally {
    await file.close();
  }
}
