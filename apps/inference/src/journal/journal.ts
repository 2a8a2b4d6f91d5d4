import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type Logger } from '@argus/kernel';
import { JournalFullError } from '../errors.js';
import { decodeEntry, encodeEntry, entryName, isEntryName, sequenceOf, type JournalMessage } from './journal-entry.js';

export interface JournalOptions {
  readonly directory: string;
  readonly bootId: string;
  readonly log: Logger;
  /** Bound of all waiting entries. All but events are refused from half of it on, so that events have room longer: footage stays on disk and is found there. */
  readonly maxBytes?: number;
  /** Wait before the disk is tried again. */
  readonly retryMs?: number;
}

interface Pending {
  readonly name: string;
  readonly text: string;
  readonly message: JournalMessage;
  readonly settle: PromiseWithResolvers<void>;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** Entries that wait in memory while the disk refuses them. */
const MAX_PENDING = 2000;
const WARN_EVERY_MS = 60_000;
const MOST_RECENT = 64;

/**
 * Events, tracks and what files of footage there are on disk until the gateway has committed them. One file an entry, written aside, fsynced, renamed, directory
 * fsynced: after a kill at any point an entry is either whole or absent. Entries that arrive together share the directory's fsync.
 */
export class Journal {
  readonly #entries: string[];
  readonly #sizes: Map<string, number>;
  readonly #options: Required<JournalOptions>;
  #bytes: number;
  #nextSequence: number;
  #pending: Pending[] = [];
  readonly #recent = new Map<string, JournalMessage>();
  #committing: Promise<void> | null = null;
  #lastWarnMs = -Infinity;
  #closed = false;
  /** Called after entries became durable. */
  onDurable: () => void = () => {};

  private constructor(options: JournalOptions, sizes: Map<string, number>) {
    this.#options = { maxBytes: DEFAULT_MAX_BYTES, retryMs: 1000, ...options };
    this.#sizes = sizes;
    this.#entries = [...sizes.keys()].sort();
    this.#bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    this.#nextSequence = sequenceOf(this.#entries.at(-1) ?? '000000000000') + 1;
  }

  /** Reads what earlier boots left; half-written files of a kill are removed, they were never promised to anybody. */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.directory, { recursive: true });
    const sizes = new Map<string, number>();
    for (const file of await readdir(options.directory)) {
      const path = join(options.directory, file);
      const name = file.replace(/\.json$/, '');
      if (file.endsWith('.tmp')) await rm(path, { force: true });
      else if (file.endsWith('.json') && isEntryName(name)) sizes.set(name, (await stat(path)).size);
    }
    return new Journal(options, sizes);
  }

  get count(): number {
    return this.#entries.length;
  }

  /** So much waits that what can be done without should be left out. */
  get isCrowded(): boolean {
    return this.#bytes > this.#options.maxBytes / 8;
  }

  /** Name of the oldest durable entry after `name` (null: from the start); null when there is none. */
  nextAfter(name: string | null): string | null {
    if (name === null) return this.#entries[0] ?? null;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as string) <= name) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low] ?? null;
  }

  /** Whether an entry was written by this process and not by an earlier boot. */
  isOfThisBoot(name: string): boolean {
    return name.endsWith(this.#options.bootId.slice(-8));
  }

  /** Resolves when the message is on disk. Rejects with JournalFullError when the bound is reached. */
  append(make: (entry: string) => JournalMessage): Promise<void> {
    const name = entryName(this.#nextSequence, this.#options.bootId);
    const message = make(name);
    const text = encodeEntry(message);
    const bound = message.type === 'event' ? this.#options.maxBytes : this.#options.maxBytes / 2;
    if (this.#closed || this.#bytes + Buffer.byteLength(text) > bound || this.#pending.length >= MAX_PENDING) {
      const problem = `journal of unsent events is full: ${this.#entries.length} entries, ${this.#bytes} bytes (limit ${bound}), ${this.#pending.length} not yet on disk; free disk space and check the gateway and its database`;
      this.#warn(problem, {});
      return Promise.reject(new JournalFullError(problem, { entries: this.#entries.length, bytes: this.#bytes }));
    }
    this.#nextSequence += 1;
    const settle = Promise.withResolvers<void>();
    this.#pending.push({ name, text, message, settle });
    this.#committing ??= this.#commitAll();
    return settle.promise;
  }

  /** The message of an entry; null (and the file set aside as `.bad`) when its content is damaged. */
  async read(name: string): Promise<JournalMessage | null> {
    const recent = this.#recent.get(name);
    if (recent) return recent;
    const path = this.#path(name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) {
      this.#forget(name);
      return null;
    }
    const decoded = decodeEntry(text);
    if (decoded.ok) return decoded.message;
    this.#options.log.error('a journal entry is damaged and was set aside', { entry: name, problem: decoded.problem });
    await rename(path, `${path}.bad`);
    this.#forget(name);
    return null;
  }

  /** Removes entries that the gateway has committed. Unknown names are fine: an ack may come twice. */
  async remove(names: readonly string[]): Promise<void> {
    const known = names.filter((name) => this.#sizes.has(name));
    for (const name of known) this.#forget(name);
    await Promise.all(known.map((name) => rm(this.#path(name), { force: true })));
  }

  /** Waits for what was appended; what the disk refuses now is given up with a warning. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#committing;
  }

  async #commitAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, 64);
      try {
        await this.#write(batch);
      } catch (error) {
        this.#warn(`events cannot be written to the journal and wait in memory: ${messageOf(error)}`, { waiting: this.#pending.length });
        if (this.#closed) break;
        await new Promise((resolve) => setTimeout(resolve, this.#options.retryMs));
        continue;
      }
      this.#pending.splice(0, batch.length);
      for (const { settle } of batch) settle.resolve();
      this.onDurable();
    }
    for (const { settle } of this.#pending.splice(0)) settle.reject(new JournalFullError('journal closed before the disk took the entry'));
    this.#committing = null;
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    await Promise.all(batch.map(({ name, text }) => this.#writeAside(name, text)));
    for (const { name } of batch) await rename(`${this.#path(name)}.tmp`, this.#path(name));
    await this.#syncDirectory();
    for (const { name, text, message } of batch) {
      const size = Buffer.byteLength(text);
      this.#entries.push(name);
      this.#keep(name, message);
      this.#sizes.set(name, size);
      this.#bytes += size;
    }
  }

  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#options.directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  /** The newest messages stay at hand: they are sent a moment later, and reading them back would cost an event four waits for the disk. */
  #keep(name: string, message: JournalMessage): void {
    this.#recent.set(name, message);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > MOST_RECENT && oldest !== undefined) this.#recent.delete(oldest);
  }

  async #writeAside(name: string, text: string): Promise<void> {
    const file = await open(`${this.#path(name)}.tmp`, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #forget(name: string): void {
    this.#recent.delete(name);
    this.#bytes -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
    // Acks come oldest first, so that this is nearly always index 0.
    const at = this.#entries.indexOf(name);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  #path(name: string): string {
    return join(this.#options.directory, `${name}.json`);
  }

  #warn(message: string, fields: Readonly<Record<string, unknown>>): void {
    const now = Date.now();
    if (now - this.#lastWarnMs < WARN_EVERY_MS) return;
    this.#lastWarnMs = now;
    this.#options.log.error(message, { directory: this.#options.directory, ...fields });
  }
}
