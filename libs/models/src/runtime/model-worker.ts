import { Worker } from 'node:worker_threads';
import type { ModelManifest } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelWorkerGoneError } from '../errors.js';
import type { Provider } from './devices.js';
import { fromErrorData } from './error-data.js';
import type { OpenModelOptions } from './model-session.js';
import type { FromWorker, ModelInputSource, ModelRun, RunRequest } from './worker-messages.js';

/** The built file also when this one runs from source: a thread cannot load TypeScript with `.js` imports. */
const WORKER_FILE = new URL('../../dist/runtime/worker-main.js', import.meta.url);

/** A model in a thread of its own. Runs are served in order, one at a time. */
export interface ModelWorker {
  readonly manifest: ModelManifest;
  readonly provider: Provider;
  /** Why not the provider that was asked for; null when it is. */
  readonly fallback: string | null;
  /** Pictures in one native run; null: any number. */
  readonly batch: number | null;
  /** Reading, checking and opening took this long, milliseconds. */
  readonly openMs: number;
  /** False once the thread has ended, for whatever reason; then every run is rejected. */
  readonly alive: boolean;
  /** Runs that have not been answered. */
  readonly pending: number;
  /** Resolves with the reason when the thread has ended. Restarting is the caller's business. */
  readonly ended: Promise<ModelWorkerGoneError>;
  /** `bytes` are copied to the worker, `file` is read there. Rejects with ModelRunError, or ModelWorkerGoneError. */
  run(input: ModelInputSource, count: number): Promise<ModelRun>;
  /** Stops the thread, also in the middle of a run. */
  terminate(): Promise<void>;
}

/** Reads, checks and opens a package in a new worker thread. Throws what readModelPackage and openModel throw. */
export async function openModelWorker(path: string, options: OpenModelOptions = {}): Promise<ModelWorker> {
  // No flags of this process: import conditions that lead to sources would break the built file.
  const worker = new Worker(WORKER_FILE, { workerData: { path, options }, name: 'argus-model', execArgv: [] });
  const opened = Promise.withResolvers<FromWorker & { type: 'opened' }>();
  const calls = new Calls(worker, path);
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'opened') opened.resolve(message);
    else if (message.type === 'refused') opened.reject(fromErrorData(message.error));
    else calls.settle(message);
  });
  void calls.ended.then((gone) => opened.reject(gone));
  try {
    const { manifest, provider, fallback, batch, openMs } = await opened.promise;
    return new ThreadedModel(calls, { manifest, provider, fallback, batch, openMs });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

type Facts = Pick<ModelWorker, 'manifest' | 'provider' | 'fallback' | 'batch' | 'openMs'>;

class ThreadedModel implements ModelWorker {
  readonly manifest: ModelManifest;
  readonly provider: Provider;
  readonly fallback: string | null;
  readonly batch: number | null;
  readonly openMs: number;
  readonly ended: Promise<ModelWorkerGoneError>;

  constructor(
    private readonly calls: Calls,
    facts: Facts,
  ) {
    this.manifest = facts.manifest;
    this.provider = facts.provider;
    this.fallback = facts.fallback;
    this.batch = facts.batch;
    this.openMs = facts.openMs;
    this.ended = calls.ended;
  }

  get alive(): boolean {
    return this.calls.gone === null;
  }

  get pending(): number {
    return this.calls.pending;
  }

  run(input: ModelInputSource, count: number): Promise<ModelRun> {
    return this.calls.call(input, count);
  }

  async terminate(): Promise<void> {
    await this.calls.terminate();
  }
}

/** Requests on their way: each is answered once, by the worker or by its end. */
class Calls {
  gone: ModelWorkerGoneError | null = null;
  readonly ended: Promise<ModelWorkerGoneError>;
  #next = 1;
  #crash: string | null = null;
  readonly #open = new Map<number, PromiseWithResolvers<ModelRun>>();

  constructor(
    private readonly worker: Worker,
    private readonly path: string,
  ) {
    const ended = Promise.withResolvers<ModelWorkerGoneError>();
    this.ended = ended.promise;
    worker.on('error', (error) => {
      this.#crash = messageOf(error);
    });
    worker.on('exit', (code) => {
      this.gone = new ModelWorkerGoneError(`the worker of model package ${path} has ended: ${this.#crash ?? `exit code ${code}`}`, { path, exitCode: code });
      for (const call of this.#open.values()) call.reject(this.gone);
      this.#open.clear();
      ended.resolve(this.gone);
    });
  }

  get pending(): number {
    return this.#open.size;
  }

  call(input: ModelInputSource, count: number): Promise<ModelRun> {
    if (this.gone) return Promise.reject(this.gone);
    const id = this.#next;
    this.#next += 1;
    const call = Promise.withResolvers<ModelRun>();
    this.#open.set(id, call);
    const request: RunRequest = { type: 'run', id, input, count };
    this.worker.postMessage(request);
    return call.promise;
  }

  settle(message: FromWorker & { type: 'done' | 'failed' }): void {
    const call = this.#open.get(message.id);
    this.#open.delete(message.id);
    if (message.type === 'failed') call?.reject(fromErrorData(message.error));
    else call?.resolve({ outputs: message.outputs, readMs: message.readMs, computeMs: message.computeMs });
  }

  async terminate(): Promise<void> {
    this.#crash ??= 'it was stopped';
    await this.worker.terminate();
  }
}
