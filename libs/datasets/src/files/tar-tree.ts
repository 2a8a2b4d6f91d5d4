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
import type { FileTree } from '../file-tree.js';
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

interface Slot {
  readonly path: string;
  readonly shard: number;
  readonly offset: number;
  readonly bytes: number;
}

/** One tar or several that belong together, .tar or .tar.gz, to read from. All are gone through once before the first file is given out. */
export class TarTree implements FileTree {
  readonly #shards: string[] = [];
  readonly #slots = new Map<string, Slot>();
  readonly #options: TarOptions;
  #spool: string | null = null;

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

  async *files(): AsyncIterable<{ readonly path: string; readonly bytes: number }> {
    for (const { path, bytes } of this.#slots.values()) yield { path, bytes };
  }

  async read(path: string, mostBytes?: number): Promise<Uint8Array> {
    const { shard, offset, bytes } = this.#slot(path);
    requireSize(path, bytes, mostBytes);
    const handle = await open(this.#shards[shard]!);
    try {
      const content = Buffer.allocUnsafe(bytes);
      let done = 0;
      while (done < bytes) {
        const { bytesRead } = await handle.read(content, done, bytes - done, offset + done);
        if (bytesRead === 0) throw new DatasetFileError(`${path}: ${this.#shards[shard]} became shorter while it was read`, { file: path });
        done += bytesRead;
      }
      return content;
    } finally {
      await handle.close();
    }
  }

  async *stream(path: string): AsyncIterable<Uint8Array> {
    const { shard, offset, bytes } = this.#slot(path);
    if (bytes > 0) yield* createReadStream(this.#shards[shard]!, { start: offset, end: offset + bytes - 1, highWaterMark: 256 * 1024 });
  }

  async has(path: string): Promise<boolean> {
    return this.#slots.has(nameKey(path));
  }

  async close(): Promise<void> {
    if (this.#spool) await rm(this.#spool, { recursive: true, force: true });
    this.#spool = null;
  }

  #slot(path: string): Slot {
    const slot = this.#slots.get(nameKey(path));
    if (!slot) throw new DatasetFileError(`${path}: there is no such file in ${this.#shards.map((shard) => basename(shard)).join(', ')}`, { file: path });
    return slot;
  }

  async #add(file: string): Promise<void> {
    const shard = this.#shards.length;
    this.#shards.push((await isGzip(file)) ? await this.#unpack(file) : file);
    const prefix = this.#options.apart ? `${basename(file).replace(/\.(tar|tar\.gz|tgz)$/i, '')}/` : '';
    const tally = new ArchiveTally(file, this.#options.limits);
    const entries = extract();
    entries.on('entry', (header: Header & { byteOffset?: number }, content, next) => {
      // Told by the archive itself.
      content.on('error', () => {}).on('end', next).resume();
      try {
        this.#take(file, shard, prefix, header, tally);
      } catch (thrown) {
        entries.destroy(thrown as Error);
      }
    });
    await pipeline(createReadStream(this.#shards[shard]!, { highWaterMark: 1024 * 1024 }), entries).catch((thrown) => {
      if (thrown instanceof HostileArchiveError) throw thrown;
      throw new DatasetFileError(`${file}: expected a whole tar archive: ${messageOf(thrown)}`, { file }, { cause: thrown });
    });
  }

  #take(file: string, shard: number, prefix: string, header: Header & { byteOffset?: number }, tally: ArchiveTally): void {
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
    if (twin) refuse(`is there twice${twin.shard === shard ? '' : `: in ${basename(this.#shards[twin.shard]!)} too`}`);
    this.#slots.set(nameKey(path), { path, shard, offset: header.byteOffset!, bytes });
  }

  #hasRoom(target: string): boolean {
    return (this.#options.hasRoom ?? hasRoom)(dirname(target));
  }

  async #unpack(file: string): Promise<string> {
    this.#spool ??= await mkdtemp(join(this.#options.spool ?? tmpdir(), 'argus-tar-'));
    const target = join(this.#spool, `${this.#shards.length}.tar`);
    const source = createReadStream(file);
    const name = basename(file);
    let [bytes, unseen] = [0, LOOK_EVERY_BYTES];
    const watch = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.byteLength;
        unseen += chunk.byteLength;
        try {
          if (unseen >= LOOK_EVERY_BYTES && !this.#hasRoom(target)) throw new DatasetFileError(`${name}: there is no room on the disk to unpack it: ${(bytes / 1e9).toFixed(1)} GB were not all; send it as .tar or .zip, which are read as they are`, { file });
          if (unseen >= LOOK_EVERY_BYTES) unseen = 0;
          // The packed size read so far is at least what made these bytes.
          new ArchiveTally(file, this.#options.limits).add(name, bytes, source.bytesRead);
          done(null, chunk);
        } catch (thrown) {
          done(thrown as Error);
        }
      },
    });
    await pipeline(source, createGunzip(), watch, createWriteStream(target)).catch((thrown) => {
      if (thrown instanceof HostileArchiveError || thrown instanceof DatasetFileError) throw thrown;
      throw new DatasetFileError(`${file}: cannot be unpacked: ${messageOf(thrown)}`, { file }, { cause: thrown });
    });
    return target;
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
