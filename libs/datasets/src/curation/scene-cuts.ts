export interface SceneCutOptions {
  /** Half the sum of absolute differences of two histograms that a cut needs at least, 0..1. Default 0.2. */
  readonly least?: number;
  /** How many times the usual difference around it. Default 4. */
  readonly factor?: number;
  /** No two cuts closer than this. Default 8 pictures. */
  readonly shortest?: number;
}

export interface SceneCut {
  /** The first picture of the new scene. */
  readonly index: number;
  readonly kind: 'cut' | 'fade';
  /** 0..1. */
  readonly difference: number;
}

/** Pictures on each side of which the usual difference is the median. */
const AROUND = 8;
/** A light that comes and goes within so many pictures is a flash. */
const FLASH = 3;

/**
 * Where scenes change in a film, from small histograms of luma or colour (`bins` numbers a picture, each picture's sum is what it is of). A cut is a
 * difference that is large, larger than what is usual around it, and lasts; a fade shows only between the means of some pictures before and after.
 */
export function findSceneCuts(histograms: Float32Array, bins: number, { least = 0.2, factor = 4, shortest = 8 }: SceneCutOptions = {}): SceneCut[] {
  const film = new Film(histograms, bins);
  const steps = Float64Array.from({ length: film.count }, (_, index) => (index === 0 ? 0 : film.difference(index - 1, index)));
  const cuts: SceneCut[] = [];
  for (let index = 1; index < film.count; index += 1) {
    const difference = steps[index] as number;
    if (difference < least || difference < factor * usual(steps, index) || isFlash(film, index, difference)) continue;
    cuts.push({ index, kind: 'cut', difference });
  }
  const fades = fadesOf(film, { least: 1.25 * least, factor: factor / 2, shortest });
  return apart([...cuts, ...fades], shortest);
}

class Film {
  readonly count: number;
  /** Sums of the pictures before each. */
  readonly #sums: Float64Array;

  constructor(
    histograms: Float32Array,
    private readonly bins: number,
  ) {
    if (histograms.length % bins !== 0) throw new RangeError(`expected histograms of ${bins} bins, got an array of ${histograms.length}`);
    this.count = histograms.length / bins;
    this.#sums = new Float64Array(histograms.length + bins);
    for (let index = 0; index < this.count; index += 1) {
      const row = histograms.subarray(index * bins, (index + 1) * bins);
      const total = row.reduce((sum, value) => sum + value, 0) || 1;
      for (const [bin, value] of row.entries()) this.#sums[(index + 1) * bins + bin] = (this.#sums[index * bins + bin] as number) + value / total;
    }
  }

  difference(a: number, b: number): number {
    return this.meanDifference([a, a + 1], [b, b + 1]);
  }

  /** Of the mean histograms of two ranges of pictures. */
  meanDifference([aFrom, aTo]: readonly [number, number], [bFrom, bTo]: readonly [number, number]): number {
    const { bins } = this;
    const mean = (from: number, to: number, bin: number) => ((this.#sums[to * bins + bin] as number) - (this.#sums[from * bins + bin] as number)) / (to - from);
    let sum = 0;
    for (let bin = 0; bin < bins; bin += 1) sum += Math.abs(mean(aFrom, aTo, bin) - mean(bFrom, bTo, bin));
    return sum / 2;
  }
}

/** Median of the differences around a place, without its own. */
function usual(steps: Float64Array, index: number): number {
  const around = [...steps.subarray(Math.max(1, index - AROUND), index), ...steps.subarray(index + 1, index + 1 + AROUND)].sort((a, b) => a - b);
  return around[around.length >> 1] ?? 0;
}

/** Shortly before and shortly after it looks the same. */
function isFlash(film: Film, index: number, difference: number): boolean {
  for (let before = 0; before <= FLASH; before += 1) {
    for (let after = before === 0 ? 1 : 0; after + before <= FLASH; after += 1) {
      const [a, b] = [index - 1 - before, index + after];
      if (a >= 0 && b < film.count && film.difference(a, b) < 0.5 * difference) return true;
    }
  }
  return false;
}

function fadesOf(film: Film, { least, factor, shortest }: Required<SceneCutOptions>): SceneCut[] {
  const steps = Float64Array.from({ length: film.count }, (_, index) => (index < shortest || index + shortest > film.count ? 0 : film.meanDifference([index - shortest, index], [index, index + shortest])));
  const wide = 4 * shortest;
  return [...steps.entries()].flatMap(([index, difference]) => {
    if (difference < least) return [];
    const near = steps.subarray(Math.max(0, index - shortest), index + shortest + 1);
    if (near.some((other) => other > difference)) return [];
    const far = [...steps.subarray(Math.max(0, index - wide), Math.max(0, index - shortest)), ...steps.subarray(index + shortest, index + wide)].sort((a, b) => a - b);
    return difference >= factor * (far[far.length >> 1] ?? 0) ? [{ index, kind: 'fade' as const, difference }] : [];
  });
}

/** Of two that are too close the cut stays, or the larger one. */
function apart(cuts: readonly SceneCut[], shortest: number): SceneCut[] {
  const kept: SceneCut[] = [];
  const strength = ({ kind, difference }: SceneCut) => difference + (kind === 'cut' ? 1 : 0);
  for (const cut of cuts.toSorted((a, b) => strength(b) - strength(a) || a.index - b.index)) {
    const reach = (other: SceneCut) => (cut.kind === 'fade' || other.kind === 'fade' ? 2 * shortest : shortest);
    if (kept.every((other) => Math.abs(other.index - cut.index) >= reach(other))) kept.push(cut);
  }
  return kept.sort((a, b) => a.index - b.index);
}
