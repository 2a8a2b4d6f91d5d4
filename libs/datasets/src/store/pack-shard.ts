import { shardLineOf, type ShardEntry } from './shard-index.js';
import { TAR_BLOCK, TAR_END_BYTES, tarHeaderOf, tarPaddingOf } from './tar.js';

export interface PictureToPack {
  readonly sha256: string;
  /** Without dot. */
  readonly extension: string;
  readonly content: Uint8Array;
}

/** A whole shard with its index, as `ShardWriter` would have left them: put into a folder of shards, it is one of them. */
export interface PackedShard {
  readonly tar: Buffer;
  readonly index: Buffer;
  readonly entries: readonly ShardEntry[];
}

/** In memory: for some megabytes. */
export function packShard(pictures: readonly PictureToPack[]): PackedShard {
  const parts: Uint8Array[] = [];
  const entries: ShardEntry[] = [];
  let end = 0;
  for (const { sha256, extension, content } of pictures) {
    const bytes = content.byteLength;
    parts.push(tarHeaderOf(`${sha256}.${extension}`, bytes), content, Buffer.alloc(tarPaddingOf(bytes)));
    entries.push({ sha256, offset: end + TAR_BLOCK, bytes });
    end += TAR_BLOCK + bytes + tarPaddingOf(bytes);
  }
  return { tar: Buffer.concat([...parts, Buffer.alloc(TAR_END_BYTES)]), index: Buffer.from(entries.map(shardLineOf).join(''), 'latin1'), entries };
}

/** What a header in front of a picture calls it: digest and extension. */
export function packedNameOf(header: Uint8Array): { readonly sha256: string; readonly extension: string } | null {
  const [, sha256, extension] = /^([0-9a-f]{64})\.([A-Za-z0-9]{1,16})\0/.exec(Buffer.from(header.subarray(0, 100)).toString('latin1')) ?? [];
  return sha256 === undefined || extension === undefined ? null : { sha256, extension };
}
