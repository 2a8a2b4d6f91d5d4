import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ArchiveChangedError } from '../errors.js';
import type { PartEntry } from './part-journal.js';
import { DiskFile, piecesOf } from './random-file.js';
import { localHeaderOf, sealOf, SEAL_BYTES } from './zip-format.js';
import { ZipPart, type ZipPartOptions } from './zip-part.js';

/**
 * Writes a zip of stored files, forwards only: the same files in the same order make the same bytes, and its comment holds the digest of all that. With `about` it goes on
 * where one of before was killed: what is in the archive already is named again, and neither read nor written.
 */
export class ZipWriter {
  readonly #seal = createHash('sha256');

  private constructor(private readonly part: ZipPart) {}

  /** Over nothing: what is there is gone on with, or cut off. */
  static async create(path: string, options: ZipPartOptions = {}): Promise<ZipWriter> {
    const part = await ZipPart.open(path, options);
    const writer = new ZipWriter(part);
    try {
      for await (const bytes of part.keptBytes()) writer.#seal.update(bytes);
      return writer;
    } catch (error) {
      await part.abandon();
      throw error;
    }
  }

  get kept(): ZipPart['kept'] {
    return this.part.kept;
  }

  get refusal(): string | null {
    return this.part.refusal;
  }

  /** Digest of the content, which is only asked for where it is not in the archive yet. */
  async add(path: string, content: Uint8Array | (() => Promise<Uint8Array>)): Promise<string> {
    const known = await this.part.nextKept(path);
    if (known && typeof content === 'function' && known.sha256) return known.sha256;
    const bytes = typeof content === 'function' ? await content() : content;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (known) return sameOrThrow(known, sha256);
    await this.#write(path, sha256, { bytes: bytes.byteLength, crc32: crc32(bytes) }, [bytes]);
    return sha256;
  }

  /** Digest of the content; the file is read twice, because its header comes first. */
  async addFile(path: string, source: string): Promise<{ sha256: string; bytes: number }> {
    const file = await DiskFile.open(source);
    try {
      const hash = createHash('sha256');
      let crc = 0;
      for await (const piece of piecesOf(file)) {
        hash.update(piece);
        crc = crc32(piece, crc);
      }
      const sha256 = hash.digest('hex');
      const known = await this.part.nextKept(path);
      if (known) sameOrThrow(known, sha256);
      else await this.#write(path, sha256, { bytes: file.bytes, crc32: crc }, piecesOf(file));
      return { sha256, bytes: file.bytes };
    } finally {
      await file.close();
    }
  }

  /** Writes the directory and the seal, and flushes all to the disk. Its journal stays beside it. */
  async close(): Promise<void> {
    await this.part.close(SEAL_BYTES, () => sealOf(this.#seal.digest('hex')), (bytes) => this.#seal.update(bytes));
  }

  async abort(): Promise<void> {
    await this.part.abandon();
  }

  async #write(path: string, sha256: string, { bytes, crc32: crc }: { readonly bytes: number; readonly crc32: number }, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    const entry: PartEntry = { path, bytes, crc32: crc, offset: this.part.end, isStream: false, heldCrc32: crc, isOpen: false, sha256 };
    await this.#put(localHeaderOf(entry));
    for await (const piece of content) await this.#put(piece);
    await this.part.told(entry);
  }

  async #put(bytes: Uint8Array): Promise<void> {
    this.#seal.update(bytes);
    await this.part.write(bytes);
  }
}

function sameOrThrow({ path, sha256 }: PartEntry, found: string): string {
  if (sha256 !== found) throw new ArchiveChangedError(path, `${path} of other content`);
  return found;
}
