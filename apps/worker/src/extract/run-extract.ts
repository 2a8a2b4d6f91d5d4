import { mkdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { ArgusError, messageOf, type ProcessLock } from '@argus/kernel';
import { OutputError } from '../errors.js';
import { claimFolder } from './claim-folder.js';
import { ExtractProcess } from './extract-process.js';
import { findVideos } from './find-videos.js';
import type { ExtractCommand } from './options.js';
import { lockOutput } from './output-lock.js';
import { picturesDone } from './picture-folder.js';
import type { ExtractEvent } from './progress-report.js';

export interface ExtractTotals {
  readonly videos: number;
  readonly failed: number;
  readonly interrupted: boolean;
}

/** All videos, several at a time; one that fails holds up no other. Throws OutputTakenError and OutputError when nothing can be written at all. */
export async function runExtract(command: ExtractCommand, signal: AbortSignal, tell: (event: ExtractEvent) => void): Promise<ExtractTotals> {
  const lock = await openOutput(command.out);
  try {
    const { videos, failed } = await findVideos(command.paths, command.out);
    tell({ event: 'started', videos: videos.length + failed.length, out: command.out });
    for (const { path, message } of failed) tell({ event: 'failed', video: path, code: 'extract.path', message: `${path} cannot be read: ${message}` });
    const run = new ExtractRun(command, videos, signal, tell);
    await run.all();
    const totals = { videos: videos.length + failed.length, failed: run.failed + failed.length, skipped: run.skipped, added: run.added, leftOut: run.leftOut, interrupted: signal.aborted };
    tell({ event: 'finished', ...totals });
    return totals;
  } finally {
    lock.release();
  }
}

async function openOutput(out: string): Promise<ProcessLock> {
  try {
    await makeFolders(out);
    return lockOutput(out);
  } catch (error) {
    if (error instanceof ArgusError) throw error;
    throw new OutputError(`${out} cannot be written to: ${messageOf(error)}`, { out }, { cause: error });
  }
}

/** `mkdir` with `recursive` was seen to turn for ever in a folder that takes no folders and calls them missing (/proc). */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || (await stat(dirname(folder)).catch(() => null)) !== null) throw error;
    await makeFolders(dirname(folder));
    await mkdir(folder);
  }
}

class ExtractRun {
  failed = 0;
  skipped = 0;
  added = 0;
  leftOut = 0;
  #next = 0;
  /** Two videos of one name must not ask for the same folder at the same time. */
  #claims: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly command: ExtractCommand,
    private readonly videos: readonly string[],
    private readonly signal: AbortSignal,
    private readonly tell: (event: ExtractEvent) => void,
  ) {}

  async all(): Promise<void> {
    const jobs = Math.min(this.command.jobs, this.videos.length);
    // Cores that no video has for itself are shared out.
    const threads = Math.max(1, Math.floor(availableParallelism() / Math.max(1, jobs)));
    await Promise.all(Array.from({ length: jobs }, () => this.#work(threads)));
  }

  async #work(threads: number): Promise<void> {
    const process = new ExtractProcess();
    const stop = () => process.stop();
    this.signal.addEventListener('abort', stop);
    try {
      for (let video = this.#take(); video !== null; video = this.#take()) await this.#one(video, process, threads);
    } finally {
      this.signal.removeEventListener('abort', stop);
      await process.close();
    }
  }

  #take(): string | null {
    if (this.signal.aborted) return null;
    const video = this.videos[this.#next] ?? null;
    this.#next += 1;
    return video;
  }

  async #one(video: string, process: ExtractProcess, threads: number): Promise<void> {
    const { recipe, hardware } = this.command;
    try {
      const folder = await this.#claim(video);
      const before = await picturesDone(folder);
      if (before !== null) {
        this.skipped += 1;
        this.tell({ event: 'skipped', video, pictures: before });
        return;
      }
      const outcome = await process.run({ type: 'video', path: video, folder, recipe, threads, hardware }, ({ added, atUs, seconds }) => this.tell({ event: 'progress', video, pictures: added, seconds: atUs / 1e6, ofSeconds: seconds }));
      if (outcome.type === 'failed') this.#fail(video, outcome.code, outcome.message);
      if (outcome.type !== 'done') return;
      const { pictures, added, leftOut, errors } = outcome;
      this.added += added;
      this.leftOut += leftOut;
      this.tell({ event: 'done', video, folder, pictures, added, leftOut, errors });
    } catch (error) {
      this.#fail(video, error instanceof ArgusError ? error.code : 'unexpected', messageOf(error));
    }
  }

  #fail(video: string, code: string, message: string): void {
    this.failed += 1;
    this.tell({ event: 'failed', video, code, message });
  }

  #claim(video: string): Promise<string> {
    const claimed = this.#claims.then(() => claimFolder(this.command.out, video, this.command.grouping, this.command.recipe));
    this.#claims = claimed.catch(() => undefined);
    return claimed;
  }
}
