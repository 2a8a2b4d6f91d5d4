import type { ExportProgress } from '@argus/contracts';

/** The rate is that of the last seconds: what was fast at the beginning says little. */
const WINDOW_MS = 10_000;

interface Sample {
  readonly atMs: number;
  readonly share: number;
  readonly bytes: number;
}

/** Turns shares and bytes into rate and time left. */
export class ProgressMeter {
  readonly #samples: Sample[] = [];

  /** `atMs`: of a clock that only goes forward. */
  measure(atMs: number, share: number, bytes: number): ExportProgress {
    const now: Sample = { atMs, share: Math.min(1, Math.max(0, share)), bytes };
    this.#samples.push(now);
    while (this.#samples.length > 2 && atMs - (this.#samples[1] as Sample).atMs > WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] as Sample;
    const seconds = (atMs - first.atMs) / 1000;
    const [moved, written] = [now.share - first.share, Math.max(0, bytes - first.bytes)];
    const known = seconds > 0.4 && moved > 0;
    return { share: now.share, bytes, bytesPerSecond: known ? Math.round(written / seconds) : null, secondsLeft: known ? Math.round(((1 - now.share) * seconds) / moved) : null };
  }
}
