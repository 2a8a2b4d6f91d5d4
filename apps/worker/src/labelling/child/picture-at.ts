/** A moment that was read off a film is rounded: a picture this near to it is meant. */
export const SAME_PICTURE_MS = 15;

/** Number of the picture of a segment that was taken nearest to a wall time; null: none so near. */
export function pictureAt(ptsUs: readonly number[], startMs: number, atMs: number): number | null {
  const wanted = (atMs - startMs) * 1000;
  let best: number | null = null;
  for (const [number, time] of ptsUs.entries()) if (best === null || Math.abs(time - wanted) < Math.abs((ptsUs[best] as number) - wanted)) best = number;
  return best !== null && Math.abs((ptsUs[best] as number) - wanted) <= SAME_PICTURE_MS * 1000 ? best : null;
}
