import { Backoff, messageOf, type Clock, type Logger, type ProcessUsage } from '@argus/kernel';
import type { ModelRun, ModelWorker, PictureRequest } from '@argus/models';
import { ModelUnavailableError } from '../errors.js';
import type { LaneFigures } from './lane-figures.js';
import type { Assignment } from './placement.js';
import { watchRun } from './run-watch.js';

/** What a post needs of a model process. */
export type PostWorker = Pick<ModelWorker, 'run' | 'alive' | 'provider' | 'fallback' | 'pid' | 'ended' | 'terminate'>;

export interface SessionPostOptions {
  readonly modelId: string;
  readonly assignment: Assignment;
  readonly open: (assignment: Assignment) => Promise<PostWorker>;
  readonly figures: LaneFigures;
  readonly clock: Clock;
  readonly log: Logger;
  /** It can serve a run, or it can no more. */
  readonly onChange: () => void;
  /** The device does not do what it should: it is not there, or sessions on it die. */
  readonly onDeviceTrouble: (reason: string) => void;
  /** A run is given up after this, where nothing is known of the model yet. */
  readonly firstRunWithinMs?: number;
}

const FIRST_RUN_WITHIN_MS = 10_000;
/** A run that takes ten times what runs take, and at least this, is looked at: without processor time it is not coming back. */
const RUN_WITHIN_MS = 2000;
const TIMES_MEDIAN = 10;
const DEATHS_TO_TROUBLE = 2;
const DEATHS_WITHIN_MS = 30_000;

/** A place for one session: it outlives the processes that serve in it one after the other. What hangs is killed, what dies is replaced. */
export class SessionPost {
  readonly assignment: Assignment;
  #worker: PostWorker | null = null;
  #busy = false;
  #running: Promise<void> = Promise.resolve();
  #problem: string | null = null;
  #usage: ProcessUsage | null = null;
  #closed = false;
  #restarts = 0;
  readonly #deaths: number[] = [];
  readonly #backoff = new Backoff({ firstMs: 200, maxMs: 30_000 });

  constructor(private readonly options: SessionPostOptions) {
    this.assignment = options.assignment;
    void this.#open();
  }

  get ready(): boolean {
    return this.#worker !== null;
  }

  get free(): boolean {
    return this.#worker !== null && !this.#busy;
  }

  /** Why there is no session; null while there is one, or before the first try is over. */
  get problem(): string | null {
    return this.ready ? null : this.#problem;
  }

  get provider(): string | null {
    return this.#worker?.provider ?? null;
  }

  get process(): { readonly pid: number; readonly usage: ProcessUsage | null; readonly restarts: number } | null {
    return this.#worker && { pid: this.#worker.pid, usage: this.#usage, restarts: this.#restarts };
  }

  /** Must be free. Rejects with ModelUnavailableError when the session fails, hangs or dies. */
  async run(pictures: readonly PictureRequest[]): Promise<ModelRun> {
    const worker = this.#worker;
    if (!worker || this.#busy) throw new ModelUnavailableError(`model ${this.options.modelId}: no free session`);
    this.#busy = true;
    const over = Promise.withResolvers<void>();
    this.#running = over.promise;
    const answered = watchRun({ pid: worker.pid, usedMs: this.#usage?.cpuMs ?? 0, ...this.#patience(), onHung: () => this.#hung(worker) });
    try {
      const run = await worker.run(pictures);
      this.#usage = run.usage;
      this.#backoff.reset();
      return run;
    } catch (error) {
      throw new ModelUnavailableError(`model ${this.options.modelId}: ${this.#closed ? 'closed' : messageOf(error)}`, {}, { cause: error });
    } finally {
      answered();
      over.resolve();
      // A process that died has been replaced by another one already, which is not busy.
      if (this.#worker === worker) this.#busy = false;
    }
  }

  /** Takes no more runs and ends when the one under way is over. */
  async retire(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    await this.#running;
    await worker?.terminate();
  }

  /** Ends at once. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #patience(): { readonly withinMs: number; readonly atMostMs: number } {
    const { figures, firstRunWithinMs = FIRST_RUN_WITHIN_MS } = this.options;
    const median = figures.computeMsP50;
    const withinMs = median === null ? firstRunWithinMs : Math.max(RUN_WITHIN_MS, TIMES_MEDIAN * median);
    return { withinMs, atMostMs: Math.max(withinMs, firstRunWithinMs) };
  }

  async #open(): Promise<void> {
    const { assignment, open, log, modelId } = this.options;
    try {
      const worker = await open(assignment);
      if (this.#closed) return await worker.terminate();
      if (worker.fallback !== null) this.options.onDeviceTrouble(worker.fallback);
      this.#problem = null;
      this.#worker = worker;
      this.#usage = null;
      this.#busy = false;
      void worker.ended.then((gone) => this.#died(worker, messageOf(gone)));
    } catch (error) {
      this.#problem = messageOf(error);
      log.error('a model session could not be opened', { model: modelId, device: assignment.device, error });
      this.#tryAgain(this.#backoff.nextMs());
    }
    this.options.onChange();
  }

  /** Killed, it comes back as dead. */
  #hung(worker: PostWorker): void {
    this.options.log.error('a model session gave no answer in time and is killed', { model: this.options.modelId, pid: worker.pid });
    void worker.terminate();
  }

  #died(worker: PostWorker, reason: string): void {
    if (this.#worker !== worker || this.#closed) return;
    this.#worker = null;
    this.#problem = reason;
    this.#restarts += 1;
    this.options.figures.replaced += 1;
    this.options.log.error('a model session is gone and is replaced', { model: this.options.modelId, reason });
    this.#reportDeaths(reason);
    // The first replacement is on its way at once; a session that dies again and again is not worth a busy machine.
    const again = this.#deaths.length > 1;
    this.#tryAgain(again ? this.#backoff.nextMs() : 0);
    this.options.onChange();
  }

  #reportDeaths(reason: string): void {
    const now = this.options.clock.monotonicMs();
    this.#deaths.push(now);
    while ((this.#deaths[0] ?? now) < now - DEATHS_WITHIN_MS) this.#deaths.shift();
    if (this.#deaths.length >= DEATHS_TO_TROUBLE) this.options.onDeviceTrouble(`sessions die on it: ${reason}`);
  }

  #tryAgain(afterMs: number): void {
    if (this.#closed) return;
    setTimeout(() => (this.#closed ? undefined : void this.#open()), afterMs).unref();
  }
}
