/** Sound and picture within this much of each other are in step; the rest is the trembling of a camera's clock. */
const IN_STEP_US = 25_000;
/** Further off than this it is no trembling: something is missing, or comes a second time. */
const APART_US = 200_000;
/** Of so many packets the mean counts. */
const MEAN_OF = 8;

/**
 * Counts samples without a hole from the first one on, and compares them with the times that packets come with: a camera's sound card runs a little
 * faster or slower than its picture, and packets are lost.
 */
export class SoundClock {
  /** Samples so far. */
  count = 0;
  #anchorUs: number | null = null;
  #offUs = 0;

  constructor(private readonly sampleRate: number) {}

  /** Media time of sample 0; null: there is none yet. */
  get anchorUs(): number | null {
    return this.#anchorUs;
  }

  /** Sample 0 is here, if no other time was said before. */
  begin(us: number): void {
    this.#anchorUs ??= us;
  }

  timeOf(sample: number): number {
    return (this.#anchorUs ?? 0) + (sample * 1_000_000) / this.sampleRate;
  }

  /** What is to be put in before the samples that come with this time, in samples; below zero: to be left out, of them or of what follows. */
  correction(ptsUs: number | null): number {
    if (ptsUs === null) return 0;
    this.begin(ptsUs);
    const offUs = ptsUs - this.timeOf(this.count);
    this.#offUs = Math.abs(offUs) > APART_US ? offUs : this.#offUs + (offUs - this.#offUs) / MEAN_OF;
    return Math.abs(this.#offUs) < IN_STEP_US ? 0 : Math.round((this.#offUs * this.sampleRate) / 1_000_000);
  }

  /** So many samples were put in (or left out), because of a correction. */
  corrected(samples: number): void {
    this.#offUs -= (samples * 1_000_000) / this.sampleRate;
  }
}
