/** When each picture in the buffer was taken, wall milliseconds, rising. */
export class FrameTimes {
  #times: number[] = [];

  /** Pictures of one fragment; those that were there in its place are replaced. */
  add(times: readonly number[]): void {
    const [first] = times;
    const last = times.at(-1);
    if (first === undefined || last === undefined) return;
    const from = lowerBound(this.#times, first - SAME_MS);
    const to = lowerBound(this.#times, last + SAME_MS);
    this.#times.splice(from, to - from, ...times);
  }

  remove(fromMs: number, toMs: number): void {
    const from = lowerBound(this.#times, fromMs);
    this.#times.splice(from, lowerBound(this.#times, toMs) - from);
  }

  /** The middle of the picture `steps` after (below zero: before) the one that is shown at `ms`; null: it is not in the buffer. */
  step(ms: number, steps: number): number | null {
    const shown = lowerBound(this.#times, ms + SAME_MS) - 1;
    return this.#middle(shown + steps);
  }

  #middle(index: number): number | null {
    const time = this.#times[index];
    if (time === undefined) return null;
    const [before, after] = [this.#times[index - 1], this.#times[index + 1]];
    const duration = after !== undefined ? after - time : before !== undefined ? time - before : DEFAULT_MS;
    return time + Math.min(duration, LONGEST_MS) / 2;
  }
}

/** A film says to the millisecond when it begins: the same picture of two films may be this far apart. */
const SAME_MS = 2;
const DEFAULT_MS = 40;
/** Where a gap follows, the last picture before it lasts no longer than this. */
const LONGEST_MS = 500;

/** Index of the first that is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
