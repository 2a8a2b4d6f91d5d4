import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import { DatasetFileError } from '../errors.js';
import type { FileSink } from '../file-tree.js';
import { nameKey, requireEntryName } from './entry-name.js';

/** What is packed already, and gets no smaller. */
const STORED = /\.(jpe?g|png|webp|zip|tar|gz|parquet|onnx)$/i;
/** The same content gives the same archive, whenever and wherever it is written: a zip tells local time, so this is noon in every zone. */
const WHEN = { mtime: new Date(1980, 0, 1, 12), forceDosTimestamp: true, mode: 0o100644 };

/** What yazl keeps of an entry; from state 3 on its bytes are written. */
interface YazlEntry {
  readonly state: number;
}
const DONE = 3;

/** Writes a zip, piece by piece: pictures stored, text deflated, zip64 where it is needed. The file has its name when `close` is done. */
export class ZipSink implements FileSink {
  readonly #file: string;
  readonly #zip = new ZipFile();
  readonly #names = new Set<string>();
  /** With each entry yazl goes through all before it: 70,000 took four minutes. So those that are done are kept from it until the end. */
  readonly #done: YazlEntry[] = [];
  readonly #written: Promise<void>;
  #failed: Error | null = null;

  constructor(file: string) {
    this.#file = file;
    const target = createWriteStream(this.#part);
    this.#written = new Promise((resolve, reject) => {
      const fail = (thrown: Error) => {
        this.#failed ??= thrown;
        reject(thrown);
      };
      target.on('close', resolve).on('error', fail);
      this.#zip.on('error', fail);
    });
    // Told by the next write or by close.
    this.#written.catch(() => {});
    this.#zip.outputStream.pipe(target);
  }

  get #part(): string {
    return `${this.#file}.part`;
  }

  async write(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#failed) throw this.#failed;
    requireEntryName(path, this.#file);
    if (this.#names.has(nameKey(path))) throw new DatasetFileError(`${this.#file}: ${path} is written twice`, { file: path });
    this.#names.add(nameKey(path));
    // Below that, deflate makes it longer.
    const compress = !STORED.test(path) && !(content instanceof Uint8Array && content.length < 64);
    if (content instanceof Uint8Array) {
      this.#zip.addBuffer(Buffer.from(content.buffer, content.byteOffset, content.byteLength), path, { ...WHEN, compress });
      await this.#settle();
      return;
    }
    // Its length is not known before it is through: it may need zip64.
    const stream = Readable.from(content, { objectMode: false, highWaterMark: 256 * 1024 });
    const through = once(stream, 'end');
    stream.on('error', (thrown) => this.#zip.emit('error', thrown));
    this.#zip.addReadStream(stream, path, { ...WHEN, compress, forceZip64Format: true });
    await Promise.race([through, this.#written]);
    await this.#settle();
  }

  /** Waits until the entry is through and what is behind has room again. */
  async #settle(): Promise<void> {
    const zip = this.#zip as unknown as { entries: YazlEntry[] };
    while (zip.entries.some(({ state }) => state < DONE)) {
      if (this.#failed) throw this.#failed;
      await turn();
    }
    this.#done.push(...zip.entries.splice(0));
    const out = this.#zip.outputStream as unknown as Readable & { writableNeedDrain: boolean };
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), this.#written]);
  }

  async close(): Promise<void> {
    (this.#zip as unknown as { entries: YazlEntry[] }).entries = this.#done;
    this.#zip.end();
    await this.#written;
    await rename(this.#part, this.#file);
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await rm(this.#part, { force: true });
  }
}
