/**
 * Places of at most `quota` of these times (any order), ascending: spread evenly over the time from the first to the last. That time is cut into `quota` slots; each
 * gives one, and what empty ones leave goes to the others in equal parts, again evenly over them. The same times give the same places.
 */
export function spreadQuota(timesMs: readonly number[], quota: number): number[] {
  if (quota >= timesMs.length) return timesMs.map((_, place) => place);
  if (quota <= 0) return [];
  const slots = slotsOf(timesMs, quota);
  const shares = sharesOf(slots.map(({ length }) => length), quota);
  const taken = slots.flatMap((slot, index) => evenly(slot.length, shares[index] as number).map((at) => slot[at] as number));
  return taken.sort((a, b) => a - b);
}

/** Places by slot, empty slots left out, each in the order of its times. */
function slotsOf(timesMs: readonly number[], count: number): number[][] {
  let [first, last] = [Infinity, -Infinity];
  for (const ms of timesMs) [first, last] = [Math.min(first, ms), Math.max(last, ms)];
  const width = (last - first) / count || 1;
  const slots = new Map<number, number[]>();
  timesMs.forEach((ms, place) => {
    const slot = Math.min(count - 1, Math.floor((ms - first) / width));
    const own = slots.get(slot);
    if (own) own.push(place);
    else slots.set(slot, [place]);
  });
  const inOrder = [...slots].sort(([a], [b]) => a - b).map(([, places]) => places);
  for (const places of inOrder) places.sort((a, b) => (timesMs[a] as number) - (timesMs[b] as number) || a - b);
  return inOrder;
}

/** How many each slot gives, the sum being `quota`: nobody gives more than it has, and nobody two more than another that has some left. */
function sharesOf(sizes: readonly number[], quota: number): number[] {
  let [low, high] = [0, quota];
  const sumAt = (level: number): number => sizes.reduce((sum, size) => sum + Math.min(size, level), 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sumAt(middle) <= quota) low = middle;
    else high = middle - 1;
  }
  const shares = sizes.map((size) => Math.min(size, low));
  const more = sizes.flatMap((size, index) => (size > low ? [index] : []));
  for (const at of evenly(more.length, quota - sumAt(low))) shares[more[at] as number] = low + 1;
  return shares;
}

/** `count` of `length` places, each in the middle of its part. */
function evenly(length: number, count: number): number[] {
  return Array.from({ length: Math.min(count, length) }, (_, index) => Math.floor(((index + 0.5) * length) / Math.min(count, length)));
}
