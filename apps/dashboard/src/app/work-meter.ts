import { WORK_ACTIVITIES, type WorkActivity } from '@argus/contracts';

/** Who does nothing for so long is away. */
export const IDLE_MS = 60_000;

export interface Work {
  readonly datasetId: string;
  readonly activity: WorkActivity;
}

/** Active time on one sample set: while the page is seen and something was pressed, moved or scrolled within the last minute. Times are of a clock that is never set. */
export class WorkMeter {
  #work: Work | null = null;
  #isSeen = true;
  #inputMs = -Infinity;
  #settledMs = 0;
  readonly #activeMs = new Map<WorkActivity, number>();

  /** What is worked on from now on; null: no set. Take what was measured of another set before. */
  turnTo(work: Work | null, nowMs: number): void {
    this.#settle(nowMs);
    this.#work = work;
  }

  input(nowMs: number): void {
    this.#settle(nowMs);
    this.#inputMs = nowMs;
  }

  see(isSeen: boolean, nowMs: number): void {
    this.#settle(nowMs);
    this.#isSeen = isSeen;
  }

  /** Seconds since the last time by activity, and begins anew. */
  take(nowMs: number): Record<WorkActivity, number> {
    this.#settle(nowMs);
    const taken = Object.fromEntries(WORK_ACTIVITIES.map((activity) => [activity, (this.#activeMs.get(activity) ?? 0) / 1000])) as Record<WorkActivity, number>;
    this.#activeMs.clear();
    return taken;
  }

  #settle(nowMs: number): void {
    const active = Math.min(nowMs, this.#inputMs + IDLE_MS) - this.#settledMs;
    if (this.#work && this.#isSeen && active > 0) this.#activeMs.set(this.#work.activity, (this.#activeMs.get(this.#work.activity) ?? 0) + active);
    this.#settledMs = nowMs;
  }
}
