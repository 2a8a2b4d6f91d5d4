import type { TuneConfiguration } from '@argus/contracts';
import type { Bench, Saturation, ServedLoad } from './bench.js';
import type { TuneBudget } from './tune-budget.js';

export interface RateOptions {
  readonly targetMs: number;
  readonly seed: number;
  readonly budget: TuneBudget;
  /** After this the best so far is good enough: others have to be measured as well. */
  readonly shareMs: number;
  /** Pictures per second that these sessions could do before. */
  readonly capacityBefore: number;
  readonly onCapacity: (saturation: Saturation) => void;
  readonly onOffer: (picturesPerSecond: number, served: ServedLoad) => void;
}

/** The highest rate at which the target was kept, and the 95th percentile there. */
export interface KeptRate {
  readonly picturesPerSecond: number;
  readonly latencyMsP95: number;
}

export interface RateSearch {
  /** null: no rate kept the target. */
  readonly kept: KeptRate | null;
  /** Time was not over before the end of it. */
  readonly complete: boolean;
}

/** Spans that a search usually takes: half of one for the capacity, the others for rates. */
export const SPANS_OF_RATE = 5.5;
/** Neighbours closer than this are not told apart. */
const RESOLUTION = 1.025;
const MOST_OFFERS = 6;
/** From three tenths of the capacity down: what is not in time at 7 % of it is not in time at all. */
const LEAST_START = 0.3;
const MOST_FAILED = 4;
const FALL = 0.6;
const DISTURBED = 0.75;
/** A percentile of fewer pictures is mostly chance. */
const LEAST_PICTURES = 24;
const LONGEST_SPANS = 4;
const GIVE_UP_TIMES_TARGET = 2;

/**
 * The highest rate of arrivals whose 95th percentile keeps the target, by bisection. Never above what the sessions can do:
 * a short look at an overloaded queue does not show that it grows.
 */
export async function highestRate(bench: Bench, configuration: TuneConfiguration, options: RateOptions): Promise<RateSearch> {
  const { targetMs, budget } = options;
  if (budget.over) return { kept: null, complete: false };
  const enoughMs = budget.leftMs - options.shareMs;
  const capacity = await capacityOf(bench, configuration, options);
  let kept: KeptRate | null = null;
  let failed = capacity.picturesPerSecond * RESOLUTION;
  let rate = Math.max(LEAST_START * capacity.picturesPerSecond, sustainable(capacity, configuration, targetMs));
  for (let offers = 0; offers < (kept === null ? MOST_FAILED : MOST_OFFERS) && (kept === null || failed / kept.picturesPerSecond > RESOLUTION); offers += 1) {
    if (kept !== null && budget.leftMs < enoughMs) break;
    if (budget.over) return { kept, complete: false };
    const served = await offer(bench, configuration, rate, options);
    if (budget.stopped) return { kept, complete: false };
    if (served.latencyMsP95 <= targetMs) kept = { picturesPerSecond: rate, latencyMsP95: served.latencyMsP95 };
    else failed = rate;
    rate = kept === null ? failed * FALL : Math.sqrt(kept.picturesPerSecond * failed);
  }
  return { kept, complete: true };
}

/** Much less than before is more likely a disturbance than the truth: a second look decides. */
async function capacityOf(bench: Bench, configuration: TuneConfiguration, { budget, capacityBefore, onCapacity }: RateOptions): Promise<Saturation> {
  const look = async (): Promise<Saturation> => {
    const seen = await bench.saturate(configuration, budget.spanMs / 2);
    budget.spent(0.5);
    onCapacity(seen);
    return seen;
  };
  const first = await look();
  if (first.picturesPerSecond > capacityBefore * DISTURBED || budget.over) return first;
  const second = await look();
  return second.picturesPerSecond > first.picturesPerSecond ? second : first;
}

async function offer(bench: Bench, configuration: TuneConfiguration, rate: number, { targetMs, seed, budget, onOffer }: RateOptions): Promise<ServedLoad> {
  const spanMs = Math.min(budget.leftMs, LONGEST_SPANS * budget.spanMs, Math.max(budget.spanMs, (LEAST_PICTURES * 1000) / rate));
  const served = await bench.offer(configuration, { picturesPerSecond: rate, spanMs, seed, giveUpMs: GIVE_UP_TIMES_TARGET * targetMs });
  budget.spent(spanMs / budget.spanMs);
  onOffer(rate, served);
  return served;
}

/**
 * About the rate that sessions can take when a picture may wait for what the target leaves beside its own run: the 95th percentile of the wait
 * for one of c equal servers is near 1.5 S / c * load / (1 - load). Good enough to choose what is measured.
 */
export function sustainable({ picturesPerSecond, runMsP50 }: Saturation, { replicas }: Pick<TuneConfiguration, 'replicas'>, targetMs: number): number {
  const spareMs = Math.max(targetMs * 0.05, targetMs - runMsP50);
  return (picturesPerSecond * spareMs) / (spareMs + (1.5 * runMsP50) / replicas);
}
