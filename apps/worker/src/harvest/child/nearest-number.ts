/** The number of a picture by its time. Times are rounded: the picture that is meant is the nearest one. */
export function nearestNumber(known: ReadonlyMap<number, number>, ptsUs: number): number {
  const exact = known.get(ptsUs);
  if (exact !== undefined) return exact;
  let [best, distance] = [0, Infinity];
  for (const [time, number] of known) if (Math.abs(time - ptsUs) < distance) [best, distance] = [number, Math.abs(time - ptsUs)];
  return best;
}
