/** What a zip says of one of its files. Pictures and tables are packed already and stored as they are. */
export interface ZipEntry {
  readonly path: string;
  readonly bytes: number;
  readonly crc32: number;
  /** Deflated, to so many bytes; undefined: stored. */
  readonly packedBytes?: number;
  /** Of the header before its content. */
  readonly offset: number;
}

const MANY = 0xffff;
const LARGE = 0xffffffff;
/** 1980-01-01 00:00: no time of ours, so that the same content makes the same archive. */
const DOS_DATE = 0x0021;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const PLAIN = 20;
const ZIP64 = 45;

/** The header that goes before a file's content. `isStream`: with room for any length, of what is told when it is through. */
export function localHeaderOf({ path, bytes, packedBytes, crc32 }: Omit<ZipEntry, 'offset'>, isStream = false): Buffer {
  const name = Buffer.from(path);
  const isLarge = isStream || bytes >= LARGE || (packedBytes ?? 0) >= LARGE;
  const extra = isLarge ? zip64Extra([bytes, packedBytes ?? bytes]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isLarge ? ZIP64 : PLAIN, 4);
  writeCommon(header, 6, { bytes: isLarge ? LARGE : bytes, packedBytes: packedBytes !== undefined && isLarge ? LARGE : packedBytes, crc32 }, name.length, extra.length);
  return Buffer.concat([header, name, extra]);
}

/** Its line in the directory at the end. */
export function directoryRecordOf({ path, bytes, packedBytes, crc32, offset }: ZipEntry): Buffer {
  const name = Buffer.from(path);
  const large = [bytes, packedBytes ?? bytes, offset].filter((value) => value >= LARGE);
  const extra = large.length > 0 ? zip64Extra(large) : Buffer.alloc(0);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE((3 << 8) | ZIP64, 4);
  record.writeUInt16LE(large.length > 0 ? ZIP64 : PLAIN, 6);
  writeCommon(record, 8, { bytes, packedBytes, crc32 }, name.length, extra.length);
  // A plain file that its owner may write and everybody read.
  record.writeUInt32LE((0o100644 << 16) >>> 0, 38);
  record.writeUInt32LE(Math.min(offset, LARGE), 42);
  return Buffer.concat([record, name, extra]);
}

export interface DirectoryPlace {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/** End of the directory without its comment; the comment follows. */
export function directoryEndOf({ entries, bytes, offset }: DirectoryPlace, commentBytes: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MANY), 8);
  end.writeUInt16LE(Math.min(entries, MANY), 10);
  end.writeUInt32LE(Math.min(bytes, LARGE), 12);
  end.writeUInt32LE(Math.min(offset, LARGE), 16);
  end.writeUInt16LE(commentBytes, 20);
  if (entries < MANY && bytes < LARGE && offset < LARGE) return end;
  const large = Buffer.alloc(56 + 20);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE((3 << 8) | ZIP64, 12);
  large.writeUInt16LE(ZIP64, 14);
  large.writeBigUInt64LE(BigInt(entries), 24);
  large.writeBigUInt64LE(BigInt(entries), 32);
  large.writeBigUInt64LE(BigInt(bytes), 40);
  large.writeBigUInt64LE(BigInt(offset), 48);
  large.writeUInt32LE(0x07064b50, 56);
  large.writeBigUInt64LE(BigInt(offset + bytes), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}

/** The comment of a sealed package: digest of every byte before the end record and the comment. */
export const sealOf = (sha256: string): string => `argus sealed sha256:${sha256}`;
export const SEAL = /^argus sealed sha256:([0-9a-f]{64})$/;
export const SEAL_BYTES = sealOf('0'.repeat(64)).length;

function writeCommon(header: Buffer, at: number, { bytes, packedBytes, crc32 }: Pick<ZipEntry, 'bytes' | 'crc32'> & { readonly packedBytes: number | undefined }, nameBytes: number, extraBytes: number): void {
  header.writeUInt16LE(UTF8_NAMES, at);
  header.writeUInt16LE(packedBytes === undefined ? 0 : DEFLATED, at + 2);
  header.writeUInt16LE(DOS_DATE, at + 6);
  header.writeUInt32LE(crc32, at + 8);
  header.writeUInt32LE(Math.min(packedBytes ?? bytes, LARGE), at + 12);
  header.writeUInt32LE(Math.min(bytes, LARGE), at + 16);
  header.writeUInt16LE(nameBytes, at + 20);
  header.writeUInt16LE(extraBytes, at + 22);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [at, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * at);
  return extra;
}
