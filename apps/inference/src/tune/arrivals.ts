/**
 * When pictures come, milliseconds from the start: independent of one another, as those of many cameras are that are not in step. The same
 * seed gives the same pattern at every rate, so that configurations are compared with the same crowds and the same gaps.
 */
export function* arrivals(picturesPerSecond: number, spanMs: number, seed: number): Generator<number> {
  const next = uniform(seed);
  const gapMs = 1000 / picturesPerSecond;
  for (let atMs = -Math.log(next()) * gapMs; atMs < spanMs; atMs -= Math.log(next()) * gapMs) yield atMs;
}

/** mulberry32, in (0, 1]. */
function uniform(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 2 ** 32;
  };
}
