/** Packets that are older than this when they are read … */
const BEHIND_MS = 300;
/** … while no read had to wait for data during this time: the camera has sent them, it is this process that is late. */
const BUSY_MS = 1000;
/** A read that took less than this share of the time between two pictures found its data already there. */
const AT_ONCE = 0.3;
const STEP_MS = 1000;
const RECOVERY = 0.1;
/** The fastest way from camera to here is forgotten slowly: clocks drift. */
const DRIFT_MS_PER_S = 1;

/**
 * Sees that this process reads a live camera later than it sends, and lowers the share of pictures that are decoded at once, before
 * packets pile up in the network; raises it again slowly.
 */
export class LagWatch {
  #share = 1;
  #fastestMs = Infinity;
  #waitedAtMs: number | null = null;
  #steppedAtMs = 0;
  #nowMs = 0;

  /** How much may be decoded, 0..1. */
  get share(): number {
    return this.#share;
  }

  /** One packet was read at `nowMs` after waiting `waitedMs` for it; `intervalMs` between two pictures. Times are monotonic. */
  read(ptsUs: number, nowMs: number, waitedMs: number, intervalMs: number): void {
    const wayMs = nowMs - ptsUs / 1000;
    this.#fastestMs = Math.min(wayMs, this.#fastestMs + ((nowMs - this.#nowMs) / 1000) * DRIFT_MS_PER_S);
    this.#nowMs = nowMs;
    if (waitedMs > intervalMs * AT_ONCE) this.#waitedAtMs = nowMs;
    this.#waitedAtMs ??= nowMs;
    if (nowMs - this.#steppedAtMs < STEP_MS) return;
    this.#steppedAtMs = nowMs;
    const isBehind = wayMs - this.#fastestMs > BEHIND_MS && nowMs - this.#waitedAtMs > BUSY_MS;
    this.#share = isBehind ? lower(this.#share) : Math.min(1, this.#share + RECOVERY);
  }

  /** A new connection; what the machine could bear is remembered. */
  restart(): void {
    this.#fastestMs = Infinity;
    this.#waitedAtMs = null;
  }
}

const lower = (share: number): number => (share > 0.15 ? share / 2 : 0);
