import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessStatus } from '@argus/contracts';
import { Backoff, type Clock, isoTime, messageOf, systemClock } from '@argus/kernel';
import type { RunningService, Service } from './service.js';

export interface SupervisedOptions {
  readonly clock?: Clock;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  /** Failed launches in a row that are accepted before the service was ready for the first time. */
  readonly firstAttempts?: number;
  /** Up for this long: the next failure is a new one, not a repetition. */
  readonly steadyAfterMs?: number;
  /** It is ready, for the first time or again; details may differ from the last time. */
  readonly onReady: (details: Readonly<Record<string, unknown>>) => void;
  /** The status changed. */
  readonly onChange: (status: ProcessStatus) => void;
  /** Something a person should read. */
  readonly onNote: (text: string) => void;
}

/** Keeps one service running: launches it, launches it again with growing delays when it ends, until it is told to stop. */
export class SupervisedService {
  readonly #service: Service;
  readonly #options: Required<SupervisedOptions>;
  readonly #abort = new AbortController();
  readonly #backoff: Backoff;
  #status: ProcessStatus;
  #running: RunningService | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(service: Service, options: SupervisedOptions) {
    this.#service = service;
    this.#options = { clock: systemClock, firstDelayMs: 500, maxDelayMs: 15_000, firstAttempts: 3, steadyAfterMs: 60_000, ...options };
    this.#backoff = new Backoff({ firstMs: this.#options.firstDelayMs, maxMs: this.#options.maxDelayMs });
    this.#status = { name: service.name, pid: null, state: 'down', since: isoTime(this.#options.clock.nowMs()), restarts: 0 };
  }

  get name(): string {
    return this.#service.name;
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  /** Fulfilled when it is ready for the first time. Rejected when the first launches fail: a wrong setting does not heal by itself. */
  async start(): Promise<void> {
    const first = this.#launchFirst();
    this.#loop = first.then(
      () => undefined,
      () => undefined, // told to the caller of start(); here only its end matters
    );
    const running = await first;
    this.#loop = this.#keepRunning(running);
  }

  /** Ends it; it is not started again. */
  async stop(deadlineMs: number): Promise<void> {
    this.#abort.abort();
    if (this.#running !== null) {
      this.#change({ state: 'stopping' });
      await this.#running.stop(deadlineMs);
    }
    await this.#loop;
    this.#change({ state: 'down', pid: null });
  }

  /** Ends what runs so that it is launched again with the settings of now. */
  async recycle(deadlineMs: number): Promise<void> {
    await this.#running?.stop(deadlineMs);
  }

  async #launchFirst(): Promise<RunningService> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#launch('starting');
      } catch (error) {
        this.#abort.signal.throwIfAborted();
        if (attempt >= this.#options.firstAttempts) {
          this.#change({ state: 'down', pid: null });
          throw error;
        }
        await this.#pause(messageOf(error));
      }
    }
  }

  async #launch(state: 'starting' | 'restarting'): Promise<RunningService> {
    this.#change({ state, pid: null });
    const running = await this.#service.launch(this.#abort.signal, (pid) => this.#change({ state, pid }));
    if (this.#abort.signal.aborted) {
      await running.stop(0);
      this.#abort.signal.throwIfAborted();
    }
    this.#running = running;
    this.#options.onReady(running.details);
    this.#change({ state: 'up', pid: running.pid });
    return running;
  }

  async #keepRunning(first: RunningService): Promise<void> {
    let running: RunningService | null = first;
    while (!this.#abort.signal.aborted) {
      if (running !== null) {
        const upSinceMs = this.#options.clock.monotonicMs();
        const reason = await running.ended;
        this.#running = null;
        if (this.#abort.signal.aborted) return;
        if (this.#options.clock.monotonicMs() - upSinceMs > this.#options.steadyAfterMs) this.#backoff.reset();
        await this.#pause(`${this.name} ${reason}`);
      }
      running = await this.#relaunch();
    }
  }

  /** null: it failed again, and the pause is over. */
  async #relaunch(): Promise<RunningService | null> {
    if (this.#abort.signal.aborted) return null;
    try {
      const running = await this.#launch('restarting');
      this.#options.onNote(`${this.name} is back (process ${running.pid ?? 'unknown'}).`);
      return running;
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#pause(messageOf(error));
      return null;
    }
  }

  async #pause(why: string): Promise<void> {
    const delayMs = this.#backoff.nextMs();
    this.#status = { ...this.#status, restarts: this.#status.restarts + 1 };
    this.#change({ state: 'restarting', pid: null });
    this.#options.onNote(`${why}; starting it again in ${(delayMs / 1000).toFixed(1)} s.`);
    await sleep(delayMs, undefined, { signal: this.#abort.signal }).catch(() => undefined); // woken early by stop()
  }

  #change(to: Pick<ProcessStatus, 'state'> & Partial<ProcessStatus>): void {
    const since = to.state === this.#status.state ? this.#status.since : isoTime(this.#options.clock.nowMs());
    this.#status = { ...this.#status, ...to, since };
    this.#options.onChange(this.#status);
  }
}
