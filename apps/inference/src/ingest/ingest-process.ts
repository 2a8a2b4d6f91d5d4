import { fork, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@argus/kernel';
import { readBlame } from '../ring/pixel-ring.js';
import type { CropOrder, Cut, FrameRef, FromChild, JpegOrder, SourceRef, ToChild } from './messages.js';
import { Pulse } from './pulse.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./child/main.js', import.meta.url));
/** A child says once a second that it lives; loading the native library at the start takes longer. */
const WEDGED_AFTER_MS = 5000;
const START_WITHIN_MS = 20_000;
const ANSWER_WITHIN_MS = 5000;
const EXIT_WITHIN_MS = 2000;
/** Measured with 48 of them still: 6 MB each above the 95 MB of a child, its event loop late by 4 ms (99th percentile). */
export const CAMERAS_PER_CHILD = 50;
/** Two threads a camera and some more: every blocked read of a stalled camera holds one. They are made when needed. */
const THREADS = String(2 * CAMERAS_PER_CHILD + 8);
/** A child makes little garbage, and its many threads need no heaps of their own: 40 MB less with 50 cameras. */
const NODE_FLAGS = ['--max-semi-space-size=2'];
const HEAPS = '2';

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was ended because it no longer answered. */
  readonly wedged: boolean;
  /** Run number of the source that native code worked for; 0: unknown. */
  readonly blamedRun: number;
}

export interface IngestProcessOptions {
  readonly ringPath: string;
  readonly log: Logger;
  readonly onMessage: (message: FromChild) => void;
  readonly onExit: (exit: ChildExit) => void;
}

/** Only what a child needs: no token, no paths of the product. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ, LANG, TMPDIR } = process.env;
  return { PATH, HOME, TZ, LANG, TMPDIR, UV_THREADPOOL_SIZE: THREADS, MALLOC_ARENA_MAX: HEAPS };
}

export const forkIngest = (args: readonly string[]): ChildProcess =>
  fork(CHILD_SCRIPT, [...args], { serialization: 'advanced', env: childEnvironment(), execArgv: NODE_FLAGS, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

/** The parent's end of one ingest child: commands, requests with answers, and the watch over its pulse. */
export class IngestProcess {
  readonly ringPath: string;
  readonly #child: ChildProcess;
  readonly #watch: NodeJS.Timeout;
  readonly #answers = new Map<number, (answer: FromChild | null) => void>();
  #crops: { readonly order: CropOrder; readonly resolve: (cut: Cut | null) => void }[] = [];
  #doneSlots: number[] = [];
  #doneFrames: FrameRef[] = [];
  #requests = 0;
  readonly #pulse = new Pulse(START_WITHIN_MS, performance.now());
  #wedgedRun: number | null = null;
  #gone = false;
  /** Of its last sign of life; null before the first. */
  beat: Pick<Extract<FromChild, { type: 'beat' }>, 'usage' | 'loopDelayMsP99'> | null = null;

  constructor(private readonly options: IngestProcessOptions) {
    this.ringPath = options.ringPath;
    this.#child = forkIngest([options.ringPath]);
    this.#child.on('message', (message) => this.#received(message as FromChild));
    this.#child.on('error', (error) => options.log.error('an ingest child could not be started or reached', { error }));
    this.#child.on('exit', (code, signal) => this.#exited(code, signal));
    this.#watch = setInterval(() => this.#checkPulse(), 1000);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** The slot's pixels have been read; it may be written again. */
  free(slot: number): void {
    this.#doneSlots.push(slot);
    this.#tellLater();
  }

  /** The native picture is not needed any more. */
  release({ cameraId, run, frame }: FrameRef): void {
    this.#doneFrames.push({ cameraId, run, frame });
    this.#tellLater();
  }

  /** Cuts and scales a part of a kept frame into a slot; null when the frame or the child is gone, or no slot is free. All that is asked for at once goes in one message. */
  crop(order: CropOrder): Promise<Cut | null> {
    if (this.#crops.length === 0) queueMicrotask(() => void this.#askForCrops());
    return new Promise((resolve) => this.#crops.push({ order, resolve }));
  }

  async jpeg(source: SourceRef, order: JpegOrder): Promise<Uint8Array | null> {
    const { cameraId, run } = source;
    const answer = await this.#ask((request) => ({ type: 'jpeg', cameraId, run, request, ...order }));
    return answer?.type === 'jpeg' ? answer.data : null;
  }

  /** Ends a child that does not do its work; `run` is the source that is to blame, 0 when unknown. */
  recycle(run: number): void {
    if (this.#gone) return;
    this.#wedgedRun ??= run;
    this.#child.kill('SIGKILL');
  }

  /** Ends it for good; resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#gone) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    // Not only disconnected: it has files to finish, and to tell of them.
    this.send({ type: 'end' });
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), EXIT_WITHIN_MS);
    await exited;
    clearTimeout(killer);
  }

  async #askForCrops(): Promise<void> {
    const asked = this.#crops;
    this.#crops = [];
    const answer = await this.#ask((request) => ({ type: 'crops', request, orders: asked.map(({ order }) => order) }));
    asked.forEach(({ resolve }, index) => resolve(answer?.type === 'cropped' ? (answer.cuts[index] ?? null) : null));
  }

  /** A slot and its frame are mostly given back in the same turn of the event loop: one message for both, and for those of other cameras. */
  #tellLater(): void {
    if (this.#doneSlots.length + this.#doneFrames.length > 1) return;
    setImmediate(() => {
      this.send({ type: 'done', slots: this.#doneSlots, frames: this.#doneFrames });
      [this.#doneSlots, this.#doneFrames] = [[], []];
    });
  }

  #ask(make: (request: number) => ToChild): Promise<FromChild | null> {
    if (this.#gone) return Promise.resolve(null);
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answers.get(request)?.(null), ANSWER_WITHIN_MS);
      this.#answers.set(request, (answer) => {
        clearTimeout(timer);
        this.#answers.delete(request);
        resolve(answer);
      });
      this.send(make(request));
    });
  }

  #received(message: FromChild): void {
    if (message.type === 'beat') {
      this.#pulse.beat(WEDGED_AFTER_MS, performance.now());
      this.beat = message;
    }
    const isAnswer = message.type === 'cropped' || message.type === 'jpeg';
    if (!isAnswer) return this.options.onMessage(message);
    const settle = this.#answers.get(message.request);
    if (settle) settle(message);
    // Nobody waits any more: the slots must not stay taken.
    else if (message.type === 'cropped') for (const cut of message.cuts) if (cut) this.free(cut.slot);
  }

  #checkPulse(): void {
    if (!this.#pulse.isOver(performance.now())) return;
    this.options.log.warn('an ingest child does not answer and is replaced', { pid: this.pid });
    this.recycle(readBlame(this.ringPath));
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#gone = true;
    clearInterval(this.#watch);
    const blamedRun = this.#wedgedRun ?? readBlame(this.ringPath);
    rmSync(this.ringPath, { force: true });
    for (const settle of this.#answers.values()) settle(null);
    this.options.onExit({ code, signal, wedged: this.#wedgedRun !== null, blamedRun });
  }
}
