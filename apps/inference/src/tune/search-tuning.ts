import type { TuneConfiguration, TuneFigures, TuneResult } from '@argus/contracts';
import { ModelUnavailableError } from '../errors.js';
import type { Bench, Saturation } from './bench.js';
import { BATCHES, keyOf, shapesOf, WAITS_MS, type TuningSpace } from './configurations.js';
import { highestRate, SPANS_OF_RATE, sustainable, type KeptRate, type RateSearch } from './highest-rate.js';
import type { TuneBudget } from './tune-budget.js';

/** One line of progress. */
export interface TuneStep {
  readonly what: 'capacity' | 'rate' | 'unusable';
  readonly configuration: TuneConfiguration;
  readonly picturesPerSecond: number | null;
  /** Of a run where the capacity was measured, of queue and run where a rate was; null: not kept in any sense. */
  readonly latencyMs: number | null;
  readonly message: string | null;
}

export interface SearchOptions {
  /** What the engine chooses by itself. */
  readonly defaults: TuneConfiguration;
  readonly space: TuningSpace;
  readonly targetMs: number;
  readonly budget: TuneBudget;
  readonly onStep: (step: TuneStep) => void;
}

export type SearchResult = Pick<TuneResult, 'verdict' | 'defaults' | 'best' | 'overDefault' | 'rounds' | 'lowestLatencyMsP95'>;

interface Candidate {
  readonly configuration: TuneConfiguration;
  /** By round; the first is the one by which candidates were chosen. */
  readonly rates: (KeptRate | null)[];
}

/** A candidate has to be better by so much, and a batch has to pay by so much. */
const MARGIN = 1.03;
/** Waiting may make up for a tenth. */
const WORTH_A_WAIT = 1.1;
const CANDIDATES = 4;
/** The percentile of fewer pictures is no figure to name. */
const TELLING = 5;
const RUNS_FOR_LOWEST = 40;
const FINALISTS = 2;
const LEAST_ROUNDS = 3;
/** Fewer candidates and enough rounds rather than many and none. */
const SHARE_COMPARED = 0.5;
/** Of its share a search for a rate: its last look begins within it and ends after it. */
const SHARE_USED = 0.8;
const MOST_ROUNDS = 5;
/** Three rounds of three, four of five: on a machine that is disturbed two of three are won by chance. */
const STEADY = 0.8;

/** Searches how a model runs best on a device: highest rate of arrivals whose 95th percentile keeps the target. Ends when the budget does, with what is known. */
export async function searchTuning(bench: Bench, options: SearchOptions): Promise<SearchResult> {
  const search = new TuningSearch(bench, options);
  return search.run();
}

class TuningSearch {
  readonly #defaults: Candidate;
  readonly #curve: { readonly configuration: TuneConfiguration; readonly saturation: Saturation }[] = [];
  /** Pictures per second, the most that was seen. */
  readonly #capacity = new Map<string, number>();
  readonly #candidates: Candidate[] = [];
  #finalists: Candidate[] = [];
  #rounds = 0;
  /** Every arrangement was looked at, and enough of them closely, to say that nothing is better. */
  #isThorough = false;
  #lowestMs = Infinity;
  /** When what is worth comparing has to be known. */
  #compareAtMs = 0;
  /** What searches for a rate took, with opening and draining, to plan the next ones. */
  #rateSearches = 0;
  #spansOfRates = 0;

  constructor(
    private readonly bench: Bench,
    private readonly options: SearchOptions,
  ) {
    this.#defaults = { configuration: options.defaults, rates: [] };
  }

  async run(): Promise<SearchResult> {
    const { budget, space } = this.options;
    const shapes = shapesOf(space);
    this.#compareAtMs = budget.leftMs * SHARE_COMPARED;
    const batches = space.kind === 'gpu' ? BATCHES.length : BATCHES.length / 2;
    budget.plan(0.5 * batches * shapes.length + SPANS_OF_RATE * (1 + CANDIDATES + WAITS_MS.length / 2 + LEAST_ROUNDS * (1 + FINALISTS)));
    this.#defaults.rates.push((await this.#rate(this.#defaults, 0, this.#shareOfLook)).kept);
    for (const shape of shapes) await this.#measureBatches(shape);
    await this.#screen();
    await this.#tryWaits();
    await this.#compare();
    return this.#result();
  }

  /** A bigger batch as long as it pays; two in a row that do not are the end, one may be chance. */
  async #measureBatches(shape: Pick<TuneConfiguration, 'replicas' | 'threads'>): Promise<void> {
    const { budget, targetMs } = this.options;
    let [best, idle] = [0, 0];
    for (const batch of BATCHES) {
      if (this.#isTimeToCompare || idle === 2) return;
      const configuration = { ...shape, batch, waitMs: 0 };
      const saturation = await this.#tolerant(configuration, () => this.bench.saturate(configuration, budget.spanMs / 2));
      budget.spent(0.5);
      if (saturation === null) return;
      this.#sawCapacity(configuration, saturation);
      idle = saturation.picturesPerSecond > best * MARGIN ? 0 : idle + 1;
      if (idle === 0) this.#curve.push({ configuration, saturation });
      best = Math.max(best, saturation.picturesPerSecond);
      // Nothing that takes longer alone can be in time in a crowd.
      if (saturation.runMsP50 > targetMs) return;
    }
  }

  /** The most promising, by what their capacity lets expect, are measured once. */
  async #screen(): Promise<void> {
    const { targetMs, defaults } = this.options;
    const ranked = this.#curve.filter(({ configuration }) => keyOf(configuration) !== keyOf(defaults)).map(({ configuration, saturation }) => ({ configuration, expected: sustainable(saturation, configuration, targetMs) }));
    ranked.sort((a, b) => b.expected - a.expected);
    const isCurveWhole = !this.#isTimeToCompare;
    let measured = 0;
    for (const { configuration } of ranked.slice(0, CANDIDATES)) if (await this.#add(configuration)) measured += 1;
    this.#isThorough = isCurveWhole && measured >= Math.min(FINALISTS, ranked.length);
  }

  /** Waiting for fuller runs, where runs of several pictures are cheaper at all. */
  async #tryWaits(): Promise<void> {
    const ranked = byRate(this.#candidates);
    const [highest = 0] = ranked.map(rateOf);
    const batched = ranked.find((candidate) => candidate.configuration.batch > 1 && rateOf(candidate) * WORTH_A_WAIT > highest);
    if (!batched) return;
    for (const waitMs of WAITS_MS) await this.#add({ ...batched.configuration, waitMs });
  }

  /** The best against the defaults, in turns: whatever else the machine does meanwhile hits all of them. The rounds before do not count, chance chose by them. */
  async #compare(): Promise<void> {
    this.#finalists = byRate(this.#candidates).slice(0, FINALISTS);
    const { budget } = this.options;
    if (this.#finalists.length === 0 && this.#defaults.rates[0] === null) return this.#lookForLowest();
    for (let round = 1; round <= MOST_ROUNDS && !(round > LEAST_ROUNDS && this.#isClear()); round += 1) {
      const turn = [this.#defaults, ...this.#finalists];
      if (round <= LEAST_ROUNDS) budget.plan((LEAST_ROUNDS + 1 - round) * turn.length * Math.max(SPANS_OF_RATE, this.#spansOfRates / this.#rateSearches));
      if (round % 2 === 0) turn.reverse();
      for (const [index, candidate] of turn.entries()) {
        if (budget.over) return;
        const toCome = turn.length * Math.max(0, LEAST_ROUNDS - round) + turn.length - index;
        const { kept, complete } = (await this.#tolerant(candidate.configuration, () => this.#rate(candidate, round, (SHARE_USED * budget.leftMs) / toCome))) ?? { kept: null, complete: true };
        // One that was cut short ended too low.
        if (!complete) return;
        candidate.rates[round] = kept;
      }
      this.#rounds = round;
    }
  }

  /** Nothing keeps the target: how long the fastest session takes for a picture that finds it idle. */
  async #lookForLowest(): Promise<void> {
    const { budget } = this.options;
    const fastest = this.#curve.filter(({ configuration }) => configuration.batch === 1).toSorted((a, b) => a.saturation.runMsP50 - b.saturation.runMsP50)[0];
    if (budget.over || !fastest) return;
    const configuration = { ...fastest.configuration, replicas: 1 };
    const alone = await this.#tolerant(configuration, () => this.bench.saturate(configuration, Math.min(budget.leftMs, RUNS_FOR_LOWEST * fastest.saturation.runMsP50)));
    if (alone === null) return;
    this.#sawCapacity(configuration, alone);
    this.#lowestMs = Math.min(this.#lowestMs, alone.runMsP95);
  }

  /** All rounds say the same. */
  #isClear(): boolean {
    return this.#finalists.every((candidate) => {
      const ratios = this.#ratios(candidate);
      return ratios.every((ratio) => ratio > MARGIN) || ratios.every((ratio) => ratio <= MARGIN);
    });
  }

  #ratios(candidate: Candidate): number[] {
    return Array.from({ length: this.#rounds }, (_, index) => ratioOf(candidate.rates[index + 1] ?? null, this.#defaults.rates[index + 1] ?? null));
  }

  #result(): SearchResult {
    const [from, to] = this.#rounds > 0 ? [1, this.#rounds + 1] : [0, 1];
    const figuresOf = ({ configuration, rates }: Candidate): TuneFigures => ({ ...configuration, ...middleOf(rates.slice(from, to)) });
    const better = this.#better();
    const figures = { defaults: figuresOf(this.#defaults), best: figuresOf(better?.candidate ?? this.#defaults) };
    const ratio = better?.ratio ?? 1;
    return {
      ...figures,
      verdict: this.#verdict(better?.isSteady ?? null, figures.best.picturesPerSecond === null),
      overDefault: figures.defaults.picturesPerSecond === null || !Number.isFinite(ratio) ? null : ratio,
      rounds: this.#rounds,
      lowestLatencyMsP95: finite(this.#lowestMs),
    };
  }

  /** The candidate that beats the defaults by most: one that nearly every round says so of, before one that only the median does. */
  #better(): { readonly candidate: Candidate; readonly ratio: number; readonly isSteady: boolean } | undefined {
    const scored = (this.#rounds > 0 ? this.#finalists : this.#candidates).map((candidate) => {
      const ratios = this.#rounds > 0 ? this.#ratios(candidate) : [ratioOf(candidate.rates[0] ?? null, this.#defaults.rates[0] ?? null)];
      return { candidate, ratio: median(ratios), isSteady: ratios.filter((ratio) => ratio > 1).length >= STEADY * ratios.length };
    });
    return scored.filter(({ ratio }) => ratio > MARGIN).toSorted((a, b) => Number(b.isSteady) - Number(a.isSteady) || b.ratio - a.ratio)[0];
  }

  /** `isSteady`: of what is better; null: nothing is. */
  #verdict(isSteady: boolean | null, missed: boolean): SearchResult['verdict'] {
    if (missed) return this.#isThorough ? 'target-missed' : 'unfinished';
    if (this.#rounds < LEAST_ROUNDS) return 'unfinished';
    if (isSteady === null) return this.#isThorough ? 'defaults-are-best' : 'unfinished';
    return isSteady ? 'better' : 'unfinished';
  }

  /** Time of one first look. */
  get #shareOfLook(): number {
    return this.#compareAtMs / (1 + CANDIDATES + WAITS_MS.length);
  }

  get #isTimeToCompare(): boolean {
    return this.options.budget.over || this.options.budget.leftMs < this.#compareAtMs;
  }

  /** False when there was no time for it. */
  async #add(configuration: TuneConfiguration): Promise<boolean> {
    if (this.#isTimeToCompare) return false;
    const candidate: Candidate = { configuration, rates: [] };
    const found = await this.#tolerant(configuration, () => this.#rate(candidate, 0, this.#shareOfLook));
    candidate.rates.push(found?.kept ?? null);
    if (found?.kept) this.#candidates.push(candidate);
    return true;
  }

  async #rate(candidate: Candidate, seed: number, shareMs: number): Promise<RateSearch> {
    const { budget } = this.options;
    const leftBefore = budget.leftMs;
    try {
      return await this.#highestRate(candidate, seed, shareMs);
    } catch (error) {
      // Whatever is under way when time is over ends with an error.
      if (error instanceof ModelUnavailableError && budget.over) return { kept: null, complete: false };
      throw error;
    } finally {
      this.#spansOfRates += (leftBefore - budget.leftMs) / budget.spanMs;
      this.#rateSearches += 1;
    }
  }

  #highestRate({ configuration }: Candidate, seed: number, shareMs: number): Promise<RateSearch> {
    const { targetMs, budget, onStep } = this.options;
    return highestRate(this.bench, configuration, {
      targetMs, budget, seed, shareMs, capacityBefore: this.#capacity.get(keyOf(configuration)) ?? 0,
      onCapacity: (saturation) => this.#sawCapacity(configuration, saturation),
      onOffer: (picturesPerSecond, { pictures, latencyMsP95 }) => {
        if (pictures >= TELLING) this.#lowestMs = Math.min(this.#lowestMs, latencyMsP95);
        onStep({ what: 'rate', configuration, picturesPerSecond, latencyMs: finite(latencyMsP95), message: null });
      },
    });
  }

  #sawCapacity(configuration: TuneConfiguration, { picturesPerSecond, runMsP50 }: Saturation): void {
    this.#capacity.set(keyOf(configuration), Math.max(picturesPerSecond, this.#capacity.get(keyOf(configuration)) ?? 0));
    this.options.onStep({ what: 'capacity', configuration, picturesPerSecond, latencyMs: runMsP50, message: null });
  }

  /** What cannot be opened or dies, for want of memory for example, is left out; that the defaults cannot be is another matter. */
  async #tolerant<T>(configuration: TuneConfiguration, measure: () => Promise<T>): Promise<T | null> {
    try {
      return await measure();
    } catch (error) {
      if (!(error instanceof ModelUnavailableError)) throw error;
      this.options.onStep({ what: 'unusable', configuration, picturesPerSecond: null, latencyMs: null, message: error.message });
      return null;
    }
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const rateOf = ({ rates }: Candidate): number => rates[0]?.picturesPerSecond ?? 0;
const byRate = (candidates: readonly Candidate[]): Candidate[] => candidates.toSorted((a, b) => rateOf(b) - rateOf(a));

/** Of two rates of one round. Where neither kept the target they are alike. */
function ratioOf(candidate: KeptRate | null, defaults: KeptRate | null): number {
  if (defaults === null) return candidate === null ? 1 : Infinity;
  return candidate === null ? 0 : candidate.picturesPerSecond / defaults.picturesPerSecond;
}

/** The lower of the two in the middle of an even number. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? 1;
}

/** The round in the middle; one that missed the target counts as the lowest. */
function middleOf(rates: readonly (KeptRate | null)[]): { picturesPerSecond: number | null; latencyMsP95: number | null } {
  const sorted = rates.toSorted((a, b) => (a?.picturesPerSecond ?? 0) - (b?.picturesPerSecond ?? 0));
  const middle = sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
  return middle ?? { picturesPerSecond: null, latencyMsP95: null };
}
