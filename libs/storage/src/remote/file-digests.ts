import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** A file as S3 would name its content. */
export interface FileDigests {
  readonly size: number;
  readonly sha256: string;
  /** MD5 of the whole, or for several parts the MD5 of their MD5s and how many they are. */
  readonly etag: string;
}

/** Reads a file once, in pieces, or takes the bytes themselves; `part`: how many bytes go into one part of an upload. */
export async function digestsOf(source: string | Buffer, part: number): Promise<FileDigests> {
  const sha256 = createHash('sha256');
  const parts: Buffer[] = [];
  let [md5, filled, size] = [createHash('md5'), 0, 0];
  for await (const piece of typeof source === 'string' ? (createReadStream(source, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) : [source]) {
    sha256.update(piece);
    size += piece.length;
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + part - filled);
      md5.update(taken);
      at += taken.length;
      filled += taken.length;
      if (filled < part) continue;
      parts.push(md5.digest());
      [md5, filled] = [createHash('md5'), 0];
    }
  }
  if (filled > 0 || parts.length === 0) parts.push(md5.digest());
  const [only] = parts;
  const etag = parts.length === 1 && only ? only.toString('hex') : `${createHash('md5').update(Buffer.concat(parts)).digest('hex')}-${parts.length}`;
  return { size, sha256: sha256.digest('hex'), etag };
}
