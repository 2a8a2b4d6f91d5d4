/** [startMs, endMs), milliseconds of UTC unless said otherwise. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Sorted; those that touch or overlap are one; empty ones are gone. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { startMs, endMs } of intervals.filter((one) => one.startMs < one.endMs).toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last && startMs <= last.endMs) merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
    else merged.push({ startMs, endMs });
  }
  return merged;
}

/** What of sorted, merged intervals lies in [startMs, endMs). */
export function clipIntervals(intervals: readonly Interval[], { startMs, endMs }: Interval): Interval[] {
  const clipped: Interval[] = [];
  for (let index = firstEndingAfter(intervals, startMs); index < intervals.length; index += 1) {
    const one = intervals[index] as Interval;
    if (one.startMs >= endMs) break;
    clipped.push({ startMs: Math.max(one.startMs, startMs), endMs: Math.min(one.endMs, endMs) });
  }
  return clipped;
}

/** Whether an instant lies in one of sorted, merged intervals. */
export function isWithin(intervals: readonly Interval[], ms: number): boolean {
  const one = intervals[firstEndingAfter(intervals, ms)];
  return one !== undefined && one.startMs <= ms;
}

function firstEndingAfter(intervals: readonly Interval[], ms: number): number {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle] as Interval).endMs > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
