import { crc32 } from 'node:zlib';
import { messageOf } from '@argus/kernel';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import type { Container, FilePlace } from '../file-tree.js';
import { type ArchiveLimits, ArchiveTally } from './archive-limits.js';
import { nameKey, requireEntryName } from './entry-name.js';
import { readWhole, requireSize } from './read-whole.js';

/** What of an entry is needed to read it; a whole Entry of yauzl takes five times the memory. */
interface Slot {
  readonly path: string;
  readonly relativeOffsetOfLocalHeader: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly compressionMethod: number;
  readonly crc32: number;
}

const FILE_KIND = 0o170000;
const KINDS: Readonly<Record<number, string>> = { 0o120000: 'a link', 0o020000: 'a device', 0o060000: 'a device', 0o010000: 'a pipe', 0o140000: 'a socket' };

/** A zip to read from; zip64 too. Its whole directory is looked through before the first file is given out. */
export class ZipTree implements Container {
  readonly #file: string;
  readonly #zip: ZipFile;
  readonly #slots: Map<string, Slot>;

  private constructor(file: string, zip: ZipFile, slots: Map<string, Slot>) {
    this.#file = file;
    this.#zip = zip;
    this.#slots = slots;
  }

  static async open(file: string, limits: Partial<ArchiveLimits> = {}): Promise<ZipTree> {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }).catch((cause) => {
      throw new DatasetFileError(`${file}: expected a zip archive: ${messageOf(cause)}`, { file }, { cause });
    });
    try {
      return new ZipTree(file, zip, await slotsOf(file, zip, limits));
    } catch (thrown) {
      zip.close();
      if (thrown instanceof HostileArchiveError) throw thrown;
      throw new DatasetFileError(`${file}: the directory of the zip cannot be read: ${messageOf(thrown)}`, { file }, { cause: thrown });
    }
  }

  async *files(): AsyncIterable<{ readonly path: string; readonly bytes: number }> {
    for (const slot of this.#slots.values()) yield { path: slot.path, bytes: slot.uncompressedSize };
  }

  async read(path: string, mostBytes?: number): Promise<Uint8Array> {
    requireSize(path, this.#slot(path).uncompressedSize, mostBytes);
    return readWhole(path, this.stream(path));
  }

  async *stream(path: string): AsyncIterable<Uint8Array> {
    const slot = this.#slot(path);
    let sum = 0;
    try {
      const content = await this.#zip.openReadStreamPromise({ ...slot, generalPurposeBitFlag: 0, isEncrypted: () => false, isCompressed: () => slot.compressionMethod === 8, canDecodeFileData: () => true } as unknown as Entry);
      for await (const chunk of content as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (cause) {
      throw new HostileArchiveError(`${this.#file}: the entry ${JSON.stringify(slot.path)} cannot be unpacked: ${messageOf(cause)}`, { container: this.#file, entry: slot.path }, { cause });
    }
    if (sum !== slot.crc32) throw new HostileArchiveError(`${this.#file}: the entry ${JSON.stringify(slot.path)} is damaged: its checksum is ${hex(sum)}, the directory says ${hex(slot.crc32)}`, { container: this.#file, entry: slot.path });
  }

  get name(): string {
    return this.#file;
  }

  async placeOf(path: string): Promise<FilePlace | null> {
    const slot = this.#slot(path);
    if (slot.compressionMethod !== 0) return null;
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(slot as unknown as Entry, { minimal: true }).catch((cause: unknown) => {
      throw new HostileArchiveError(`${this.#file}: the entry ${JSON.stringify(slot.path)} cannot be found: ${messageOf(cause)}`, { container: this.#file, entry: slot.path }, { cause });
    });
    return { file: this.#file, offset: fileDataStart, bytes: slot.compressedSize };
  }

  async has(path: string): Promise<boolean> {
    return this.#slots.has(nameKey(path));
  }

  async close(): Promise<void> {
    this.#zip.close();
  }

  #slot(path: string): Slot {
    const slot = this.#slots.get(nameKey(path));
    if (!slot) throw new DatasetFileError(`${path}: there is no such file in ${this.#file}`, { file: path });
    return slot;
  }
}

async function slotsOf(file: string, zip: ZipFile, limits: Partial<ArchiveLimits>): Promise<Map<string, Slot>> {
  const slots = new Map<string, Slot>();
  const tally = new ArchiveTally(file, limits);
  let packed = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const refuse = (what: string): never => {
      throw new HostileArchiveError(`${file}: the entry ${JSON.stringify(name)} ${what}`, { container: file, entry: name });
    };
    tally.add(name, entry.uncompressedSize, entry.compressedSize);
    const kind = KINDS[(entry.externalFileAttributes >>> 16) & FILE_KIND];
    if (kind) refuse(`is ${kind}; expected files and folders only`);
    if (name.endsWith('/')) {
      requireEntryName(name.slice(0, -1), file);
      continue;
    }
    const path = requireEntryName(name, file);
    if (entry.generalPurposeBitFlag & 1) refuse('is encrypted; expected an archive without a password');
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) refuse(`is packed by method ${entry.compressionMethod}; expected 0 (stored) or 8 (deflate)`);
    // Entries that share their bytes are how a small archive unpacks to petabytes.
    packed += entry.compressedSize;
    if (packed > zip.fileSize) refuse('overlaps another: together the entries are larger than the archive');
    if (slots.has(nameKey(path))) refuse('is there twice');
    const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod } = entry;
    slots.set(nameKey(path), { path, relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, crc32: entry.crc32 });
  }
  return slots;
}

/** UTF-8 where it is said or fits; else GB18030, as Windows writes it in China; else what the format prescribes. */
function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw;
  if (!(entry.generalPurposeBitFlag & 0x800) && raw.some((byte) => byte > 127)) {
    for (const encoding of ['utf-8', 'gb18030']) {
      try {
        return new TextDecoder(encoding, { fatal: true }).decode(raw);
      } catch {
        // The next one.
      }
    }
  }
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields ?? [], true);
}

const hex = (sum: number) => sum.toString(16).padStart(8, '0');
