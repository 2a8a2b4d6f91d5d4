import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { messageOf } from '@argus/kernel';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import { DiskFile, piecesOf, stretchOf, type PackageFiles, type RandomFile } from './random-file.js';
import { ARCHIVE_LIMITS, requireSafePath, type ArchiveLimits } from './safe-path.js';

/** What is remembered of an entry. */
export interface StoredEntry {
  readonly offset: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly isStored: boolean;
}

/** `read` without a limit of the caller's: what a picture, a manifest or a list may be. */
const MOST_READ_BYTES = 2 ** 30;
const STORED = 0;
const DEFLATED = 8;

/** A zip as files. Its directory is read and judged when it is opened; HostileArchiveError names the entry that is not taken. */
export class ZipFiles implements PackageFiles {
  private constructor(
    private readonly name: string,
    private readonly file: RandomFile,
    private readonly zip: ZipFile,
    readonly entries: ReadonlyMap<string, StoredEntry>,
    private readonly closeFile: () => Promise<void>,
  ) {}

  static async open(path: string, limits: ArchiveLimits = ARCHIVE_LIMITS): Promise<ZipFiles> {
    const file = await DiskFile.open(path);
    try {
      return await ZipFiles.of(path, file, limits, () => file.close());
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** One that lies in another file. */
  static async of(name: string, file: RandomFile, limits: ArchiveLimits = ARCHIVE_LIMITS, closeFile = async () => {}): Promise<ZipFiles> {
    try {
      const zip = await fromRandomAccessReaderPromise(new BlockReader(file), file.bytes, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: false });
      if (zip.entryCount > limits.mostEntries) throw new HostileArchiveError(`${name}: expected ${limits.mostEntries} entries at most, it has ${zip.entryCount}`);
      return new ZipFiles(name, file, zip, await readDirectory(name, zip, file.bytes, limits), closeFile);
    } catch (error) {
      if (error instanceof DatasetFileError || error instanceof HostileArchiveError) throw error;
      const reason = messageOf(error);
      // yauzl names the entry in these.
      if (/relative path|absolute path|invalid characters in fileName/.test(reason)) throw new HostileArchiveError(`${name}: ${reason}`, {}, { cause: error });
      throw new DatasetFileError(`${name}: not a zip that can be read: ${reason}`, {}, { cause: error });
    }
  }

  /** What the archive says of itself behind its directory. */
  get comment(): string {
    return this.zip.comment;
  }

  async *files(): AsyncGenerator<{ readonly path: string; readonly bytes: number }> {
    for (const [path, { bytes }] of this.entries) yield { path, bytes };
  }

  async has(path: string): Promise<boolean> {
    return this.entries.has(path);
  }

  async read(path: string, mostBytes = MOST_READ_BYTES): Promise<Uint8Array> {
    const { bytes, isStored } = this.#entry(path);
    if (bytes > mostBytes) throw new DatasetFileError(`${this.name}: ${path}: expected ${mostBytes} bytes at most, it has ${bytes}`, { path });
    if (isStored) return (await this.openFile(path)).read(0, bytes);
    const pieces: Uint8Array[] = [];
    for await (const piece of this.stream(path)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** A packed file is unpacked into memory. */
  async openFile(path: string): Promise<RandomFile> {
    const { offset, bytes, isStored } = this.#entry(path);
    if (!isStored) {
      const content = await this.read(path);
      return { bytes, read: async (start, end) => content.subarray(start, end) };
    }
    return stretchOf(this.file, await this.#contentStart(offset, bytes, path), bytes, `${this.name}: ${path}`);
  }

  async *stream(path: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entry(path);
    if (entry.isStored) {
      yield* piecesOf(await this.openFile(path));
      return;
    }
    const start = await this.#contentStart(entry.offset, entry.packedBytes, path);
    const stream = Readable.from(piecesOf(stretchOf(this.file, start, entry.packedBytes, path))).pipe(createInflateRaw());
    let bytes = 0;
    try {
      for await (const piece of stream as AsyncIterable<Uint8Array>) {
        bytes += piece.byteLength;
        if (bytes > entry.bytes) throw new HostileArchiveError(`${this.name}: entry ${path}: expected ${entry.bytes} bytes, it unpacks to more`, { entry: path });
        yield piece;
      }
    } catch (error) {
      if (error instanceof HostileArchiveError) throw error;
      throw new DatasetFileError(`${this.name}: ${path}: cannot be unpacked: ${messageOf(error)}`, { path }, { cause: error });
    } finally {
      stream.destroy();
    }
    if (bytes !== entry.bytes) throw new HostileArchiveError(`${this.name}: entry ${path}: expected ${entry.bytes} bytes, it unpacks to ${bytes}`, { entry: path });
  }

  async close(): Promise<void> {
    await this.closeFile();
  }

  #entry(path: string): StoredEntry {
    const entry = this.entries.get(path);
    if (!entry) throw new DatasetFileError(`${this.name}: expected the file ${path}, it is not there`, { path });
    return entry;
  }

  async #contentStart(offset: number, packedBytes: number, path: string): Promise<number> {
    const header = Buffer.from(await this.file.read(offset, offset + 30));
    const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (header.readUInt32LE(0) !== 0x04034b50 || start + packedBytes > this.file.bytes) throw new DatasetFileError(`${this.name}: ${path}: expected its content at byte ${offset}; the archive is damaged`, { path });
    return start;
  }
}

async function readDirectory(name: string, zip: ZipFile, fileBytes: number, limits: ArchiveLimits): Promise<Map<string, StoredEntry>> {
  const entries = new Map<string, StoredEntry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName;
    const refuse = (expected: string): never => {
      throw new HostileArchiveError(`${name}: entry ${JSON.stringify(path.slice(0, 200))}: expected ${expected}`, { entry: path.slice(0, 200) });
    };
    requireSafePath(path.endsWith('/') ? path.slice(0, -1) : path, name);
    requirePlain(entry, refuse);
    if (path.endsWith('/')) continue;
    const wrong = wrongSizeOf(entry, fileBytes, limits);
    if (wrong) refuse(wrong);
    if (entries.has(path)) refuse('each name once');
    bytes += entry.uncompressedSize;
    if (bytes > limits.mostBytes) refuse(`${limits.mostBytes} bytes in all at most`);
    entries.set(path, { offset: entry.relativeOffsetOfLocalHeader, packedBytes: entry.compressedSize, bytes: entry.uncompressedSize, crc32: entry.crc32, isStored: entry.compressionMethod === STORED });
  }
  requireApart(name, entries);
  return entries;
}

/** Neither a link nor a device nor locked nor packed in a way that we do not unpack. */
function requirePlain(entry: Entry, refuse: (expected: string) => never): void {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  // Only Unix says so; others leave it empty.
  if (entry.versionMadeBy >> 8 === 3 && type !== 0 && type !== 0o100000 && type !== 0o040000) refuse(type === 0o120000 ? 'a file, not a link' : 'a file or a folder');
  if (entry.isEncrypted()) refuse('a file that is not encrypted');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) refuse(`a stored or deflated file, not method ${entry.compressionMethod}`);
}

function wrongSizeOf({ compressedSize, uncompressedSize, compressionMethod, relativeOffsetOfLocalHeader }: Entry, fileBytes: number, limits: ArchiveLimits): string | null {
  if (compressionMethod === STORED && compressedSize !== uncompressedSize) return `a stored file of one size, not of ${compressedSize} and ${uncompressedSize}`;
  if (relativeOffsetOfLocalHeader + 30 + compressedSize > fileBytes) return 'to lie within the archive';
  if (uncompressedSize > limits.mostFileBytes) return `${limits.mostFileBytes} bytes at most, not ${uncompressedSize}`;
  if (uncompressedSize > 2 ** 20 && uncompressedSize > limits.mostRatio * compressedSize) return `to unpack to ${limits.mostRatio} times its size at most, not ${Math.round(uncompressedSize / compressedSize)} times`;
  return null;
}

/** Entries that share their bytes: how a small file unpacks to a petabyte. */
function requireApart(name: string, entries: ReadonlyMap<string, StoredEntry>): void {
  const places = [...entries].sort(([, a], [, b]) => a.offset - b.offset);
  let end = 0;
  for (const [path, { offset, packedBytes }] of places) {
    if (offset < end) throw new HostileArchiveError(`${name}: entry ${JSON.stringify(path)}: expected bytes of its own, it shares them with another`, { entry: path });
    end = offset + 30 + packedBytes;
  }
}

const BLOCK_BYTES = 2 ** 18;

/** What yauzl reads the directory through: it asks for each entry twice, a few bytes each. Contents are read past it. */
class BlockReader extends RandomAccessReader {
  #block: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(private readonly file: RandomFile) {
    super();
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const at = position - this.#start;
    if (at >= 0 && at + length <= this.#block.byteLength) {
      buffer.set(this.#block.subarray(at, at + length), offset);
      // Not at once: yauzl would go on within this call, and the stack would grow with the directory.
      process.nextTick(callback, null);
      return;
    }
    const end = Math.min(this.file.bytes, position + Math.max(length, BLOCK_BYTES));
    this.file.read(position, end).then((block) => {
      if (block.byteLength < length) throw new Error('unexpected EOF');
      this.#block = block;
      this.#start = position;
      buffer.set(block.subarray(0, length), offset);
      callback(null);
    }).catch((error: unknown) => callback(error as Error));
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
