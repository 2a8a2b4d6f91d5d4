import type { TuneConfiguration } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { ModelUnavailableError } from '../errors.js';
import { arrivals } from './arrivals.js';
import type { Bench, OfferedLoad, Saturation, ServedLoad } from './bench.js';
import { BATCHES, shapesOf, WAITS_MS, type TuningSpace } from './configurations.js';
import { searchTuning, type TuneStep } from './search-tuning.js';
import { TuneBudget } from './tune-budget.js';

/** How long a run of so many pictures takes. */
type RunMs = (pictures: number, configuration: TuneConfiguration) => number;

/** Queues and sessions simulated event by event, with a clock of its own. Noise is a share, the same for everything that happens within one measurement. */
class SimulatedBench implements Bench {
  nowMs = 0;
  readonly measured: TuneConfiguration[] = [];
  #state = 12_345;

  constructor(
    private readonly runMs: RunMs,
    private readonly noise = 0,
    seed = 1,
  ) {
    this.#state += seed * 7919;
  }

  async saturate(configuration: TuneConfiguration, spanMs: number): Promise<Saturation> {
    this.measured.push(configuration);
    this.nowMs += spanMs;
    const runMsP50 = this.runMs(configuration.batch, configuration) * this.#disturbance();
    return { picturesPerSecond: (configuration.replicas * configuration.batch * 1000) / runMsP50, runMsP50, runMsP95: runMsP50 };
  }

  async offer(configuration: TuneConfiguration, { picturesPerSecond, spanMs, seed }: OfferedLoad): Promise<ServedLoad> {
    this.nowMs += spanMs;
    const latencies = simulate(configuration, [...arrivals(picturesPerSecond, spanMs, seed)], this.runMs, this.#disturbance());
    return { pictures: latencies.length, latencyMsP95: latencies.sort((a, b) => a - b)[Math.ceil(latencies.length * 0.95) - 1] ?? Infinity };
  }

  #disturbance(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + this.noise * ((this.#state / 2 ** 32) * 2 - 1);
  }
}

function simulate(configuration: TuneConfiguration, dueMs: readonly number[], runMs: RunMs, disturbance: number): number[] {
  const { replicas, batch, waitMs } = configuration;
  const free = Array.from({ length: replicas }, () => 0);
  const latencies: number[] = [];
  for (let first = 0; first < dueMs.length; ) {
    const session = free.indexOf(Math.min(...free));
    const oldest = dueMs[first] as number;
    const fullMs = dueMs[first + batch - 1] ?? Infinity;
    const beginMs = Math.max(free[session] as number, batch === 1 ? oldest : Math.min(oldest + waitMs, Math.max(oldest, fullMs)));
    const taken = dueMs.slice(first, first + batch).filter((due) => due <= beginMs).length;
    const endMs = beginMs + runMs(taken, configuration) * disturbance;
    for (const due of dueMs.slice(first, first + taken)) latencies.push(endMs - due);
    free[session] = endMs;
    first += taken;
  }
  return latencies;
}

const cpu = (cores: number): TuningSpace => ({ kind: 'cpu', cores, mostReplicas: 64 });
const gpu: TuningSpace = { kind: 'gpu', cores: 8, mostReplicas: 64 };
const one = (changes: Partial<TuneConfiguration> = {}): TuneConfiguration => ({ replicas: 1, threads: 1, batch: 1, waitMs: 0, ...changes });
/** What other pictures do not cost, shared between sessions as a GPU is. */
const cheapInBatches: RunMs = (pictures, { replicas }) => (10 + pictures) * Math.max(1, replicas * 0.95);
const eachCosts = (ms: number): RunMs => (pictures, { threads }) => (pictures * ms) / threads ** 0.7;

interface Given {
  readonly defaults: TuneConfiguration;
  readonly space: TuningSpace;
  readonly minutes?: number;
  readonly targetMs?: number;
  readonly stop?: AbortController;
  readonly onStep?: (step: TuneStep) => void;
}

function search(bench: SimulatedBench, { defaults, space, minutes = 5, targetMs = 150, stop = new AbortController(), onStep = () => {} }: Given) {
  const budget = new TuneBudget({ nowMs: () => bench.nowMs, endMs: bench.nowMs + minutes * 60_000, signal: stop.signal });
  return searchTuning(bench, { defaults, space, targetMs, budget, onStep });
}

/** The highest rate of all configurations, found by trying all of them at length. */
function optimum(runMs: RunMs, space: TuningSpace, targetMs = 150): number {
  const all = shapesOf(space).flatMap((shape) => BATCHES.flatMap((batch) => [0, ...WAITS_MS].map((waitMs) => ({ ...shape, batch, waitMs }))));
  return Math.max(...all.map((configuration) => {
    const capacity = (configuration.replicas * configuration.batch * 1000) / runMs(configuration.batch, configuration);
    const kept = [1, 0.97, 0.94, 0.91, 0.88, 0.85, 0.8, 0.7, 0.6].find((share) => {
      const latencies = simulate(configuration, [...arrivals(capacity * share, 8000, 99)], runMs, 1).sort((a, b) => a - b);
      return (latencies[Math.ceil(latencies.length * 0.95) - 1] as number) <= targetMs;
    });
    return kept === undefined ? 0 : capacity * kept;
  }));
}

describe('searchTuning', () => {
  it('finds that batches pay on a device that is fast with many', async () => {
    const bench = new SimulatedBench(cheapInBatches);
    const found = await search(bench, { defaults: one({ replicas: 2 }), space: gpu });
    expect(found.verdict).toBe('better');
    expect(found.best.batch).toBeGreaterThanOrEqual(16);
    expect(found.best.picturesPerSecond).toBeGreaterThan(0.93 * optimum(cheapInBatches, gpu));
    expect(found.overDefault).toBeCloseTo((found.best.picturesPerSecond ?? 0) / (found.defaults.picturesPerSecond ?? 1), 0);
    expect(found.best.latencyMsP95).toBeLessThanOrEqual(150);
    expect(bench.nowMs).toBeLessThanOrEqual(5 * 60_000);
  });

  it('finds sessions with several threads where many sessions hinder one another', async () => {
    const crowded: RunMs = (pictures, { replicas, threads }) => ((pictures * 40) / threads ** 0.9) * (replicas > 2 ? replicas / 1.8 : 1);
    const found = await search(new SimulatedBench(crowded), { defaults: one({ replicas: 4 }), space: cpu(4) });
    expect(found).toMatchObject({ verdict: 'better', best: { replicas: 2, threads: 2, batch: 1 } });
    expect(found.best.picturesPerSecond).toBeGreaterThan(0.93 * optimum(crowded, cpu(4)));
  });

  it('says that the defaults are best where they are', async () => {
    const found = await search(new SimulatedBench(eachCosts(40)), { defaults: one({ replicas: 4 }), space: cpu(4) });
    expect(found).toMatchObject({ verdict: 'defaults-are-best', overDefault: 1, rounds: 3 });
    expect(found.best).toEqual(found.defaults);
  });

  it('does not look at bigger batches once they do not pay', async () => {
    const bench = new SimulatedBench(eachCosts(5));
    await search(bench, { defaults: one({ replicas: 4 }), space: cpu(4) });
    expect(Math.max(...bench.measured.map(({ batch }) => batch))).toBe(4);
    expect(bench.measured.some(({ waitMs }) => waitMs > 0)).toBe(false);
  });

  it('does not let noise choose', async () => {
    const verdicts: string[] = [];
    for (let seed = 1; seed <= 20; seed += 1) verdicts.push((await search(new SimulatedBench(eachCosts(40), 0.1, seed), { defaults: one({ replicas: 4 }), space: cpu(4) })).verdict);
    expect(verdicts.filter((verdict) => verdict === 'defaults-are-best').length).toBeGreaterThanOrEqual(18);
  });

  it('decides nothing in a storm', async () => {
    const verdicts: string[] = [];
    for (let seed = 1; seed <= 20; seed += 1) verdicts.push((await search(new SimulatedBench(eachCosts(20), 0.6, seed), { defaults: one({ replicas: 4 }), space: cpu(4) })).verdict);
    expect(verdicts.filter((verdict) => verdict === 'better').length).toBeLessThanOrEqual(2);
    expect(verdicts).toContain('unfinished');
  });

  it('sees through noise what is much better', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const found = await search(new SimulatedBench(cheapInBatches, 0.1, seed), { defaults: one({ replicas: 2 }), space: gpu });
      expect(found.verdict).toBe('better');
      expect(found.overDefault).toBeGreaterThan(3);
    }
  });

  it('gives the best so far when time is over, and takes no longer', async () => {
    const found = [];
    for (let seconds = 1; seconds <= 12; seconds += 0.5) {
      const bench = new SimulatedBench(cheapInBatches);
      found.push(await search(bench, { defaults: one({ replicas: 2 }), space: gpu, minutes: seconds / 60 }));
      expect(bench.nowMs).toBeLessThanOrEqual(seconds * 1000 + 0.001);
    }
    // With more and more time: nothing, something that is not sure, an answer.
    const unfinished = found.filter(({ verdict }) => verdict === 'unfinished');
    expect(unfinished.some(({ best, defaults }) => (best.picturesPerSecond ?? 0) > 2 * (defaults.picturesPerSecond ?? Infinity))).toBe(true);
    expect(unfinished.every(({ best, defaults }) => (best.picturesPerSecond ?? 0) >= (defaults.picturesPerSecond ?? 0))).toBe(true);
    expect(found.at(-1)?.verdict).toBe('better');
  });

  it('never calls the defaults best without having looked at anything else', async () => {
    for (const minutes of [0.02, 0.05, 0.1, 0.2, 0.3]) {
      const bench = new SimulatedBench(cheapInBatches);
      const found = await search(bench, { defaults: one({ replicas: 2 }), space: gpu, minutes });
      expect(found.verdict).not.toBe('defaults-are-best');
      expect(bench.nowMs).toBeLessThanOrEqual(minutes * 60_000);
    }
  });

  it('knows nothing when time is over at once, and says so', async () => {
    expect(await search(new SimulatedBench(cheapInBatches), { defaults: one(), space: gpu, minutes: 0 })).toMatchObject({ verdict: 'unfinished', best: { picturesPerSecond: null }, overDefault: null, rounds: 0, lowestLatencyMsP95: null });
  });

  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    let steps = 0;
    const found = await search(new SimulatedBench(cheapInBatches), { defaults: one({ replicas: 2 }), space: gpu, stop, onStep: () => (steps += 1) === 40 && stop.abort() });
    expect(found.verdict).toBe('unfinished');
    expect(steps).toBeLessThanOrEqual(41);
    expect(found.best.picturesPerSecond).not.toBeNull();
  });

  it('says how low the latency can be where the target is out of reach', async () => {
    const found = await search(new SimulatedBench(eachCosts(400)), { defaults: one({ replicas: 2 }), space: cpu(2) });
    expect(found).toMatchObject({ verdict: 'target-missed', overDefault: null });
    // Two threads: 400 / 2 ** 0.7.
    expect(found.lowestLatencyMsP95).toBeCloseTo(246, 0);
  });

  it('finds what keeps a target that the defaults miss', async () => {
    const found = await search(new SimulatedBench(eachCosts(200)), { defaults: one({ replicas: 2 }), space: cpu(2) });
    expect(found).toMatchObject({ verdict: 'better', best: { replicas: 1, threads: 2 }, defaults: { picturesPerSecond: null }, overDefault: null });
  });

  it('leaves out what cannot be opened; of the defaults it is told', async () => {
    const broken = (isBroken: (configuration: TuneConfiguration) => boolean) => new SimulatedBench((pictures, configuration) => {
      if (isBroken(configuration)) throw new ModelUnavailableError('no memory');
      return cheapInBatches(pictures, configuration);
    });
    const steps: TuneStep[] = [];
    const found = await search(broken(({ batch }) => batch >= 16), { defaults: one({ replicas: 2 }), space: gpu, onStep: (step) => steps.push(step) });
    expect(found).toMatchObject({ verdict: 'better', best: { batch: 8 } });
    expect(steps.filter(({ what }) => what === 'unusable').map(({ configuration, message }) => `${configuration.batch} ${message}`)).toContain('16 no memory');
    await expect(search(broken(() => true), { defaults: one(), space: gpu })).rejects.toThrow('no memory');
  });
});

describe('shapesOf', () => {
  const text = (space: TuningSpace) => shapesOf(space).map(({ replicas, threads }) => `${replicas}x${threads}`).join(' ');
  it.each([
    [cpu(1), '1x1'],
    [cpu(2), '2x1 1x1 1x2'],
    [cpu(6), '6x1 5x1 3x2 2x2 1x4 1x6'],
    [{ ...cpu(16), mostReplicas: 5 }, '5x1 5x2 4x4 3x4 2x8 1x8 1x16'],
    [gpu, '1x1 2x1 3x1 4x1'],
    [{ ...gpu, mostReplicas: 2 }, '1x1 2x1'],
  ])('%j: %s', (space, shapes) => expect(text(space)).toBe(shapes));

  it('uses no more threads than there are cores', () => {
    for (let cores = 1; cores <= 64; cores += 1) for (const { replicas, threads } of shapesOf(cpu(cores))) expect(replicas * threads).toBeLessThanOrEqual(cores);
  });
});
