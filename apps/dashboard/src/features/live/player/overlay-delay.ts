/** As long as analysis keeps up, its boxes are there within this time of their picture. */
export const SHORTEST_MS = 450;
/** A wall that lags more is no live wall; rather no box. */
export const LONGEST_MS = 3000;
const SAMPLES = 12;
const RISE_MS = 250;
/** While a tile starts, its delay goes where it must be at once: there is no fluent picture yet that could stutter. */
const FIRST_SAMPLES = 4;
const FALL_MS = 10;
const LARGEST_GAP_MS = 1500;

/**
 * How long pictures wait for their boxes. On a busy machine analysis comes later and less often; pictures then wait a little
 * longer, so that boxes are still drawn on their own picture. Grows in small steps (the picture slows for a moment), shrinks
 * in smaller ones.
 */
export class OverlayDelay {
  readonly #lags: number[] = [];
  readonly #gaps: number[] = [];
  #lastPtsUs: number | null = null;
  #delayMs = SHORTEST_MS;

  get delayMs(): number {
    return this.#delayMs;
  }

  /** `lagMs`: from the arrival of a picture to that of its boxes. */
  add(ptsUs: number, lagMs: number): void {
    keep(this.#lags, lagMs);
    const gapMs = this.#lastPtsUs === null ? 0 : (ptsUs - this.#lastPtsUs) / 1000;
    if (gapMs > 0) keep(this.#gaps, Math.min(gapMs, LARGEST_GAP_MS));
    this.#lastPtsUs = ptsUs;
    const wanted = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, share(this.#lags, 0.9) + share(this.#gaps, 0.8)));
    const rise = this.#lags.length <= FIRST_SAMPLES ? LONGEST_MS : RISE_MS;
    this.#delayMs += Math.min(rise, Math.max(-FALL_MS, wanted - this.#delayMs));
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > SAMPLES) values.shift();
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
