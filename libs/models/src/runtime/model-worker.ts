import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ModelManifest } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelWorkerGoneError } from '../errors.js';
import type { PictureResult } from '../families/picture-result.js';
import type { Provider } from './devices.js';
import { fromErrorData } from './error-data.js';
import type { OpenModelOptions } from './model-session.js';
import type { FromWorker, ModelRun, PictureRequest, ToWorker } from './worker-messages.js';

/** The built file also when this one runs from source: a process cannot load TypeScript with `.js` imports. */
const WORKER_FILE = fileURLToPath(new URL('../../dist/runtime/worker-main.js', import.meta.url));

/** Of 0 (as everybody) to 19. */
const NICENESS = 5;

/** A model in a process of its own: it can be ended at any moment, and a native fault ends nobody else. */
export interface ModelWorker {
  readonly manifest: ModelManifest;
  readonly provider: Provider;
  /** Why not the provider that was asked for; null when it is. */
  readonly fallback: string | null;
  /** Pictures in one native run; null: any number. */
  readonly batch: number | null;
  /** Reading, checking and opening took this long, milliseconds. */
  readonly openMs: number;
  readonly pid: number;
  /** False once the process has ended, for whatever reason; then every run is rejected. */
  readonly alive: boolean;
  /** Runs that have not been answered. */
  readonly pending: number;
  /** Resolves with the reason when the process has ended. Restarting is the caller's business. */
  readonly ended: Promise<ModelWorkerGoneError>;
  /** All pictures in one run, answered in order. Pixels in `bytes` are copied to the process, in `file` read there. Rejects with ModelRunError, or ModelWorkerGoneError. */
  run(pictures: readonly PictureRequest[]): Promise<ModelRun>;
  /** Kills the process, also in the middle of a run; resolves when it is gone. */
  terminate(): Promise<void>;
}

/** Reads, checks and opens a package in a new process. Throws what readModelPackage and openModel throw. */
export async function openModelWorker(path: string, options: OpenModelOptions = {}): Promise<ModelWorker> {
  // No flags of this process: import conditions that lead to sources would break the built file.
  const child = fork(WORKER_FILE, [], { serialization: 'advanced', env: workerEnvironment(), execArgv: ['--max-semi-space-size=2'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  yieldToOthers(child);
  const opened = Promise.withResolvers<FromWorker & { type: 'opened' }>();
  const calls = new Calls(child, path);
  child.on('message', (message: FromWorker) => {
    if (message.type === 'opened') opened.resolve(message);
    else if (message.type === 'refused') opened.reject(fromErrorData(message.error));
    else calls.settle(message);
  });
  void calls.ended.then((gone) => opened.reject(gone));
  calls.send({ type: 'open', path, options });
  try {
    const { manifest, provider, fallback, batch, openMs } = await opened.promise;
    return new ModelProcess(calls, { manifest, provider, fallback, batch, openMs });
  } catch (error) {
    await calls.terminate();
    throw error;
  }
}

/**
 * A run takes the processor for tens of milliseconds, everybody else (reading, decoding, deciding) for one: with equal rights those wait behind
 * runs. All that they leave is still the model's.
 */
function yieldToOthers({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It has ended already, or this system does not let: only promptness is lost.
  }
}

/** Only what a model needs: no token, no paths of the product. */
function workerEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES, XDG_RUNTIME_DIR } = process.env;
  return { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES, XDG_RUNTIME_DIR };
}

type Facts = Pick<ModelWorker, 'manifest' | 'provider' | 'fallback' | 'batch' | 'openMs'>;

class ModelProcess implements ModelWorker {
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

  get pid(): number {
    return this.calls.pid;
  }

  get alive(): boolean {
    return this.calls.gone === null;
  }

  get pending(): number {
    return this.calls.pending;
  }

  async run(pictures: readonly PictureRequest[]): Promise<ModelRun> {
    const run = await this.calls.call(pictures);
    return { ...run, results: run.results.map((result) => this.#named(result)) };
  }

  terminate(): Promise<void> {
    return this.calls.terminate();
  }

  /** Labels are not sent with every answer. */
  #named(result: PictureResult): PictureResult {
    return result.kind === 'detections' ? { kind: 'detections', detections: { ...result.detections, labelNames: this.manifest.labels } } : result;
  }
}

/** Requests on their way: each is answered once, by the process or by its end. */
class Calls {
  gone: ModelWorkerGoneError | null = null;
  readonly ended: Promise<ModelWorkerGoneError>;
  #next = 1;
  #why: string | null = null;
  readonly #open = new Map<number, PromiseWithResolvers<ModelRun>>();

  constructor(
    private readonly child: ChildProcess,
    private readonly path: string,
  ) {
    const ended = Promise.withResolvers<ModelWorkerGoneError>();
    this.ended = ended.promise;
    const end = (how: string): void => {
      if (this.gone) return;
      this.gone = new ModelWorkerGoneError(`the worker of model package ${path} has ended: ${this.#why ?? how}`, { path, pid: child.pid });
      for (const call of this.#open.values()) call.reject(this.gone);
      this.#open.clear();
      ended.resolve(this.gone);
    };
    // A process that could not be started has no exit; a message that could not be sent has one.
    child.on('error', (error) => (child.pid === undefined ? end(messageOf(error)) : undefined));
    child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get pending(): number {
    return this.#open.size;
  }

  send(message: ToWorker): void {
    if (this.child.connected) this.child.send(message);
  }

  call(pictures: readonly PictureRequest[]): Promise<ModelRun> {
    if (this.gone) return Promise.reject(this.gone);
    const id = this.#next;
    this.#next += 1;
    const call = Promise.withResolvers<ModelRun>();
    this.#open.set(id, call);
    this.send({ type: 'run', id, pictures });
    return call.promise;
  }

  settle(message: FromWorker & { type: 'done' | 'failed' }): void {
    const call = this.#open.get(message.id);
    this.#open.delete(message.id);
    if (message.type === 'failed') call?.reject(fromErrorData(message.error));
    else call?.resolve(message);
  }

  async terminate(): Promise<void> {
    this.#why ??= 'it was stopped';
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
