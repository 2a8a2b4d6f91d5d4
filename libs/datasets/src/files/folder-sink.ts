import { createWriteStream } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DatasetFileError } from '../errors.js';
import { piecesOfContent, type FileContent, type FileSink } from '../file-tree.js';
import { requireEntryName } from './entry-name.js';

/** Writes into a folder, which is made. Never over a file that is there, never through a link out of it. */
export class FolderSink implements FileSink {
  readonly #folder: string;
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(path: string, content: FileContent): Promise<void> {
    const target = join(this.#folder, requireEntryName(path, this.#folder));
    await this.#makeFolder(dirname(target));
    await pipeline(Readable.from(piecesOfContent(content), { objectMode: true }), createWriteStream(target, { flags: 'wx' })).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') throw new DatasetFileError(`${target}: there is such a file already; export into an empty folder`, { file: target }, { cause });
      throw cause;
    });
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#known.has(folder)) return;
    await mkdir(folder, { recursive: true });
    const [real, root] = await Promise.all([realpath(folder), realpath(this.#folder)]);
    if (real !== root && !real.startsWith(root + sep)) throw new DatasetFileError(`${folder}: leads out of ${this.#folder} by a link`, { file: folder });
    this.#known.add(folder);
  }
}
