export interface BatchWait {
  /** Pictures that wait, and pictures that one run takes at most. */
  readonly queued: number;
  readonly batch: number;
  /** Arrivals, as count over span. */
  readonly picturesPerSecond: number;
  /** Longest wait allowed. */
  readonly mostMs: number;
  /** Time that the oldest picture can spare before its result would be too old. */
  readonly slackMs: number;
}

/**
 * How long a run that could begin now should wait for more pictures, milliseconds. Not at all when it is full, when nothing comes in time, or
 * when somebody cannot wait; runs fill up by themselves behind a busy device, so waiting only pays where a fuller run is cheaper.
 */
export function batchWaitMs({ queued, batch, picturesPerSecond, mostMs, slackMs }: BatchWait): number {
  if (queued >= batch || picturesPerSecond <= 0) return 0;
  const nextMs = 1000 / picturesPerSecond;
  const longestMs = Math.min(mostMs, slackMs);
  return longestMs < nextMs ? 0 : Math.min(longestMs, (batch - queued) * nextMs);
}
