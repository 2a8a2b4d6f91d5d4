import { createHash } from 'node:crypto';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@argus/kernel';
import type { ExtractedFrame } from '@argus/media';
import { OutputError } from '../errors.js';
import { syncFolder, writeDurably } from './write-durably.js';

/** One line of a video's index. `file` is beside the index. */
export interface IndexLine {
  readonly video: string;
  readonly frameIndex: number;
  readonly ptsUs: number;
  readonly wallTime: string | null;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly file: string;
}

export const INDEX = 'index.jsonl';
export const DONE = 'done.json';
/** What a crash may cost at most. */
const BATCH_MS = 2000;
const BATCH_BYTES = 64 * 1024 * 1024;
/** Files that are open until they are synced. */
const BATCH_FILES = 128;

/**
 * Writes a video's pictures and their index. First bytes, then names, then the index reach the disk, in batches: the index never names what is not there. What a crash left behind the last whole
 * line is cut off, and pictures that the index does not name are written again.
 */
export class PictureFolder {
  /** Lines in the index. */
  pictures: number;
  /** From here on pictures are missing. */
  nextFrame: number;
  readonly #folder: string;
  readonly #index: FileHandle;
  #end: number;
  #lines: IndexLine[] = [];
  #handles: FileHandle[] = [];
  #bytes = 0;
  #sinceMs = 0;
  /** One thing after the other: pictures are added while the clock asks for a flush. */
  #turn: Promise<void> = Promise.resolve();
  #failure: OutputError | null = null;
  /** Pictures may be minutes apart. */
  readonly #clock = setInterval(() => this.#isDue() && void this.flush().catch((error: OutputError) => (this.#failure ??= error)), BATCH_MS / 4);

  /** Throws OutputError. */
  static async open(folder: string): Promise<PictureFolder> {
    const path = join(folder, INDEX);
    try {
      const { lines, bytes } = await wholeLines(folder);
      const index = await open(path, 'a+');
      try {
        await index.truncate(bytes);
        await index.datasync();
      } catch (error) {
        await index.close();
        throw error;
      }
      return new PictureFolder(folder, index, lines, bytes);
    } catch (error) {
      throw refusal(path, error);
    }
  }

  private constructor(folder: string, index: FileHandle, lines: readonly IndexLine[], end: number) {
    this.#folder = folder;
    this.#index = index;
    this.#end = end;
    this.pictures = lines.length;
    this.nextFrame = (lines.at(-1)?.frameIndex ?? -1) + 1;
  }

  /** Throws OutputError; then nothing more can be added. */
  add(video: string, wallTime: string | null, frame: ExtractedFrame & { readonly frameIndex: number }): Promise<void> {
    return this.#inTurn(() => this.#add(video, wallTime, frame));
  }

  /** Everything that was added is on the disk, and in the index. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#flush());
  }

  async #add(video: string, wallTime: string | null, frame: ExtractedFrame & { readonly frameIndex: number }): Promise<void> {
    const { frameIndex, ptsUs, width, height, jpeg } = frame;
    const file = `${frameIndex}.jpg`;
    const path = join(this.#folder, file);
    if (this.#lines.length === 0) this.#sinceMs = performance.now();
    try {
      const handle = await open(path, 'w');
      this.#handles.push(handle);
      await handle.writeFile(jpeg);
    } catch (error) {
      throw refusal(path, error);
    }
    this.#lines.push({ video, frameIndex, ptsUs, wallTime, width, height, sha256: createHash('sha256').update(jpeg).digest('hex'), file });
    this.#bytes += jpeg.byteLength;
    if (this.#bytes >= BATCH_BYTES || this.#handles.length >= BATCH_FILES || this.#isDue()) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    try {
      await Promise.all(this.#handles.map((handle) => handle.datasync()));
      await syncFolder(this.#folder);
      const text = Buffer.from(this.#lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await this.#index.appendFile(text);
      await this.#index.datasync();
      this.#end += text.byteLength;
    } catch (error) {
      // Half a line may stand in it: it is taken back where the disk lets us, else by the next run.
      await this.#index.truncate(this.#end).catch(() => undefined);
      throw refusal(join(this.#folder, INDEX), error);
    }
    await this.#closeFiles();
    this.pictures += this.#lines.length;
    this.#lines = [];
    this.#bytes = 0;
  }

  /** The video is finished: it need not be opened again. */
  async finish(facts: Readonly<Record<string, unknown>>): Promise<void> {
    await this.flush();
    try {
      await syncFolder(this.#folder);
      await writeDurably(join(this.#folder, DONE), `${JSON.stringify({ pictures: this.pictures, ...facts })}\n`);
    } catch (error) {
      throw refusal(join(this.#folder, DONE), error);
    }
  }

  /** What was not flushed is not in the index. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    await this.#turn;
    await this.#closeFiles();
    await this.#index.close();
  }

  #isDue(): boolean {
    return this.#lines.length > 0 && performance.now() - this.#sinceMs >= BATCH_MS;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => (this.#failure === null ? work() : Promise.reject(this.#failure)));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #closeFiles(): Promise<void> {
    const handles = this.#handles;
    this.#handles = [];
    await Promise.all(handles.map((handle) => handle.close().catch(() => undefined)));
  }
}

/** Pictures in a finished folder; null: it is not finished. */
export async function picturesDone(folder: string): Promise<number | null> {
  try {
    const { pictures } = JSON.parse(await readFile(join(folder, DONE), 'utf8')) as { pictures?: number };
    return pictures ?? 0;
  } catch {
    return null;
  }
}

/** The index up to the last line that is whole, in order, and whose picture is there; a file system that lost something loses what is behind it. */
async function wholeLines(folder: string): Promise<{ lines: IndexLine[]; bytes: number }> {
  const text = await readFile(join(folder, INDEX)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const lines: IndexLine[] = [];
  let bytes = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', bytes)) {
    const line = lineIn(text.subarray(bytes, end).toString());
    if (line === null || line.frameIndex <= (lines.at(-1)?.frameIndex ?? -1)) break;
    lines.push(line);
    bytes = end + 1;
  }
  // A batch is lost as a whole or not at all: its last picture tells.
  while (lines.length > 0 && !(await isThere(folder, lines.at(-1) as IndexLine))) {
    lines.pop();
    bytes = text.lastIndexOf('\n', bytes - 2) + 1;
  }
  return { lines, bytes };
}

function lineIn(text: string): IndexLine | null {
  try {
    const line = JSON.parse(text) as Partial<IndexLine>;
    return Number.isInteger(line.frameIndex) && line.file === `${line.frameIndex}.jpg` && typeof line.sha256 === 'string' ? (line as IndexLine) : null;
  } catch {
    return null;
  }
}

async function isThere(folder: string, { file, sha256 }: IndexLine): Promise<boolean> {
  const path = join(folder, file);
  const size = await stat(path).then(({ size: bytes }) => bytes, () => 0);
  return size > 0 && createHash('sha256').update(await readFile(path)).digest('hex') === sha256;
}

function refusal(path: string, error: unknown): OutputError {
  if (error instanceof OutputError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const why = code === 'ENOSPC' ? 'the disk is full; free some room and run it again to go on' : messageOf(error);
  return new OutputError(`${path} cannot be written: ${why}`, { path, reason: code }, { cause: error });
}
