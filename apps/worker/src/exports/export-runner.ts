import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgusError, messageOf, Rounds, type Logger } from '@argus/kernel';
import { ClaimLostError } from '../errors.js';
import type { ClaimedExport } from './export-store.js';
import { runExport, type ExportWork } from './run-export.js';

export interface ExportRunnerOptions extends ExportWork {
  readonly log: Logger;
}

/** Without a wake-up, and for jobs that a dead worker left. */
const LOOK_EVERY_MS = 3000;

/** Works on jobs one after the other, as long as there are any. */
export class ExportRunner {
  readonly #rounds = new Rounds(() => this.look().then(() => LOOK_EVERY_MS));
  #round: Promise<void> | null = null;

  constructor(private readonly options: ExportRunnerOptions) {}

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing waits any more. A wake-up during a round finds the job by it. */
  look(): Promise<void> {
    return (this.#round ??= this.#work().finally(() => (this.#round = null)));
  }

  /** What runs is put back. */
  async stop(): Promise<void> {
    await this.#rounds.stop(new Error('the worker stops'));
    // One that a wake-up began.
    await this.#round;
  }

  async #work(): Promise<void> {
    try {
      while (!this.#rounds.signal.aborted) {
        const job = await this.options.store.claim();
        if (job === null) return;
        await this.#run(job);
      }
    } catch (error) {
      this.options.log.warn('exports cannot be worked on, trying again soon', { error: messageOf(error) });
    }
  }

  async #run(job: ClaimedExport): Promise<void> {
    const { store, log } = this.options;
    const about = { exportId: job.id };
    log.info('export begins', { ...about, ranges: job.ranges.length, finished: job.files.length });
    try {
      await runExport(job, this.options, this.#rounds.signal);
      log.info('export is done', about);
    } catch (error) {
      if (error instanceof ClaimLostError) return this.#letGo(job);
      if (this.#rounds.signal.aborted) return store.release(job);
      const text = messageOf(error);
      log.error('export failed', { ...about, error: text });
      // What nobody thought of is told with its kind only; the log has the rest.
      await store.fail(job, error instanceof ArgusError ? withoutFolders(text, this.options) : 'an unexpected failure; the log of the worker says more').catch((lost: unknown) => {
        if (!(lost instanceof ClaimLostError)) throw lost;
      });
    }
  }

  async #letGo({ id }: ClaimedExport): Promise<void> {
    const { store, exportsDir, log } = this.options;
    log.info('export was stopped', { exportId: id });
    if (!(await store.exists(id))) await rm(join(exportsDir, id), { recursive: true, force: true });
  }
}

/** Where things lie on the server is nobody's business. */
const withoutFolders = (text: string, { exportsDir, footage }: ExportWork): string => text.replaceAll(`${exportsDir}/`, '').replaceAll(`${footage.root}/`, '');
