import { messageOf, Rounds, type Logger } from '@argus/kernel';

export interface ClaimedWorkOptions<Job> {
  /** null: nothing waits. */
  readonly claim: () => Promise<Job | null>;
  /** Says itself what became of the job; what it throws is the database's fault. Aborted: the worker stops, and the job is to be put back. */
  readonly run: (job: Job, signal: AbortSignal) => Promise<void>;
  /** What the log calls the jobs. */
  readonly name: string;
  readonly log: Logger;
}

/** Without a wake-up, and for jobs that a dead worker left. */
const LOOK_EVERY_MS = 3000;

/** Works on claimed jobs one after the other, as long as there are any. */
export class ClaimedWork<Job> {
  readonly #rounds = new Rounds(() => this.look().then(() => LOOK_EVERY_MS));
  #round: Promise<void> | null = null;

  constructor(private readonly options: ClaimedWorkOptions<Job>) {}

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing waits any more. A wake-up during a round finds the job by it. */
  look(): Promise<void> {
    return (this.#round ??= this.#take().finally(() => (this.#round = null)));
  }

  async stop(): Promise<void> {
    await this.#rounds.stop(new Error('the worker stops'));
    // One that a wake-up began.
    await this.#round;
  }

  async #take(): Promise<void> {
    const { claim, run, name, log } = this.options;
    try {
      while (!this.#rounds.signal.aborted) {
        const job = await claim();
        if (job === null) return;
        await run(job, this.#rounds.signal);
      }
    } catch (error) {
      log.warn(`${name} cannot be worked on, trying again soon`, { error: messageOf(error) });
    }
  }
}
