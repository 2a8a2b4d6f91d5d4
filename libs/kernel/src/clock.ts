/** Time as a dependency: tests inject a clock of their own. */
export interface Clock {
  /** Wall time, milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** ISO 8601 in UTC, as all wire formats want it. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
