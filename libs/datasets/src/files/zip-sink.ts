import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, createDeflateRaw, deflateRaw } from 'node:zlib';
import { ArchiveChangedError, DatasetFileError } from '../errors.js';
import { fetched, piecesOfContent, type FileContent, type FileSink, type LateBytes } from '../file-tree.js';
import type { PartEntry } from '../package/part-journal.js';
import { localHeaderOf } from '../package/zip-format.js';
import { journalOf, removeJournal, ZipPart, type ZipPartOptions } from '../package/zip-part.js';
import { nameKey, requireEntryName } from './entry-name.js';
import { NameSet } from './name-set.js';

/** What is packed already, and gets no smaller. */
const STORED = /\.(jpe?g|png|webp|zip|tar|gz|parquet|onnx)$/i;
/** Below that, deflate makes it longer. */
const LEAST_PACKED_BYTES = 64;
const deflated = promisify(deflateRaw);

/**
 * Writes a zip, piece by piece: pictures stored, text deflated, zip64 where it is needed. The file has its name when `close` is done. The same content gives the same archive, whenever and
 * wherever it is written. With `about` it goes on where one of before was killed: what is in the archive already is passed over.
 */
export class ZipSink implements FileSink {
  readonly #names = new NameSet();

  private constructor(
    private readonly file: string,
    private readonly part: ZipPart,
  ) {}

  static async open(file: string, options: ZipPartOptions = {}): Promise<ZipSink> {
    return new ZipSink(file, await ZipPart.open(partOf(file), options));
  }

  /** What was in it when it was opened. */
  get kept(): ZipPart['kept'] {
    return this.part.kept;
  }

  /** Why what was there was begun anew; null: it was not. */
  get refusal(): string | null {
    return this.part.refusal;
  }

  /** @throws ArchiveChangedError where something else is in its place already */
  async write(name: string, content: FileContent): Promise<void> {
    const path = requireEntryName(name, this.file);
    if (!this.#names.add(nameKey(path))) throw new DatasetFileError(`${this.file}: ${path} is written twice`, { file: path });
    const known = await this.part.nextKept(path);
    if (known && !known.isOpen) return passOver(known, content);
    if (!known && (content instanceof Uint8Array || typeof content === 'function')) return this.#whole(path, content instanceof Uint8Array ? content : await content());
    if (content instanceof Uint8Array || typeof content === 'function') throw new ArchiveChangedError(path, `${path} as a stream`);
    return STORED.test(path) ? this.#stored(path, content, known) : this.#packed(path, content);
  }

  /** All of it is on the disk, still without its name: `partOf(file)`, with its journal. */
  async finish(): Promise<void> {
    if (this.part.hasKeptLeft) throw new ArchiveChangedError('nothing more', 'more files');
    await this.part.close();
  }

  async close(): Promise<void> {
    await this.finish();
    await rename(partOf(this.file), this.file);
    await removeJournal(partOf(this.file));
  }

  /** What is durable stays, to be gone on with. */
  abandon(): Promise<void> {
    return this.part.abandon();
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.part.abandon();
    await rm(partOf(this.file), { force: true });
    await rm(journalOf(partOf(this.file)), { force: true });
  }

  async #whole(path: string, content: Uint8Array): Promise<void> {
    const isPacked = !STORED.test(path) && content.byteLength >= LEAST_PACKED_BYTES;
    const held = isPacked ? await deflated(content) : content;
    const crc = crc32(content);
    const entry: PartEntry = { path, bytes: content.byteLength, ...(isPacked ? { packedBytes: held.byteLength } : {}), crc32: crc, offset: this.part.end, isStream: false, heldCrc32: isPacked ? crc32(held) : crc, isOpen: false, sha256: null };
    await this.part.write(localHeaderOf(entry), held);
    await this.part.told(entry);
  }

  /** Of one that was begun the bytes that are there are passed over, without being fetched. */
  async #stored(path: string, content: AsyncIterable<Uint8Array | LateBytes>, known: PartEntry | null): Promise<void> {
    const offset = known?.offset ?? this.part.end;
    let [bytes, crc, left] = [known?.bytes ?? 0, known?.crc32 ?? 0, known?.bytes ?? 0];
    const entry = (isOpen: boolean): PartEntry => ({ path, bytes, crc32: crc, offset, isStream: true, heldCrc32: crc, isOpen, sha256: null });
    if (!known) await this.part.write(localHeaderOf(entry(true), true));
    for await (const piece of content) {
      const size = piece instanceof Uint8Array ? piece.byteLength : piece.bytes;
      if (size <= left) {
        left -= size;
        continue;
      }
      const rest = (piece instanceof Uint8Array ? piece : await fetched(piece)).subarray(left);
      left = 0;
      bytes += rest.byteLength;
      crc = crc32(rest, crc);
      await this.part.write(rest);
      if (this.part.isDue) await this.part.told(entry(true));
    }
    if (left > 0) throw new ArchiveChangedError(path, `a longer ${path}`);
    await this.#end(entry(false));
  }

  async #packed(path: string, content: AsyncIterable<Uint8Array | LateBytes>): Promise<void> {
    const offset = this.part.end;
    let [bytes, crc, packedBytes, heldCrc32] = [0, 0, 0, 0];
    await this.part.write(localHeaderOf({ path, bytes, packedBytes, crc32: crc }, true));
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of piecesOfContent(content)) {
        bytes += piece.byteLength;
        crc = crc32(piece, crc);
        yield piece;
      }
    };
    const source = Readable.from(counted(), { objectMode: true, highWaterMark: 1 });
    const packed = createDeflateRaw();
    source.on('error', (thrown) => packed.destroy(thrown));
    for await (const piece of source.pipe(packed) as AsyncIterable<Buffer>) {
      packedBytes += piece.byteLength;
      heldCrc32 = crc32(piece, heldCrc32);
      await this.part.write(piece);
      // Nobody can go on in the middle of it, but a disk that is full is known early.
      if (this.part.isDue) await this.part.flush();
    }
    await this.#end({ path, bytes, packedBytes, crc32: crc, offset, isStream: true, heldCrc32, isOpen: false, sha256: null });
  }

  /** What was not known when its header was written. */
  async #end(entry: PartEntry): Promise<void> {
    await this.part.mend(localHeaderOf(entry, true), entry.offset);
    await this.part.told(entry);
  }
}

export const partOf = (file: string): string => `${file}.part`;

/** Counts what is made on the way, as whoever makes it expects. Pictures are not read. */
async function passOver(known: PartEntry, content: FileContent): Promise<void> {
  if (typeof content === 'function') return;
  let bytes = 0;
  let crc: number | null = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    bytes += piece instanceof Uint8Array ? piece.byteLength : piece.bytes;
    crc = piece instanceof Uint8Array && crc !== null ? crc32(piece, crc) : null;
  }
  if (bytes !== known.bytes || (crc !== null && crc !== known.crc32)) throw new ArchiveChangedError(known.path, `${known.path} of other content`);
}
