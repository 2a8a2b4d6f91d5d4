/** The clock was set back: `atMs` is what it said right after, `nowMs` what it says now. */
export interface SetBack {
  readonly atMs: number;
  readonly nowMs: number;
}

/** Larger than any time. */
const LATER = 1e15;

/**
 * Which of two files was recorded first. Times tell, unless the clock was set back: what is ahead of it now was recorded before that, and what is dated later than the moment
 * in which it was set, and not ahead, was recorded after. What is dated earlier is older than both.
 */
export const recordedPlace = (startMs: number, setBack: SetBack | null): number => startMs + (setBack === null ? 0 : startMs > setBack.nowMs ? LATER : startMs >= setBack.atMs ? 2 * LATER : 0);

/** The same as stretches of time, one behind the other; null: without a bound. `to` does not belong to it. */
export function stretchesOf(setBack: SetBack | null): { readonly from: Date | null; readonly to: Date | null }[] {
  if (setBack === null) return [{ from: null, to: null }];
  const [at, ahead] = [new Date(setBack.atMs), new Date(setBack.nowMs + 1)];
  return [{ from: null, to: at }, { from: ahead, to: null }, { from: at, to: ahead }];
}
