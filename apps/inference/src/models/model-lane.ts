import type { DeviceId, ModelId, ModelRunStats } from '@argus/contracts';
import { Backoff, isoTime, messageOf, RateWindow, ValueWindow, type Clock, type Logger } from '@argus/kernel';
import type { ModelInputSource, ModelRun, ModelWorker, Tensor } from '@argus/models';
import { ModelUnavailableError } from '../errors.js';

/** What a lane needs of a worker thread. */
export type LaneWorker = Pick<ModelWorker, 'run' | 'alive' | 'provider' | 'terminate'>;

export interface ModelLaneOptions {
  readonly modelId: string;
  readonly version: string;
  readonly workers: number;
  readonly open: () => Promise<LaneWorker>;
  readonly clock: Clock;
  readonly log: Logger;
  /** A run that takes longer than this is not coming back: its worker is replaced. */
  readonly runWithinMs?: number;
  /** Waiting runs at most; more are refused at once. */
  readonly maxWaiting?: number;
}

interface Job {
  readonly input: ModelInputSource;
  readonly settle: PromiseWithResolvers<readonly Tensor[]>;
}

const RUN_WITHIN_MS = 10_000;
const MAX_WAITING = 64;
const STATS_SPAN_MS = 5000;

/** The workers of one model, and the runs that wait for one. Health is the last success; what hangs or dies is replaced alone. */
export class ModelLane {
  readonly #idle: LaneWorker[] = [];
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Job>();
  /** Native runs that have not come back, by worker; also of workers that are given up. */
  readonly #native = new Map<LaneWorker, Promise<unknown>>();
  readonly #backoff = new Backoff({ firstMs: 200, maxMs: 30_000 });
  readonly #runMs = new ValueWindow(128);
  readonly #rate = new RateWindow(STATS_SPAN_MS);
  readonly #busy: { atMs: number; ms: number }[] = [];
  readonly #opened = new Set<LaneWorker>();
  #runs = 0;
  #lastSuccessMs: number | null = null;
  #problem: string | null = null;
  #closed = false;
  /** A worker has become free. */
  onFree: () => void = () => {};
  /** Its readiness or problem changed. */
  onChange: () => void = () => {};

  constructor(private readonly options: ModelLaneOptions) {
    for (let i = 0; i < options.workers; i += 1) void this.#openWorker();
  }

  /** Workers that could run something now. */
  get free(): number {
    return this.#waiting.length > 0 ? 0 : this.#idle.length;
  }

  get ready(): boolean {
    return this.#opened.size > 0;
  }

  /** Why no worker could be opened; null while one is, or before the first try is over. */
  get problem(): string | null {
    return this.ready ? null : this.#problem;
  }

  /** Rejects with ModelUnavailableError when the worker hangs or dies, or too many runs wait. */
  run(input: ModelInputSource): Promise<readonly Tensor[]> {
    if (this.#closed || this.#waiting.length >= (this.options.maxWaiting ?? MAX_WAITING)) {
      return Promise.reject(new ModelUnavailableError(`model ${this.options.modelId}: ${this.#closed ? 'closed' : `${this.#waiting.length} runs are waiting already`}`));
    }
    const settle = Promise.withResolvers<readonly Tensor[]>();
    this.#waiting.push({ input, settle });
    this.#dispatch();
    return settle.promise;
  }

  stats(): ModelRunStats {
    const now = this.options.clock.monotonicMs();
    const busyMs = this.#busy.reduce((sum, run) => (run.atMs > now - STATS_SPAN_MS ? sum + run.ms : sum), 0);
    return {
      model: this.options.modelId as ModelId,
      version: this.options.version,
      device: 'cpu' as DeviceId,
      provider: this.#opened.values().next().value?.provider ?? 'none',
      replicas: this.#opened.size,
      threads: 1,
      batch: 1,
      batchMean: this.#runs === 0 ? null : 1,
      runs: this.#runs,
      pictures: this.#runs,
      picturesPerSecond: this.#rate.perSecond(now),
      busy: Math.min(1, busyMs / (STATS_SPAN_MS * Math.max(1, this.#opened.size))),
      queueMsP50: null,
      queueMsP95: null,
      computeMsP50: this.#runMs.percentile(0.5),
      computeMsP95: this.#runMs.percentile(0.95),
      replaced: 0,
      lastSuccessAt: this.#lastSuccessMs === null ? null : isoTime(this.#lastSuccessMs),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const left = [...this.#waiting.splice(0), ...this.#running];
    this.#running.clear();
    for (const job of left) job.settle.reject(new ModelUnavailableError(`model ${this.options.modelId} is closed`));
    await Promise.all([...this.#opened].map((worker) => this.#end(worker)));
  }

  async #openWorker(): Promise<void> {
    try {
      const worker = await this.options.open();
      if (this.#closed) return void worker.terminate();
      this.#problem = null;
      this.#opened.add(worker);
      this.#backoff.reset();
      this.#idle.push(worker);
      this.#freed();
    } catch (error) {
      this.#problem = messageOf(error);
      this.options.log.error('a model worker could not be opened', { model: this.options.modelId, error });
      if (!this.#closed) setTimeout(() => void this.#openWorker(), this.#backoff.nextMs()).unref();
    }
    this.onChange();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop();
      if (!worker) return;
      this.#execute(worker, this.#waiting.shift() as Job);
    }
  }

  #execute(worker: LaneWorker, job: Job): void {
    const { modelId, runWithinMs = RUN_WITHIN_MS } = this.options;
    const startedMs = this.options.clock.monotonicMs();
    const settle = (outcome: () => void, workerLost: boolean): void => {
      // Only the first of result, failure, time-out and close counts.
      if (!this.#running.delete(job)) return;
      clearTimeout(timer);
      outcome();
      if (workerLost) return this.#replace(worker);
      this.#idle.push(worker);
      this.#freed();
    };
    const fail = (problem: string, workerLost: boolean, cause?: unknown): void =>
      settle(() => job.settle.reject(new ModelUnavailableError(`model ${modelId}: ${problem}`, {}, { cause })), workerLost);
    const timer = setTimeout(() => fail(`no result within ${runWithinMs} ms`, true), runWithinMs);
    this.#running.add(job);
    const run = worker.run(job.input, 1);
    const native = run.then(
      (result) =>
        settle(() => {
          this.#succeeded(startedMs, result);
          job.settle.resolve(result.outputs);
        }, false),
      (error: unknown) => fail(messageOf(error), !worker.alive, error),
    );
    this.#native.set(worker, native);
    void native.then(() => {
      // Settling may have begun the worker's next run already.
      if (this.#native.get(worker) === native) this.#native.delete(worker);
    });
  }

  #succeeded(startedMs: number, run: ModelRun): void {
    const now = this.options.clock.monotonicMs();
    const computeMs = run.readMs + run.computeMs;
    this.#runs += 1;
    this.#lastSuccessMs = this.options.clock.nowMs();
    this.#runMs.add(now - startedMs);
    this.#rate.add(now);
    this.#busy.push({ atMs: now, ms: computeMs });
    while ((this.#busy[0]?.atMs ?? now) < now - STATS_SPAN_MS) this.#busy.shift();
  }

  #freed(): void {
    this.#dispatch();
    if (this.free > 0) this.onFree();
  }

  #replace(worker: LaneWorker): void {
    this.options.log.error('a model worker hung or died and is replaced', { model: this.options.modelId });
    this.#opened.delete(worker);
    void this.#end(worker);
    if (!this.#closed) setTimeout(() => void this.#openWorker(), this.#backoff.nextMs()).unref();
    this.onChange();
  }

  /** Waits for a run that native code is in: ending its thread under it takes the whole process down (seen with onnxruntime 1.30). */
  async #end(worker: LaneWorker): Promise<void> {
    await this.#native.get(worker);
    await worker.terminate().catch((error: unknown) => this.options.log.warn('a model worker could not be ended', { model: this.options.modelId, error }));
  }
}
