/** Bins that nothing fell into are not told; in a chart they are places without a column. */
export function withEmptyBins(bins: readonly { readonly from: number; readonly count: number }[]): { from: number; count: number }[] {
  const [first] = bins;
  const steps = bins.slice(1).map(({ from }, at) => from - (bins[at]?.from ?? 0));
  const step = Math.min(...steps);
  if (!first || !Number.isFinite(step) || step <= 0) return [...bins];
  const filled: { from: number; count: number }[] = [];
  for (const bin of bins) {
    const place = Math.round((bin.from - first.from) / step);
    while (filled.length < place) filled.push({ from: first.from + filled.length * step, count: 0 });
    filled.push({ ...bin });
  }
  return filled;
}

/** All 24, with those in which nothing was taken. */
export const allHours = (hours: readonly { readonly hour: number; readonly samples: number }[]): { hour: number; samples: number }[] =>
  Array.from({ length: 24 }, (_unused, hour) => ({ hour, samples: hours.find((one) => one.hour === hour)?.samples ?? 0 }));
