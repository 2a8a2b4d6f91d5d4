import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { DiskFile, piecesOf } from './random-file.js';
import { directoryEndOf, directoryRecordOf, localHeaderOf, sealOf, SEAL_BYTES } from './zip-format.js';

/** Bytes gathered before they are given to the disk. */
const GATHERED_BYTES = 4 * 2 ** 20;

/**
 * Writes a zip of stored files, forwards only: the same files in the same order make the same bytes, and its comment holds the digest of
 * all that. (yazl looks through all entries for each one, which a million of them do not bear, and does not wait for the disk.)
 */
export class ZipWriter {
  readonly #seal = createHash('sha256');
  /** Records of the directory, joined in large pieces. */
  readonly #directory: Buffer[] = [];
  #records: Buffer[] = [];
  #entries = 0;
  #offset = 0;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'wx', 0o600));
  }

  /** Digest of the content. */
  async add(path: string, content: Uint8Array): Promise<string> {
    this.#record(path, content.byteLength, crc32(content));
    await this.#write(content);
    return createHash('sha256').update(content).digest('hex');
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
      this.#record(path, file.bytes, crc);
      for await (const piece of piecesOf(file)) await this.#write(piece);
      return { sha256: hash.digest('hex'), bytes: file.bytes };
    } finally {
      await file.close();
    }
  }

  /** Writes the directory and the seal, and flushes all to the disk. */
  async close(): Promise<void> {
    const offset = this.#offset;
    for (const part of [...this.#directory, ...this.#records]) await this.#write(part);
    const end = directoryEndOf({ entries: this.#entries, bytes: this.#offset - offset, offset }, SEAL_BYTES);
    await this.#write(end);
    await this.#drain();
    await this.#writeAll([Buffer.from(sealOf(this.#seal.digest('hex')))]);
    await this.file.sync();
    await this.file.close();
  }

  async abort(): Promise<void> {
    await this.file.close().catch(() => undefined);
  }

  #record(path: string, bytes: number, crc: number): void {
    this.#records.push(directoryRecordOf({ path, bytes, crc32: crc, offset: this.#offset }));
    this.#entries += 1;
    if (this.#records.length >= 10_000) {
      this.#directory.push(Buffer.concat(this.#records));
      this.#records = [];
    }
    this.#gather(localHeaderOf({ path, bytes, crc32: crc }));
  }

  #gather(part: Uint8Array): void {
    this.#gathered.push(part);
    this.#gatheredBytes += part.byteLength;
    this.#offset += part.byteLength;
  }

  async #write(part: Uint8Array): Promise<void> {
    this.#gather(part);
    if (this.#gatheredBytes >= GATHERED_BYTES) await this.#drain();
  }

  async #drain(): Promise<void> {
    const parts = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    for (const part of parts) this.#seal.update(part);
    await this.#writeAll(parts);
  }

  async #writeAll(parts: readonly Uint8Array[]): Promise<void> {
    const wanted = parts.reduce((sum, part) => sum + part.byteLength, 0);
    if (wanted === 0) return;
    const { bytesWritten } = await this.file.writev(parts as Uint8Array[]);
    if (bytesWritten < wanted) await this.file.writeFile(Buffer.concat(parts).subarray(bytesWritten));
  }
}
