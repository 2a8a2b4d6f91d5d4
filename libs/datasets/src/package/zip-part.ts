import { rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { ArchiveChangedError } from '../errors.js';
import { syncFolder } from '../store/shard-writer.js';
import { aboutLineOf, aboutOf, contentStartOf, heldBytesOf, journalled, openToGoOn, partEntryEnd, partLineOf, type PartEntry } from './part-journal.js';
import { directoryEndOf, directoryRecordOf, localHeaderOf } from './zip-format.js';

export interface ZipPartOptions {
  /** What the archive is made of, to be gone on with after a crash where that is the same; left out: always begun anew. */
  readonly about?: string;
  /** After so many bytes or milliseconds, whichever is first, what was written is made durable: what a crash can take. */
  readonly flushBytes?: number;
  readonly flushMs?: number;
}

/** Bytes gathered before they are given to the disk. */
const GATHERED_BYTES = 4 * 2 ** 20;
const FLUSH = { bytes: 64 * 2 ** 20, ms: 2000 } as const;
const PIECE_BYTES = 2 ** 20;

export const journalOf = (path: string): string => `${path}.entries`;

/**
 * A zip under way that outlives its writer: a journal beside it names what is on the disk, each line written when its entry is. Whoever opens it again cuts both behind what
 * they agree about, and goes on. The journal is also where the directory is kept until the end: a million entries take no memory. One writer at a time: that is up to the caller.
 */
export class ZipPart {
  #end: number;
  #journalEnd: number;
  readonly #kept: ReturnType<typeof journalled>;
  #keptLeft: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #lines: string[] = [];
  #unflushedBytes = 0;
  #flushedMs = performance.now();

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly journal: FileHandle,
    private readonly options: ZipPartOptions,
    /** What was there: entries, where the last of them ends. */
    readonly kept: { readonly entries: number; readonly bytes: number },
    /** What was there was of no use, and why; null: nothing was, or it is gone on with. */
    readonly refusal: string | null,
    journalEnd: number,
    keptJournalEnd: number,
  ) {
    this.#end = kept.bytes;
    this.#journalEnd = journalEnd;
    this.#kept = journalled(journal, keptJournalEnd);
    this.#keptLeft = kept.entries;
  }

  static async open(path: string, options: ZipPartOptions = {}): Promise<ZipPart> {
    const file = await openToGoOn(path);
    const journal = await openToGoOn(journalOf(path));
    try {
      const { flushBytes = FLUSH.bytes, about } = options;
      const known = await aboutOf(journal);
      const isSame = about !== undefined && known === about;
      const found = isSame ? await recover(file, journal, flushBytes) : { entries: 0, bytes: 0, journalEnd: 0 };
      const refusal = isSame || about === undefined || (known === null && (await file.stat()).size === 0) ? null : known === null ? 'its journal cannot be read' : 'the set or what was asked for has changed';
      await cut(file, found.bytes);
      await cut(journal, found.journalEnd);
      const part = new ZipPart(path, file, journal, options, { entries: found.entries, bytes: found.bytes }, refusal, found.journalEnd, found.journalEnd);
      if (found.journalEnd === 0) await part.#begin();
      return part;
    } catch (error) {
      await file.close();
      await journal.close();
      throw error;
    }
  }

  /** Where the next entry begins. */
  get end(): number {
    return this.#end;
  }

  /** The next of the entries that were there when it was opened, in order; an open one is the last. null: all of them were named. @throws ArchiveChangedError where another one is in its place */
  async nextKept(path: string): Promise<PartEntry | null> {
    if (this.#keptLeft === 0) return null;
    this.#keptLeft -= 1;
    const { value } = await this.#kept.next();
    if (value?.entry.path !== path) throw new ArchiveChangedError(path, value?.entry.path ?? 'nothing');
    return value.entry;
  }

  /** Of the entries that were there, not all were named. */
  get hasKeptLeft(): boolean {
    return this.#keptLeft > 0;
  }

  /** All bytes that were there, to be digested. */
  async *keptBytes(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.kept.bytes; at += PIECE_BYTES) yield await bytesAt(this.file, at, Math.min(PIECE_BYTES, this.kept.bytes - at));
  }

  /** Resolves when there is room again; durable after `flushBytes` or `flushMs`, if then `told`. */
  async write(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#gathered.push(part);
      this.#gatheredBytes += part.byteLength;
      this.#end += part.byteLength;
      this.#unflushedBytes += part.byteLength;
    }
    if (this.#gatheredBytes >= GATHERED_BYTES) await this.#drain();
  }

  /** An entry is through, or so far: from now on it may become durable. */
  async told(entry: PartEntry): Promise<void> {
    this.#lines.push(partLineOf(entry));
    if (this.isDue) await this.flush();
  }

  get isDue(): boolean {
    const { flushBytes = FLUSH.bytes, flushMs = FLUSH.ms } = this.options;
    return this.#unflushedBytes >= flushBytes || performance.now() - this.#flushedMs >= flushMs;
  }

  /** Over bytes that were written. */
  async mend(bytes: Uint8Array, at: number): Promise<void> {
    await this.#drain();
    await writeAll(this.file, [bytes], at);
  }

  async flush(): Promise<void> {
    await this.#drain();
    await this.file.datasync();
    const lines = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    await writeAll(this.journal, [lines], this.#journalEnd);
    await this.journal.datasync();
    this.#journalEnd += lines.byteLength;
    this.#unflushedBytes = 0;
    this.#flushedMs = performance.now();
  }

  /** Writes the directory and the end record behind the last entry; `comment` is asked when all before it is given to the disk, of which `onBytes` is told. */
  async close(commentBytes = 0, comment: () => string = () => '', onBytes: (bytes: Uint8Array) => void = () => undefined): Promise<void> {
    await this.flush();
    const offset = this.#end;
    let entries = 0;
    const write = async (bytes: Buffer): Promise<void> => {
      onBytes(bytes);
      await this.write(bytes);
    };
    for await (const { entry } of journalled(this.journal, this.#journalEnd)) {
      entries += 1;
      await write(directoryRecordOf(entry));
    }
    await write(directoryEndOf({ entries, bytes: this.#end - offset, offset }, commentBytes));
    await this.write(Buffer.from(comment()));
    await this.#drain();
    await this.file.sync();
    await this.#release();
  }

  /** What is durable stays, to be gone on with. */
  async abandon(): Promise<void> {
    await this.#release().catch(() => undefined);
  }

  async #begin(): Promise<void> {
    await syncFolder(dirname(this.path));
    this.#lines.push(aboutLineOf(this.options.about ?? ''));
    await this.flush();
  }

  async #release(): Promise<void> {
    await this.file.close();
    await this.journal.close();
  }

  async #drain(): Promise<void> {
    const parts = this.#gathered;
    const at = this.#end - this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (parts.length > 0) await writeAll(this.file, parts, at);
  }
}

/** An archive has its name: its journal is of no use any more. */
export const removeJournal = (path: string): Promise<void> => rm(journalOf(path), { force: true });

interface Recovered {
  readonly entries: number;
  readonly bytes: number;
  readonly journalEnd: number;
}

/** The longest beginning that journal and archive agree about. The order of writing promises it; a disk that lies about flushing does not, so the newest is read, which it would have lost. */
async function recover(file: FileHandle, journal: FileHandle, newestBytes: number): Promise<Recovered> {
  const { size } = await file.stat();
  let to = (await journal.stat()).size;
  for (;;) {
    const found = await newestOf(journal, to, size, newestBytes);
    const bad = await firstBad(file, found.newest);
    if (bad === null) return found;
    to = bad;
  }
}

interface NewestLine {
  readonly entry: PartEntry;
  /** Where its line begins. */
  readonly start: number;
}

async function newestOf(journal: FileHandle, to: number, size: number, newestBytes: number): Promise<Recovered & { readonly newest: readonly NewestLine[] }> {
  let newest: NewestLine[] = [];
  let newestFrom = 0;
  let [entries, bytes] = [0, 0];
  let journalEnd = Buffer.byteLength(aboutLineOf((await aboutOf(journal)) ?? ''));
  for await (const { entry, end } of journalled(journal, to)) {
    if (partEntryEnd(entry) > size) break;
    newest.push({ entry, start: journalEnd });
    entries += 1;
    bytes = partEntryEnd(entry);
    journalEnd = end;
    while (newest.length - newestFrom > 1 && bytes - (newest[newestFrom] as NewestLine).entry.offset > newestBytes) newestFrom += 1;
    if (newestFrom > 1000) {
      newest = newest.slice(newestFrom);
      newestFrom = 0;
    }
  }
  return { entries, bytes, journalEnd, newest: newest.slice(newestFrom) };
}

/** Where the line of the first entry begins that is not what its line says; null: all are. */
async function firstBad(file: FileHandle, lines: readonly NewestLine[]): Promise<number | null> {
  for (const { entry, start } of lines) if (!(await isWhole(file, entry))) return start;
  return null;
}

async function isWhole(file: FileHandle, entry: PartEntry): Promise<boolean> {
  const start = contentStartOf(entry);
  const held = heldBytesOf(entry);
  if (!entry.isOpen && !(await bytesAt(file, entry.offset, start - entry.offset)).equals(localHeaderOf(entry, entry.isStream))) return false;
  let found = 0;
  for (let at = 0; at < held; at += PIECE_BYTES) found = crc32(await bytesAt(file, start + at, Math.min(PIECE_BYTES, held - at)), found);
  return found === entry.heldCrc32;
}

async function bytesAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const content = Buffer.alloc(bytes);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(content, done, bytes - done, at + done);
    if (bytesRead === 0) return content.subarray(0, done);
    done += bytesRead;
  }
  return content;
}

async function cut(file: FileHandle, end: number): Promise<void> {
  if ((await file.stat()).size === end) return;
  await file.truncate(end);
  await file.datasync();
}

/** A write may take less than it was given (a signal, a nearly full disk). */
export async function writeAll(file: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  const wanted = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (wanted === 0) return;
  const { bytesWritten } = await file.writev(parts as Uint8Array[], position);
  if (bytesWritten === wanted) return;
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  for (let done = 0; done < rest.byteLength; ) done += (await file.write(rest, done, rest.byteLength - done, position + bytesWritten + done)).bytesWritten;
}
