import type { ProcessStatus, RunFile } from '@argus/contracts';
import { isoTime, messageOf, systemClock } from '@argus/kernel';
import type { Service } from './service.js';
import { SupervisedService, type SupervisedOptions } from './supervised-service.js';
import { writeRunFile } from './run-file.js';

/** Every service gets this long to end in order; inference first, so that its last events still find the gateway. */
const STOP_DEADLINE_MS = 10_000;

export interface SupervisorOptions extends Omit<SupervisedOptions, 'onChange' | 'onReady'> {
  readonly dataFolder: string;
}

/** What services said when they were ready, by name; looked up at each launch, because it may change. */
export type ServiceDetails = ReadonlyMap<string, Readonly<Record<string, unknown>>>;
/** A step of the start: its service may need what the steps before it said. */
export type ServiceStep = (details: ServiceDetails) => Service;

/** Starts services one after the other, keeps each running on its own, stops them in the opposite order, and tells run.json. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #services: SupervisedService[] = [];
  readonly #self: ProcessStatus;
  readonly #details = new Map<string, Readonly<Record<string, unknown>>>();
  #url: string | null = null;
  #stopping = false;
  #writes: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#self = { name: 'supervisor', pid: process.pid, state: 'up', since: isoTime((options.clock ?? systemClock).nowMs()), restarts: 0 };
  }

  /** The gateway's address once it is known. */
  get url(): string | null {
    return this.#url;
  }

  get processes(): readonly ProcessStatus[] {
    return [{ ...this.#self, state: this.#stopping ? 'stopping' : 'up' }, ...this.#services.map((service) => service.status)];
  }

  /** Rejected when a service cannot be started or stop() was called meanwhile; what runs by then keeps running until stop(). */
  async start(steps: readonly ServiceStep[]): Promise<void> {
    for (const step of steps) {
      const made = step(this.#details);
      const service = new SupervisedService(made, { ...this.#options, onChange: () => this.#record(), onReady: (details) => this.#take(made.name, details) });
      this.#services.push(service);
      await service.start();
    }
    await this.#writes;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#record();
    for (const service of this.#services.toReversed()) {
      this.#options.onNote(`Stopping ${service.name} …`);
      await service.stop(STOP_DEADLINE_MS);
    }
    await this.#writes;
    await writeRunFile(this.#options.dataFolder, { version: 1, url: null, processes: this.processes.map((entry) => ({ ...entry, pid: null, state: 'down' })) });
  }

  /** Services that come after one whose address changed were given the old one: they are started again. */
  #take(name: string, details: Readonly<Record<string, unknown>>): void {
    const before = this.#details.get(name)?.['url'];
    this.#details.set(name, details);
    if (name === 'gateway') this.#url = typeof details['url'] === 'string' ? details['url'] : null;
    if (before === undefined || before === details['url']) return;
    const next = this.#services[this.#services.findIndex((service) => service.name === name) + 1];
    if (next === undefined) return;
    this.#options.onNote(`${name} has moved: starting ${next.name} again.`);
    next.recycle(STOP_DEADLINE_MS).catch((error: unknown) => this.#options.onNote(`cannot stop ${next.name}: ${messageOf(error)}`));
  }

  /** Writes follow each other, so that the last state is the last on disk. */
  #record(): void {
    const run: RunFile = { version: 1, url: this.#url, processes: [...this.processes] };
    this.#writes = this.#writes
      .then(() => writeRunFile(this.#options.dataFolder, run))
      .catch((error: unknown) => this.#options.onNote(`cannot write run.json: ${String(error)}`));
  }
}
