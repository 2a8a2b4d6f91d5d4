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

/**
 * Milliseconds of the machine's own clock since some moment in the past: the same in all processes and threads of this machine and
 * never set back, so that times taken on both ends of a channel can be compared. For measuring only.
 */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** ISO 8601 in UTC, as all wire formats want it. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
