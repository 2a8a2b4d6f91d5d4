import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@argus/kernel';
import { type Header, extract } from 'tar-stream';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import type { Container, FilePlace } from '../file-tree.js';
import { type ArchiveLimits, ArchiveTally } from './archive-limits.js';
import { nameKey, requireEntryName } from './entry-name.js';
import { requireSize } from './read-whole.js';
import { hasRoom, LOOK_EVERY_BYTES } from './room.js';

export interface TarOptions {
  readonly limits?: Partial<ArchiveLimits>;
  /** Each archive becomes a folder of its own, named after it; else they are laid over each other, and no name may be there twice. */
  readonly apart?: boolean;
  /** Where .tar.gz is unpacked to while it is open: gzip cannot be entered in the middle. */
  readonly spool?: string;
  /** Whether more may be unpacked to a folder; else the disk is asked. */
  readonly hasRoom?: (folder: string) => boolean;
}

interface Shard {
  /** Where it lies on the disk, maybe within another archive. */
  readonly file: string;
  /** As messages call it. */
  readonly told: string;
}

interface Slot {
  readonly path: string;
  readonly shard: number;
  /** In the file of its shard. */
  readonly offset: number;
  readonly bytes: number;
}

/** A tar that is gone through. */
interface Scan {
  readonly told: string;
  readonly place: Pick<FilePlace, 'file' | 'offset'>;
  readonly content: AsyncIterable<Uint8Array>;
  readonly prefix: string;
  readonly tally: ArchiveTally;
}

const READ_BYTES = 1024 * 1024;
const withoutEnding = (path: string): string => path.replace(/\.(tar|tar\.gz|tgz)$/i, '');

/** One tar or several that belong together, .tar or .tar.gz, to read from. All are gone through once before the first file is given out. */
export class TarTree implements Container {
  readonly #shards: Shard[] = [];
  readonly #slots = new Map<string, Slot>();
  readonly #options: TarOptions;
  #spool: string | null = null;
  #outer: Container | null = null;

  private constructor(options: TarOptions) {
    this.#options = options;
  }

  static async open(files: readonly string[], options: TarOptions = {}): Promise<TarTree> {
    const tree = new TarTree(options);
    try {
      for (const file of files) await tree.#add(file);
      return tree;
    } catch (thrown) {
      await tree.close();
      throw thrown;
    }
  }

  /**
   * Tars that lie in a zip or in another tar: read where they are, without being taken out; one that is packed there is put aside while the tree is open. Each becomes a folder of its own, named after it. They count
   * as one archive: more than one may hold they may not hold together. What lies in them stays closed, even if it is a tar. The outer archive is closed with the tree.
   */
  static async within(outer: Container, shards: readonly string[], options: TarOptions = {}): Promise<TarTree> {
    const tree = new TarTree(options);
    const tally = new ArchiveTally(outer.name, options.limits);
    try {
      for (const path of shards) await tree.#addOf(outer, path, tally);
      tree.#outer = outer;
      return tree;
    } catch (thrown) {
      await tree.close();
      throw thrown;
    }
  }

  get name(): string {
    return this.#shards.map(({ told }) => told).join(', ');
  }

  async *files(): AsyncIterable<{ readonly path: string; readonly bytes: number }> {
    for (const { path, bytes } of this.#slots.values()) yield { path, bytes };
  }

  async read(path: string, mostBytes?: number): Promise<Uint8Array> {
    const { shard, offset, bytes } = this.#slot(path);
    requireSize(path, bytes, mostBytes);
    const { file, told } = this.#shards[shard]!;
    const handle = await open(file);
    try {
      const content = Buffer.allocUnsafe(bytes);
      let done = 0;
      while (done < bytes) {
        const { bytesRead } = await handle.read(content, done, bytes - done, offset + done);
        if (bytesRead === 0) throw new DatasetFileError(`${path}: ${told} became shorter while it was read`, { file: path });
        done += bytesRead;
      }
      return content;
    } finally {
      await handle.close();
    }
  }

  async *stream(path: string): AsyncIterable<Uint8Array> {
    const { shard, offset, bytes } = this.#slot(path);
    if (bytes > 0) yield* createReadStream(this.#shards[shard]!.file, { start: offset, end: offset + bytes - 1, highWaterMark: 256 * 1024 });
  }

  async placeOf(path: string): Promise<FilePlace> {
    const { shard, offset, bytes } = this.#slot(path);
    return { file: this.#shards[shard]!.file, offset, bytes };
  }

  async has(path: string): Promise<boolean> {
    return this.#slots.has(nameKey(path));
  }

  async close(): Promise<void> {
    if (this.#spool) await rm(this.#spool, { recursive: true, force: true });
    this.#spool = null;
    await this.#outer?.close();
    this.#outer = null;
  }

  #slot(path: string): Slot {
    const slot = this.#slots.get(nameKey(path));
    if (!slot) throw new DatasetFileError(`${path}: there is no such file in ${this.#shards.map(({ told }) => basename(told)).join(', ')}`, { file: path });
    return slot;
  }

  async #add(file: string): Promise<void> {
    const source = (await isGzip(file)) ? await this.#unpack(file) : file;
    const prefix = this.#options.apart ? `${withoutEnding(basename(file))}/` : '';
    await this.#scan({ told: file, place: { file: source, offset: 0 }, content: createReadStream(source, { highWaterMark: READ_BYTES }), prefix, tally: new ArchiveTally(file, this.#options.limits) });
  }

  async #addOf(outer: Container, path: string, tally: ArchiveTally): Promise<void> {
    const told = `${outer.name}: ${path}`;
    const held = await outer.placeOf(path);
    const place = held ?? { file: await this.#putAside(outer, path, told), offset: 0 };
    // Read as an entry of the outer one, its checksum is looked at, too.
    const content = held ? outer.stream(path) : createReadStream(place.file, { highWaterMark: READ_BYTES });
    await this.#scan({ told, place, content, prefix: `${requireEntryName(withoutEnding(path), outer.name)}/`, tally });
  }

  async #scan({ told, place, content, prefix, tally }: Scan): Promise<void> {
    const shard = this.#shards.push({ file: place.file, told }) - 1;
    const entries = extract();
    entries.on('entry', (header: Header & { byteOffset?: number }, entry, next) => {
      // Told by the archive itself.
      entry.on('error', () => {}).on('end', next).resume();
      try {
        this.#take(told, { shard, from: place.offset, prefix }, header, tally);
      } catch (thrown) {
        entries.destroy(thrown as Error);
      }
    });
    await pipeline(content, entries).catch((thrown) => {
      if (thrown instanceof HostileArchiveError) throw thrown;
      throw new DatasetFileError(`${told}: expected a whole tar archive: ${messageOf(thrown)}`, { file: told }, { cause: thrown });
    });
  }

  #take(file: string, { shard, from, prefix }: { readonly shard: number; readonly from: number; readonly prefix: string }, header: Header & { byteOffset?: number }, tally: ArchiveTally): void {
    const refuse = (what: string): never => {
      throw new HostileArchiveError(`${file}: the entry ${JSON.stringify(header.name)} ${what}`, { container: file, entry: header.name });
    };
    const bytes = header.size ?? 0;
    tally.add(header.name, bytes, bytes);
    if (header.type === 'directory') {
      const name = header.name.replace(/\/+$/, '');
      if (name !== '' && name !== '.') requireEntryName(name, file);
      return;
    }
    if (header.type !== 'file' && header.type !== 'contiguous-file') refuse(`is a ${header.type ?? 'thing of unknown kind'}; expected files and folders only`);
    const path = prefix + requireEntryName(header.name, file);
    const twin = this.#slots.get(nameKey(path));
    if (twin) refuse(`is there twice${twin.shard === shard ? '' : `: in ${basename(this.#shards[twin.shard]!.told)} too`}`);
    this.#slots.set(nameKey(path), { path, shard, offset: from + header.byteOffset!, bytes });
  }

  #hasRoom(target: string): boolean {
    return (this.#options.hasRoom ?? hasRoom)(dirname(target));
  }

  async #unpack(file: string): Promise<string> {
    const target = await this.#aside();
    const source = createReadStream(file);
    const name = basename(file);
    // The packed size read so far is at least what made these bytes.
    const watch = this.#watch(name, target, 'send it as .tar or .zip, which are read as they are', (bytes) => new ArchiveTally(file, this.#options.limits).add(name, bytes, source.bytesRead));
    await pipeline(source, createGunzip(), watch, createWriteStream(target)).catch((thrown) => {
      if (thrown instanceof HostileArchiveError || thrown instanceof DatasetFileError) throw thrown;
      throw new DatasetFileError(`${file}: cannot be unpacked: ${messageOf(thrown)}`, { file }, { cause: thrown });
    });
    return target;
  }

  /** How much it is, and from how little, the outer archive has looked at. */
  async #putAside(outer: Container, path: string, told: string): Promise<string> {
    const target = await this.#aside();
    await pipeline(outer.stream(path), this.#watch(told, target, 'pack the tars without compressing them (zip -0): then they are read where they are'), createWriteStream(target));
    return target;
  }

  async #aside(): Promise<string> {
    this.#spool ??= await mkdtemp(join(this.#options.spool ?? tmpdir(), 'argus-tar-'));
    return join(this.#spool, `${this.#shards.length}.tar`);
  }

  /** Lets through what is put aside while there is room for it, and `look` does not throw. */
  #watch(name: string, target: string, instead: string, look: (bytes: number) => void = () => undefined): Transform {
    let [bytes, unseen] = [0, LOOK_EVERY_BYTES];
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.byteLength;
        unseen += chunk.byteLength;
        try {
          if (unseen >= LOOK_EVERY_BYTES && !this.#hasRoom(target)) throw new DatasetFileError(`${name}: there is no room on the disk to unpack it: ${(bytes / 1e9).toFixed(1)} GB were not all; ${instead}`, { file: name });
          if (unseen >= LOOK_EVERY_BYTES) unseen = 0;
          look(bytes);
          done(null, chunk);
        } catch (thrown) {
          done(thrown as Error);
        }
      },
    });
  }
}

async function isGzip(file: string): Promise<boolean> {
  if (!(await stat(file).catch(() => null))?.isFile()) throw new DatasetFileError(`${file}: there is no such file`, { file });
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
