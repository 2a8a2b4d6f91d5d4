import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelManifest, TuneConfiguration } from '@argus/contracts';
import { silentLogger, ValueWindow, type Clock } from '@argus/kernel';
import { ModelUnavailableError } from '../errors.js';
import { ModelLane } from '../models/model-lane.js';
import type { Assignment } from '../models/placement.js';
import { arrivals } from './arrivals.js';
import type { Bench, OfferedLoad, Saturation, ServedLoad } from './bench.js';
import { keyOf } from './configurations.js';
import type { PictureSlots } from './picture-slots.js';
import type { SessionShelf } from './session-shelf.js';

export interface LaneBenchOptions {
  readonly manifest: ModelManifest;
  readonly device: Pick<Assignment, 'device' | 'provider' | 'deviceIndex'>;
  readonly shelf: Pick<SessionShelf, 'take' | 'onRun'>;
  readonly pictures: Pick<PictureSlots, 'next'>;
  readonly clock: Clock;
  /** Ends what is under way as soon as its pictures are answered. */
  readonly signal: AbortSignal;
}

/** More than any lane of the engine lets wait: what is too much shows in the time it takes. */
const MAX_WAITING = 16_384;
/** Enough for one run under way and the next one behind it. */
const QUEUED_RUNS = 2;
const LEAST_RUNS = 2;

/** Measures with the engine's own lane and real sessions. One configuration is set up at a time. */
export class LaneBench implements Bench {
  #lane: { readonly key: string; readonly lane: ModelLane; trouble: string | null } | null = null;

  constructor(private readonly options: LaneBenchOptions) {}

  async saturate(configuration: TuneConfiguration, spanMs: number): Promise<Saturation> {
    const lane = await this.#set(configuration);
    const { clock, signal, shelf } = this.options;
    const { replicas, batch } = configuration;
    const runs = new ValueWindow(4096);
    shelf.onRun = (runMs) => runs.add(runMs);
    const startMs = clock.monotonicMs();
    let [answered, lastMs] = [0, startMs];
    const isOver = (): boolean => signal.aborted || (clock.monotonicMs() - startMs >= spanMs && answered >= LEAST_RUNS * replicas * batch);
    const feed = async (): Promise<void> => {
      do {
        await this.#ask(lane);
        answered += 1;
        lastMs = clock.monotonicMs();
      } while (!isOver());
    };
    await Promise.all(Array.from({ length: QUEUED_RUNS * replicas * batch }, feed));
    shelf.onRun = () => {};
    return { picturesPerSecond: (answered * 1000) / (lastMs - startMs), runMsP50: runs.percentile(0.5) ?? Infinity, runMsP95: runs.percentile(0.95) ?? Infinity };
  }

  async offer(configuration: TuneConfiguration, { picturesPerSecond, spanMs, seed, giveUpMs }: OfferedLoad): Promise<ServedLoad> {
    const lane = await this.#set(configuration);
    const { clock, signal } = this.options;
    const startMs = clock.monotonicMs();
    const latenciesMs: number[] = [];
    const cameAtMs: number[] = [];
    const answers: Promise<void>[] = [];
    let [lost, answered] = [0, 0];
    for (const dueMs of arrivals(picturesPerSecond, spanMs, seed)) {
      const waitMs = startMs + dueMs - clock.monotonicMs();
      if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      const now = clock.monotonicMs();
      // Pictures are answered about in the order in which they came.
      const isLate = now - (cameAtMs[answered] ?? now) > giveUpMs;
      if (isLate) lost += 1;
      if (isLate || signal.aborted) break;
      // Late when this process was held up: the picture came all the same.
      const cameMs = Math.min(now, startMs + dueMs);
      cameAtMs.push(cameMs);
      const answer = this.#ask(lane).then(() => latenciesMs.push(clock.monotonicMs() - cameMs), () => (lost += 1));
      answers.push(answer.then(() => void (answered += 1)));
    }
    await Promise.all(answers);
    return { pictures: cameAtMs.length, latencyMsP95: lost > 0 ? Infinity : percentile95(latenciesMs) };
  }

  async close(): Promise<void> {
    await this.#lane?.lane.close();
    this.#lane = null;
  }

  #ask(lane: ModelLane): Promise<unknown> {
    return lane.ask(this.options.pictures.next());
  }

  /** Lanes are cheap, sessions come from the shelf. */
  async #set(configuration: TuneConfiguration): Promise<ModelLane> {
    const { manifest, device, shelf, clock } = this.options;
    const key = keyOf(configuration);
    if (this.#lane?.key === key && this.#lane.trouble === null) return this.#lane.lane;
    await this.close();
    const opened = Promise.withResolvers<void>();
    const lane = new ModelLane({
      model: manifest, assignments: [{ ...device, ...configuration }], open: (assignment) => shelf.take(assignment), clock, log: silentLogger, maxWaiting: MAX_WAITING,
      onDeviceTrouble: (_, reason) => {
        if (this.#lane?.lane === lane) this.#lane.trouble = reason;
        opened.reject(new ModelUnavailableError(`model ${manifest.id} on ${device.device}: ${reason}`));
      },
    });
    this.#lane = { key, lane, trouble: null };
    lane.onChange = () => {
      if (lane.problem !== null) opened.reject(new ModelUnavailableError(lane.problem));
      else if (lane.stats().every(({ replicas }) => replicas === configuration.replicas)) opened.resolve();
    };
    try {
      await this.#unlessStopped(opened.promise);
      await this.#warmUp(lane, configuration);
      return lane;
    } catch (error) {
      // Left as it is it would go on trying, and be taken for one that works.
      await this.close();
      throw error;
    }
  }

  /** The first runs of a session, and of a batch, allocate. */
  async #warmUp(lane: ModelLane, { replicas, batch }: TuneConfiguration): Promise<void> {
    await Promise.all(Array.from({ length: QUEUED_RUNS * replicas * batch }, () => this.#ask(lane)));
  }

  async #unlessStopped(opened: Promise<void>): Promise<void> {
    const { signal } = this.options;
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(new ModelUnavailableError('the measurement was stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      await Promise.race([opened, stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

function percentile95(values: readonly number[]): number {
  const window = new ValueWindow(Math.max(1, values.length));
  for (const value of values) window.add(value);
  return window.percentile(0.95) ?? Infinity;
}
